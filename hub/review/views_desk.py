"""The editors' desk: what was submitted, who reviews it, and what is decided."""

from collections import Counter
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import parking
from hub.experts.models import Expert, SupportRequest
from hub.experts.views_desk import for_editors
from hub.resources import duplicates, versions
from hub.resources.completeness import what_is_missing
from hub.resources.models import Resource
from hub.resources.states import ResourceError, StateHasChanged
from hub.resources.views import about
from hub.review import choosing, deciding, permissions, rounds
from hub.review import desk as reading
from hub.review.choosing import Candidate
from hub.review.forms import AskForm, BeginForm, DecisionForm
from hub.review.models import Invitation, Member, Round

PER_PAGE = 25
LATE = 30
# Those who fit best; the roster's page has all.
CANDIDATES = 30
# Those who stand there without a click; the rest are behind one.
FIRST = 6
State = Resource.State
# Somebody else was faster.
MOVED = StateHasChanged | deciding.ReviewCameIn | deciding.TextHasChanged | rounds.RoundIsOver | rounds.NotWaiting


@for_editors
def desk(request):
    """Submissions by state, with what is late and how long things take; and the editors' other desks."""
    chosen = request.GET.get("state", "")
    states = [chosen] if chosen in reading.SHOWN else reading.UNDECIDED
    newest_first = chosen in reading.SHOWN and chosen not in reading.UNDECIDED
    order = "-state_since" if newest_first else "state_since"
    page = Paginator(reading.submissions(states).order_by(order, "pk"), PER_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    versions.show_as_sent(found)
    late = list(reading.late_invitations()[:LATE])
    handled = reading.handled_by(request.user, found + [each.round.resource for each in late])
    queues = reading.queues()
    context = {
        "chosen": chosen if chosen in reading.SHOWN else "",
        "page": page,
        "submissions": [(each, reading.Progress.of(each), each.pk in handled) for each in found],
        "queues": queues,
        "waiting_count": sum(queue.count for queue in queues if queue.is_waiting),
        "late": [each for each in late if each.round.resource_id in handled],
        # One's own entry and application wait for a colleague.
        "entries": Expert.objects.filter(state=Expert.State.WAITING).exclude(user=request.user).count(),
        "requests": SupportRequest.objects.filter(
            state__in=[SupportRequest.State.NEW, SupportRequest.State.IN_PROGRESS]
        ).count(),
        "applications": Member.objects.filter(state=Member.State.APPLIED, user__isnull=False)
        .exclude(user=request.user)
        .count(),
    }
    return render(request, "review/desk.html", context)


def found_submission(request, pk) -> Resource:
    """The submission, for an editor who may handle it."""
    found = get_object_or_404(
        Resource.objects.select_related("submitted_by", "practice", "call").filter(state__in=reading.SHOWN), pk=pk
    )
    if found.state == State.WITHDRAWN and not found.submitted_at:
        raise Http404
    if not permissions.may_handle(request.user, found):
        raise PermissionDenied(str(deciding.NotYours.message))
    return found


@for_editors
def submission(request, pk):
    return render_submission(request, found_submission(request, pk))


def render_submission(request, resource, *, problem=None, decision=None, begin_form=None, status=200):
    """Everything about one submission; a form that could not be accepted is shown again in its place.

    Of what was withdrawn the title, the steps and the reviews: nobody reads on in it.
    """
    past = list(
        Round.objects.filter(resource=resource)
        .order_by("-number")
        .select_related("editor")
        .prefetch_related("invitations__member__user", "invitations__review__scores__criterion")
    )
    latest = past[0] if past else None
    open_round = latest if latest and latest.is_open else None
    is_ready = bool(latest) and rounds.is_complete(latest)
    can_begin = resource.state == State.SUBMITTED
    candidates = choosing.candidates(resource, open_round) if can_begin or open_round else []
    if not begin_form and (parked := parking.shown(request, "begin_review", resource.pk)):
        begin_form = BeginForm(parked.typed)
    ticked = begin_form.chosen if begin_form else proposed(candidates)
    empty_seats = rounds.empty_seats(open_round) if open_round else Counter()
    needed = rounds.lacking_seats(open_round) if open_round else rounds.required() if can_begin else Counter()
    lacking = choosing.lacking(candidates, needed)
    if can_begin:
        # Nobody who is ticked may be overlooked.
        candidates.sort(key=lambda candidate: candidate.member.pk not in ticked)
    candidates = known_loads(candidates[:CANDIDATES], request.user)
    first = [each for each in candidates if each.reads_text or each.member.pk in ticked][:FIRST]
    verdicts = deciding.verdicts_of(resource)
    form = decision
    if not form:
        form = DecisionForm(initial={"seen": deciding.sight(resource)}, resource=resource)
        form = parking.begun(request, form, "decide_submission", resource.pk)
    is_withdrawn = resource.state == State.WITHDRAWN
    sent = [] if is_withdrawn else versions.of(resource)
    as_sent = versions.shown_to_editors(resource)
    if is_withdrawn:
        read = {"resource": resource}
    else:
        read = versions.about(resource, as_sent) if as_sent else about(resource)
    undecided = resource.state in reading.UNDECIDED and not as_sent
    context = read | {
        "is_withdrawn": is_withdrawn,
        "is_being_changed": resource.state == State.CHANGES_REQUESTED,
        "as_sent": as_sent,
        "changes": versions.changes(*sent[-2:]) if len(sent) > 1 else [],
        "known": [] if is_withdrawn else known_as(resource, request.user),
        "missing": what_is_missing(resource) if undecided else [],
        "steps": reading.steps(resource),
        "rounds": past,
        "open_round": open_round,
        "is_complete": bool(open_round) and is_ready,
        "can_begin": can_begin,
        "candidates": candidates,
        "first": first,
        "others": [each for each in candidates if each not in first],
        "lacking": lacking,
        "bound": choosing.bound(resource) if can_begin or open_round else [],
        "chosen": ticked,
        "fewer": bool(begin_form and begin_form.data.get("fewer")),
        "empty_seats": list(empty_seats.items()),
        "internal": settings.INTERNAL_REVIEWERS,
        "external": settings.EXTERNAL_REVIEWERS,
        "form": form if verdicts else None,
        "left_over": [] if verdicts or problem else [form],
        "problem": problem,
        "typed": decision.initial.get("words", "") if problem and decision else "",
        "has_error": status == 422,
    }
    return render(request, "review/submission.html", context, status=status)


def known_as(resource: Resource, editor) -> list[Resource]:
    """What was submitted or listed before with the same address, or a title alike."""
    known = duplicates.known(resource, editor, states=reading.SHOWN)
    return [each.resource for each in known if each.resource.state in reading.SHOWN]


def known_loads(candidates: list[Candidate], editor) -> list[Candidate]:
    """The same people in the same order, with the figures that this editor may know."""
    loads = reading.loads([each.member for each in candidates], editor)
    return [
        replace(each, open_reviews=load.open_reviews, last_asked=load.last_asked)
        for each in candidates
        for load in [loads[each.member.pk]]
    ]


def proposed(candidates) -> set[int]:
    """The keys of those who are ticked at first: the best for each seat, who read the text."""
    needed = rounds.required()
    keys = set()
    for candidate in candidates:
        if candidate.reads_text and needed[candidate.seat]:
            needed[candidate.seat] -= 1
            keys.add(candidate.member.pk)
    return keys


@parking.keeps_text("editorial_submission", "pk", holds=parking.TICKS)
@require_POST
@for_editors
def begin(request, pk):
    resource = found_submission(request, pk)
    form = BeginForm(request.POST)
    try:
        if not form.is_valid():
            raise rounds.Malformed(form.errors["members"][0])
        rounds.begin(resource, list(form.cleaned_data["members"]), request.user, fewer=form.cleaned_data["fewer"])
    except ResourceError as problem:
        return refused(request, pk, problem, begin_form=form)
    messages.success(request, _("The review has begun. The reviewers are asked by e-mail."))
    return redirect("editorial_submission", pk)


@parking.keeps_text("editorial_submission", "pk", holds=parking.NOTHING)
@require_POST
@for_editors
def ask(request, pk):
    """One more reviewer for the open round."""
    resource = found_submission(request, pk)
    form = AskForm(request.POST)
    open_round = Round.objects.filter(resource=resource, closed_at=None).first()
    try:
        if not open_round:
            raise rounds.RoundIsOver
        if not form.is_valid():
            raise rounds.Malformed(form.errors["member"][0])
        asked = rounds.ask(open_round, form.cleaned_data["member"], request.user)
    except ResourceError as problem:
        return refused(request, pk, problem)
    messages.success(request, _("%(name)s is asked by e-mail.") % {"name": str(asked.member)})
    return redirect("editorial_submission", pk)


@parking.keeps_text(holds=parking.NOTHING)
@for_editors
def take_back(request, pk):
    """No longer wait for somebody. Whoever comes after logging in is led to the submission."""
    invitation = get_object_or_404(Invitation.objects.select_related("round", "member__user"), pk=pk)
    resource = found_submission(request, invitation.round.resource_id)
    if request.method != "POST":
        return redirect("editorial_submission", resource.pk)
    try:
        rounds.take_back(invitation)
    except ResourceError as problem:
        return refused(request, resource.pk, problem)
    messages.success(request, _("%(name)s is told that we no longer wait for them.") % {"name": str(invitation.member)})
    return redirect("editorial_submission", resource.pk)


@parking.keeps_text("editorial_submission", "pk")
@require_POST
@for_editors
def decide(request, pk):
    resource = found_submission(request, pk)
    form = DecisionForm(request.POST, resource=resource)
    if not form.is_valid():
        form.offer_only(resource)
        return render_submission(request, resource, decision=form, status=422)
    typed = form.cleaned_data
    try:
        change = deciding.decide(
            resource,
            request.user,
            typed["verdict"],
            words=typed["words"],
            seen=typed["seen"],
            early=typed.get("early", False),
        )
    except ResourceError as problem:
        return refused(request, pk, problem, decision=form)
    messages.success(request, _("Decided: %(state)s. The submitter is told.") % {"state": change.get_after_display()})
    return redirect("editorial_submission", pk)


def refused(request, pk, problem: ResourceError, *, decision: DecisionForm | None = None, begin_form=None):
    """The page as things stand now, with the reason and what was typed."""
    has_moved = isinstance(problem, MOVED)
    resource = found_submission(request, pk)
    if decision:
        # Ready to be sent again, about what the editor now sees.
        decision = DecisionForm(initial=decision.cleaned_data | {"seen": deciding.sight(resource)}, resource=resource)
    return render_submission(
        request,
        resource,
        problem=problem,
        decision=decision,
        begin_form=begin_form,
        status=409 if has_moved else 422,
    )
