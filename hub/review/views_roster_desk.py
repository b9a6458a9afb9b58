"""What the hub's editors do with applications and members of the roster."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import parking
from hub.experts.views_desk import for_editors
from hub.review import desk as reading
from hub.review import membership, permissions
from hub.review.forms_roster import DecisionForm, FilterForm, RemovalForm
from hub.review.models import Member

# The oldest that wait; the others follow when these are done.
SHOWN = 50
PER_PAGE = 20
State = Member.State


@for_editors
def desk(request):
    """Applications that wait, and everybody on the roster."""
    decision = parking.given_back(request, "decide_application", DecisionForm())
    return render_desk(request, decision=decision, removal=parking.given_back(request, "remove_member", RemovalForm()))


def render_desk(request, *, decision=None, removal=None, left_over=None, status=200):
    """The desk; a form that could not be accepted is shown again in its place, with the number of its person.

    The words of one that has no place any more are shown to be copied.
    """
    everybody = Member.objects.select_related("user", "region", "decided_by").prefetch_related("objectives")
    waiting = list(everybody.filter(state=State.APPLIED, user__isnull=False).order_by("applied_at", "pk")[:SHOWN])
    form = FilterForm(request.GET)
    members = narrowed(everybody.filter(user__isnull=False), form.chosen)
    if removal:
        # Found again whatever the list shows.
        members = members.filter(pk=removal[0])
    page = Paginator(members.order_by("user__name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    loads = reading.loads(list(page), request.user)
    for each in waiting:
        begun = {"seen": each.changed_at.isoformat()}
        each.form = decision[1] if decision and decision[0] == each.pk else DecisionForm(initial=begun)
        each.form.auto_id = f"application-{each.pk}-%s"
        each.is_own = each.user_id == request.user.pk
    for each in page:
        begun = {"seen": each.changed_at.isoformat()}
        each.form = removal[1] if removal and removal[0] == each.pk else RemovalForm(initial=begun)
        each.form.auto_id = f"member-{each.pk}-%s"
        each.load = loads[each.pk]
        each.is_own = each.user_id == request.user.pk
    query = urlencode(form.chosen)
    context = {
        "waiting": waiting,
        # One's own waits for a colleague.
        "to_decide": [each for each in waiting if not each.is_own],
        "page": page,
        "form": form,
        "chosen": form.chosen,
        "query": f"{query}&" if query else "",
        "has_error": status == 422,
        "opened": removal[0] if removal else None,
        "left_over": [left_over, parking.left_over(decision, waiting), parking.left_over(removal, page)],
    }
    return render(request, "review/roster/desk.html", context, status=status)


def narrowed(members, chosen: dict[str, str]):
    """Those of the state that was chosen, or everybody on the roster; narrowed by the rest."""
    match chosen.get("state"):
        case "available":
            members = members.available()
        case "paused":
            members = members.admitted().filter(is_paused=True)
        case "declined":
            members = members.filter(state=State.DECLINED)
        case "left":
            members = members.filter(state=State.LEFT)
        case _any:
            members = members.admitted()
    if seat := chosen.get("seat"):
        members = members.filter(is_internal=seat == "internal")
    if number := chosen.get("objective"):
        members = members.filter(objectives__number=number)
    if slug := chosen.get("region"):
        members = members.filter(region__slug=slug)
    if code := chosen.get("language"):
        members = members.filter(languages__contains=[code])
    return members


def member_for(request, pk) -> Member:
    """The member about whom the editor may decide; nobody decides about themselves."""
    member = get_object_or_404(Member.objects.filter(user__isnull=False), pk=pk)
    if not permissions.may_decide_about(request.user, member):
        raise PermissionDenied
    return member


@parking.keeps_text("roster_desk")
@require_POST
@for_editors
def decide(request, pk):
    member_for(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render_desk(request, decision=(pk, form), status=422)
    typed = form.cleaned_data
    try:
        if typed["decision"] == "decline":
            member = membership.decline(pk, request.user, reason=typed["reason"], seen=typed["seen"])
            said = _("%(name)s is told your reason.")
        else:
            member = membership.admit(
                pk,
                request.user,
                is_internal=typed["decision"] == "internal",
                words=typed["reason"],
                seen=typed["seen"],
            )
            said = _("%(name)s is on the roster, and is told by e-mail.")
    except membership.ChangedMeanwhile as problem:
        return overtaken(request, pk, DecisionForm, form, problem)
    messages.success(request, said % {"name": member.user.name})
    return redirect("roster_desk")


@parking.keeps_text("roster_desk")
@require_POST
@for_editors
def remove(request, pk):
    member_for(request, pk)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return render_desk(request, removal=(pk, form), status=422)
    try:
        member = membership.remove(pk, request.user, reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
    except membership.ChangedMeanwhile as problem:
        return overtaken(request, pk, RemovalForm, form, problem)
    messages.success(request, _("%(name)s is off the roster, and is told your reason.") % {"name": member.user.name})
    return redirect("roster_desk")


def overtaken(request, pk, form_class, form, problem):
    """How it stands now, with the words still in the form where there is still something to decide."""
    now = get_object_or_404(Member, pk=pk)
    again = form_class(initial=form.cleaned_data | {"seen": now.changed_at.isoformat()})
    messages.error(request, str(problem))
    if form_class is DecisionForm and now.is_waiting:
        return render_desk(request, decision=(pk, again), status=409)
    if form_class is RemovalForm and now.is_admitted:
        return render_desk(request, removal=(pk, again), status=409)
    messages.info(request, in_words(now))
    return render_desk(request, left_over=again, status=409)


def in_words(member: Member) -> str:
    """Who did what, for an editor who was second."""
    values = {
        "name": str(member),
        "state": member.get_state_display(),
        "editor": member.decided_by.name if member.decided_by else "",
    }
    if member.decided_by_id and member.decided_by_id != member.user_id:
        return _("%(name)s: %(state)s, decided by %(editor)s.") % values
    return _("%(name)s: %(state)s.") % values
