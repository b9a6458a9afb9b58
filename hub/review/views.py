"""What reviewers see: the invitation, the declaration, the form; and what a submitter sees of the reviews."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import limits, parking
from hub.resources.models import Resource
from hub.resources.views import about
from hub.review import anonymous, earlier, permissions, reviewing, rounds, tokens
from hub.review.forms import ConflictForm, ReasonForm, ReviewForm, initial_of
from hub.review.models import Criterion, Invitation, Review
from hub.review.rounds import ReviewError

State = Invitation.State


@never_cache
def invitation(request, token):
    """The page behind the link in the mail. Looking at it changes nothing: programs that check mails do it too."""
    found = tokens.read(token)
    if not found or not found.member.user or not found.member.user.is_active:
        return render(request, "review/invitation.html", {"is_broken": True}, status=404)
    if request.method == "POST":
        return answer(request, found)
    if not found.is_open and (now := rounds.latest(found)) != found:
        # Whoever had declined was asked once more, or has asked for it.
        return redirect(tokens.address(now))
    return render_invitation(request, found)


def answer(request, found: Invitation):
    form = ReasonForm(request.POST)
    choice = request.POST.get("answer")
    if not form.is_valid() or choice not in ("accept", "decline", "reconsider"):
        return render_invitation(request, found, form=form, status=422)
    try:
        if choice == "accept":
            rounds.accept(found)
            if request.user == found.member.user:
                return redirect("review", found.pk)
        elif choice == "decline":
            rounds.decline(found, form.cleaned_data["reason"])
        else:
            return redirect(tokens.address(rounds.reconsider(found)))
    except ReviewError:
        # How it stands now is what the page says.
        pass
    return redirect(request.path)


def render_invitation(request, found: Invitation, *, form=None, status=200):
    resource = found.round.resource
    context = {
        "invitation": found,
        "resource": resource,
        "form": form or ReasonForm(),
        "standing": standing(found),
        "can_reconsider": rounds.can_reconsider(found),
        "days": settings.REVIEW_DAYS,
        "criteria": list(Criterion.objects.in_use()) if found.is_open else [],
        "has_error": status == 422,
    }
    return render(request, "review/invitation.html", context, status=status)


def standing(found: Invitation) -> str:
    """In one word how it stands with an invitation, for templates."""
    if found.is_open and not found.round.is_open:
        return "over"
    if found.state == State.INVITED and not found.member.is_admitted:
        return "withdrawn"
    if found.state == State.WITHDRAWN:
        return "over" if not found.round.is_open else "withdrawn"
    if found.state == State.DECLINED and not found.answered_at:
        return "unanswered"
    return found.state


def mine(request, pk) -> Invitation:
    """The invitation, for the person who was invited; for all others there is none."""
    return get_object_or_404(
        Invitation.objects.select_related("round__resource__submitted_by", "round__resource__practice", "member__user"),
        pk=pk,
        member__user=request.user,
    )


@parking.keeps_text()
def review(request, pk):
    """The declaration, then the form with the resource beside it, then what was sent."""
    found = mine(request, pk)
    if found.state == State.INVITED and found.round.is_open:
        return redirect(tokens.address(found))
    return write(request, found) if request.method == "POST" else render_now(request, found)


def render_now(
    request, found: Invitation, *, form=None, conflict_form=None, reason_form=None, problem=None, status=200
):
    """The page as things stand now, with what was typed: the resource only for those who may still read it."""
    found = mine(request, found.pk)
    if found.state == State.INVITED and found.round.is_open:
        return redirect(tokens.address(found))
    if permissions.can_write(found):
        return render_form(request, found, form=form, reason_form=reason_form, problem=problem, status=status)
    if permissions.has_to_declare(found):
        return render_declaration(request, found, form=conflict_form, reason_form=reason_form, status=status)
    if status == 200:
        return render_end(request, found)
    return render_end(request, found, problem=rounds.NotWaiting(), typed=form, status=409)


def render_declaration(request, found: Invitation, *, form=None, reason_form=None, status=200):
    """What a reviewer has to know to find a conflict, and nothing of the content yet."""
    context = {
        "invitation": found,
        "resource": found.round.resource,
        "form": form or conflict_of(request, found),
        "reason_form": reason_form or reason_of(request, found),
        "has_error": status == 422,
    }
    return render(request, "review/declaration.html", context, status=status)


def conflict_of(request, found: Invitation) -> ConflictForm:
    return parking.begun(request, ConflictForm(), "declare_conflict", found.pk)


def reason_of(request, found: Invitation) -> ReasonForm:
    return parking.begun(request, ReasonForm(), "give_back_review", found.pk)


@parking.keeps_text("review", "pk")
@require_POST
def declare(request, pk):
    found = mine(request, pk)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return render_now(request, found, conflict_form=form, status=422)
    is_free = form.cleaned_data["is_free"] == "yes"
    try:
        rounds.declare(found, is_free=is_free, words=form.cleaned_data["words"])
    except ReviewError as problem:
        messages.error(request, str(problem))
    else:
        if not is_free:
            messages.success(request, _("Thank you for saying so. We ask somebody else."))
    return redirect("review", pk)


@parking.keeps_text("review", "pk")
@require_POST
def give_back(request, pk):
    """The reviewer cannot do it after all."""
    found = mine(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render_now(request, found, reason_form=form, status=422)
    try:
        rounds.decline(found, form.cleaned_data["reason"])
    except ReviewError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Thank you for telling us. We ask somebody else."))
    return redirect("review", pk)


def write(request, found: Invitation):
    """Save, or send."""
    sends = "send" in request.POST
    criteria = list(Criterion.objects.in_use())
    form = ReviewForm(request.POST, criteria=criteria, sends=sends)
    is_whole = form.is_valid()
    try:
        if is_whole and sends:
            reviewing.send(found, form.typed(), base=request.POST.get("version"))
            messages.success(request, _("Your review is sent. Thank you."))
            return redirect("review", found.pk)
        if form.can_be_kept:
            reviewing.save(found, form.typed(), base=request.POST.get("version"))
            parking.forget(request, "review", found.pk)
        else:
            reviewing.require_writable(found)
    except reviewing.Stale as problem:
        return render_now(request, found, form=form, problem=problem, status=409)
    except ReviewError as problem:
        return render_end(request, mine(request, found.pk), problem=problem, typed=form, status=409)
    if not is_whole:
        return render_now(request, found, form=form, status=422)
    if permissions.can_write(mine(request, found.pk)):
        messages.success(request, _("Saved. You can go on whenever you like."))
    else:
        messages.info(request, _("What you wrote is kept for you alone. Your review is no longer asked for."))
    return redirect("review", found.pk)


@require_POST
def save(request, pk):
    """Keep a review while it is being written; asked by the script of the page, answered in JSON.

    200 with `saved_at` in words and the `version` upon which to build; 409 when this window is stale or nobody waits
    any more; 422 when it cannot be kept; 401 after the session ended; 429 with Retry-After when asked too often.
    """
    if not request.user.is_authenticated:
        said = _("Your session has ended. Press a button of the form: your text is kept while you log in.")
        return JsonResponse({"error": said}, status=401)
    found = mine(request, pk)
    form = ReviewForm(request.POST, criteria=list(Criterion.objects.in_use()))
    form.is_valid()
    try:
        limits.take(request, "draft")
        if not form.can_be_kept:
            return JsonResponse({"error": " ".join(form.errors_of_words)}, status=422)
        kept = reviewing.save(found, form.typed(), base=request.POST.get("version"))
        parking.forget(request, "review", pk)
    except limits.TooOften as problem:
        return limits.say_when(JsonResponse({"error": str(problem)}), problem)
    except ReviewError as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    is_awaited = permissions.can_write(mine(request, pk))
    said = _("saved at %(time)s") if is_awaited else _("kept at %(time)s; your review is no longer asked for")
    said %= {"time": date_format(timezone.localtime(kept.saved_at), "TIME_FORMAT")}
    return JsonResponse({"saved_at": said, "version": reviewing.version_of(kept)})


def render_form(request, found: Invitation, *, form=None, reason_form=None, problem=None, status=200):
    """The form with the resource beside it. After an error it holds what was sent, upon what is kept now."""
    kept = Review.objects.filter(invitation=found).prefetch_related("scores").first()
    criteria = form.criteria if form else list(Criterion.objects.in_use())
    newer = form.differing_from(kept) if isinstance(problem, reviewing.Stale) and kept else []
    if form:
        form.data = form.data.copy()
        form.data["version"] = reviewing.version_of(kept)
    else:
        form = ReviewForm(criteria=criteria, initial=initial_of(kept, get_language()))
        form = parking.begun(request, form, "review", found.pk)
    context = about(found.round.resource) | {
        "invitation": found,
        "kept": kept,
        "newer": newer,
        "form": form,
        "earlier": earlier.before(found.round, request.user, is_sent=False),
        "reason_form": reason_form or reason_of(request, found),
        "is_late": found.is_late,
        "problem": problem,
        "has_error": status != 200,
    }
    return render(request, "review/review.html", context, status=status)


def render_end(request, found: Invitation, *, problem=None, typed=None, status=200):
    """How it stands when there is nothing to write any more, with one's own words and, once sent, those of others.

    Who is no longer on the roster reads on in their own words alone.
    """
    is_sent = found.state == State.SENT
    reviews = anonymous.reviews(found.round, request.user) if is_sent else []
    reads_others = permissions.can_read_others(found)
    if not typed and (kept := parking.shown(request, "review", found.pk)):
        typed = parking.fill(ReviewForm(criteria=[]), kept.typed)
    own = Review.objects.filter(invitation=found).prefetch_related("scores__criterion").first()
    context = {
        "invitation": found,
        "resource": found.round.resource,
        "standing": standing(found),
        "own": own,
        "typed": typed,
        "problem": problem,
        "answer_again": tokens.address(found) if rounds.can_reconsider(found) else "",
        "left_over": [conflict_of(request, found), reason_of(request, found)],
        "reviews": [each for each in reviews if reads_others or each.is_mine],
        "reads_others": reads_others,
        "earlier": earlier.before(found.round, request.user, is_sent=True) if reads_others else None,
    }
    return render(request, "review/end.html", context, status=status)


@login_required
def outcome(request, pk):
    """What reviewers wrote about one's own submission, after each decision; without names."""
    resource = get_object_or_404(Resource, pk=pk, submitted_by=request.user)
    if resource.state == Resource.State.DRAFT:
        raise Http404
    past = list(anonymous.read_by_submitter(resource))
    by_round = anonymous.by_round(past)
    context = {
        "resource": resource,
        "steps": list(resource.state_changes.order_by("-at", "-pk")),
        "rounds": [(each, by_round[each.pk]) for each in past if by_round[each.pk]],
    }
    return render(request, "review/outcome.html", context)
