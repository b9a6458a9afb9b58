"""What the hub's editors do with entries and requests for support."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import parking
from hub.experts import listing, permissions
from hub.experts.forms import AnswerForm, DecisionForm
from hub.experts.models import Expert, SupportRequest
from hub.resources.permissions import edits

# The oldest that wait; the others follow when these are done.
SHOWN = 50
DONE = 20


def for_editors(view):
    @wraps(view)
    @login_required
    def checked(request, *args, **kwargs):
        if not edits(request.user):
            raise PermissionDenied(_("This page is for the editors of the hub."))
        return view(request, *args, **kwargs)

    return checked


@for_editors
def desk(request):
    """Entries that wait, requests for support that are open, and those that were last done."""
    decision = parking.given_back(request, "decide_expert", DecisionForm())
    return render_desk(request, decision=decision, answer=parking.given_back(request, "answer_request", AnswerForm()))


def render_desk(request, *, decision=None, answer=None, left_over=None, status=200):
    """The desk; a form that could not be accepted is shown again in its place.

    The words of one that has no place any more are shown to be copied.
    """
    waiting = list(Expert.objects.with_all().filter(state=Expert.State.WAITING).order_by("state_since", "pk")[:SHOWN])
    requests = SupportRequest.objects.select_related("requester", "handled_by").prefetch_related(
        "objectives", "messages__author"
    )
    open_requests = list(
        requests.filter(state__in=[SupportRequest.State.NEW, SupportRequest.State.IN_PROGRESS]).order_by(
            "created_at", "pk"
        )[:SHOWN]
    )
    done = list(requests.filter(state__in=SupportRequest.DONE).order_by("-state_since", "-pk")[:DONE])
    for each in waiting:
        each.form = decision[1] if decision and decision[0] == each.pk else DecisionForm(prefix=None)
        each.form.auto_id = f"entry-{each.pk}-%s"
        each.seen = listing.digest(each)
        each.is_own = each.user_id == request.user.pk
    for each in open_requests + done:
        begun = {"state": each.state, "seen": each.stamp}
        each.form = answer[1] if answer and answer[0] == each.pk else AnswerForm(initial=begun)
        each.form.auto_id = f"request-{each.pk}-%s"
    context = {
        "waiting": waiting,
        # One's own waits for a colleague.
        "to_decide": [each for each in waiting if not each.is_own],
        "requests": open_requests,
        "done": done,
        "has_error": status == 422,
        "left_over": [
            left_over,
            parking.left_over(decision, waiting),
            parking.left_over(answer, [each for each in open_requests + done if not each.is_withdrawn]),
        ],
    }
    return render(request, "experts/desk.html", context, status=status)


@parking.keeps_text("experts_desk")
@require_POST
@for_editors
def decide(request, pk):
    expert = Expert.objects.filter(pk=pk).first()
    # Whoever has left meanwhile is told of in `listing.decide`.
    if expert and not permissions.may_decide_about(request.user, expert):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render_desk(request, decision=(pk, form), status=422)
    try:
        expert = listing.decide(
            pk,
            request.user,
            lists=form.cleaned_data["decision"] == "list",
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )
    except listing.DecidedBefore as problem:
        messages.error(request, str(problem))
        return render_desk(request, left_over=form, status=409)
    said = _("%(name)s is in the directory.") if expert.is_listed else _("%(name)s is told your reason.")
    messages.success(request, said % {"name": expert.name})
    return redirect("experts_desk")


@parking.keeps_text("experts_desk")
@require_POST
@for_editors
def answer(request, pk):
    get_object_or_404(SupportRequest, pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return render_desk(request, answer=(pk, form), status=422)
    try:
        listing.answer(
            pk,
            request.user,
            state=form.cleaned_data["state"],
            words=form.cleaned_data["words"],
            seen=form.cleaned_data["seen"],
        )
    except listing.DecidedBefore as problem:
        # The words are still in the form, beside how things stand now.
        form = AnswerForm(initial=form.cleaned_data)
        request_now = SupportRequest.objects.get(pk=pk)
        form.initial["seen"] = request_now.stamp
        messages.error(request, str(problem))
        return render_desk(request, answer=(pk, form), status=409)
    except listing.NothingNew as problem:
        form.add_error("words", str(problem))
        return render_desk(request, answer=(pk, form), status=422)
    messages.success(request, _("The sender is told."))
    return redirect("experts_desk")
