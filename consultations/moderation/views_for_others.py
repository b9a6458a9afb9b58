"""Posting for others, making a contribution one's own, and speaking for an organization."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import limits, parking
from consultations import permissions
from consultations.models import Comment, CommentVersion
from consultations.moderation import focal_points, on_behalf, organizations
from consultations.moderation.acts import ActError
from consultations.moderation.forms_for_others import ClaimForm, DisownForm, OnBehalfForm
from consultations.moderation.models import Received
from consultations.views import FOR_MODERATORS, find_comment, find_consultation, id_of

# The codes that this visitor may still read, by contribution. Each is shown once.
CODES = "claim_codes"
PER_PAGE = 20


@parking.keeps_text()
def post_for_somebody(request, slug):
    """Post what somebody else wrote or said: the moderators, and focal points."""
    found = find_consultation(request, slug)
    if not permissions.can_post_for_others(request.user, found):
        raise PermissionDenied
    form = OnBehalfForm(request.POST or None, consultation=found, user=request.user, page_language=get_language())
    if request.method != "POST":
        form = parking.begun(request, form, "on_behalf", slug)
    is_moderator = permissions.moderates(request.user, found)
    if request.method == "POST" and form.is_valid():
        try:
            posted = post_within_limits(request, form, times=FOR_MODERATORS if is_moderator else 1)
        except limits.TooOften as problem:
            form.add_error(None, problem)
        except ActError as problem:
            form.add_error(None, str(problem))
        else:
            parking.forget(request, "on_behalf", slug)
            return show_code(request, posted.comment, posted.code)
    context = {
        "consultation": found,
        "form": form,
        "is_moderator": is_moderator,
        "pause": permissions.pause_of(request.user, found),
    }
    response = render(request, "moderation/consultation/on_behalf.html", context, status=422 if form.errors else 200)
    refusal = limits.refusal_in(form)
    return limits.say_when(response, refusal) if refusal else response


def post_within_limits(request, form: OnBehalfForm, *, times: int) -> on_behalf.Posted:
    """Post it, or find what this form has made before; what is refused takes nothing from the limits."""
    sent = form.cleaned_data
    with transaction.atomic():
        if not Received.objects.filter(submission_key=sent["submission_key"]).exists():
            limits.take(request, "post_for", times=times)
            limits.take(request, "write_to", name=sent["email"])
        return on_behalf.post(
            user=request.user,
            question=sent["question"],
            sender=form.sender,
            body=sent["body"],
            language=sent["language"],
            origin=sent["origin"],
            received_on=sent["received_on"],
            has_consent=sent["consent"],
            submission_key=sent["submission_key"],
        )


@login_required
def posted_for_somebody(request, slug, pk):
    """The code to hand over, once; a POST makes another one in place of one that was lost."""
    comment = find_comment(request, pk)
    received = get_object_or_404(
        Received.objects.select_related("comment__question__consultation"),
        comment=comment,
        comment__question__consultation__slug=slug,
    )
    if not on_behalf.can_hand_over(request.user, comment):
        raise PermissionDenied
    problem = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                limits.take(request, "write_to", name=received.email)
                code = on_behalf.renew_code(received=received, user=request.user)
            return show_code(request, comment, code)
        except ActError as refused:
            problem = str(refused)
    codes = request.session.get(CODES, {})
    code = codes.pop(str(comment.pk), "")
    if code:
        request.session[CODES] = codes
    context = {
        "consultation": comment.question.consultation,
        "question": comment.question,
        "comment": comment,
        "received": received,
        "code": code,
        "problem": problem,
    }
    return render(request, "moderation/consultation/posted_for.html", context, status=422 if problem else 200)


def show_code(request, comment: Comment, code: str):
    if code:
        request.session[CODES] = request.session.get(CODES, {}) | {str(comment.pk): code}
    return redirect("posted_for_somebody", comment.question.consultation.slug, comment.pk)


def pack(request, slug):
    """The questions on paper, in three languages: for people without a computer, and those who visit them."""
    found = find_consultation(request, slug)
    questions = [each for each in found.questions.order_by("number") if not each.is_open_floor]
    return render(request, "moderation/consultation/pack.html", {"consultation": found, "questions": questions})


@login_required
def claim(request):
    """Make a contribution one's own that somebody posted: from one's address, or with its code."""
    form = ClaimForm(initial={"number": id_of(request.GET.get("number", ""))})
    refused = None
    if request.method == "POST" and "received" in request.POST:
        received = get_object_or_404(Received, pk=id_of(request.POST["received"]))
        try:
            return claimed(request, on_behalf.claim_by_address(user=request.user, received=received))
        except ActError as problem:
            messages.error(request, str(problem))
            return redirect("claim")
    if request.method == "POST":
        form = ClaimForm(request.POST)
        try:
            limits.take(request, "claim")
            if form.is_valid():
                return claimed(request, on_behalf.claim_with_code(user=request.user, **form.cleaned_data))
        except limits.TooOften as problem:
            refused = problem
            form.add_error(None, str(problem))
        except ActError as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "waiting": list(on_behalf.waiting_for(request.user)[:PER_PAGE])}
    response = render(request, "moderation/consultation/claim.html", context, status=422 if form.errors else 200)
    return limits.say_when(response, refused) if refused else response


def claimed(request, comment: Comment):
    messages.success(request, _("№ %(number)s is yours now: you can edit and withdraw it.") % {"number": comment.pk})
    return redirect("my_contributions")


@login_required
def focal_point(request, token):
    """Whoever was asked by mail to be a focal point agrees. Looking changes nothing: programs that check mails do."""
    named = focal_points.read(token)
    if not named:
        raise Http404
    consultation = named.consultation
    is_theirs = bool(named.asked) and permissions.owns_address(request.user, named.asked.email)
    problem = ""
    if request.method == "POST" and not permissions.is_focal_point(request.user, consultation):
        try:
            if not named.asked:
                raise focal_points.NotOpen
            focal_points.accept(asked=named.asked, user=request.user)
        except ActError as refused:
            problem = str(refused)
    is_focal_point = permissions.is_focal_point(request.user, consultation)
    if request.method == "POST" and is_focal_point:
        return redirect("focal_point", token)
    context = {
        "consultation": consultation,
        "asked": named.asked if is_theirs and not problem else None,
        "is_for_another_address": bool(named.asked) and not is_theirs,
        "is_focal_point": is_focal_point,
        "may_post": permissions.can_post_for_others(request.user, consultation),
        "problem": problem,
    }
    return render(request, "moderation/consultation/focal_point.html", context, status=422 if problem else 200)


@parking.keeps_text()
def my_organization(request):
    """What was said in the name of the organizations and States for which this person answers."""
    roles = permissions.speaks_for(request.user)
    failed, decided_about, problem = None, None, ""
    if request.method == "POST":
        comment = find_comment(request, id_of(request.POST.get("comment", "")) or 0)
        if not permissions.can_confirm(request.user, comment):
            raise PermissionDenied
        seen = id_of(request.POST.get("seen", "")) or 0
        form = DisownForm(request.POST)
        try:
            if request.POST.get("action") == "confirm":
                organizations.confirm(comment=comment, user=request.user, seen=seen)
                messages.success(request, _("№ %(number)s is confirmed.") % {"number": comment.pk})
                return redirect("my_organization")
            if form.is_valid():
                organizations.disown(comment=comment, user=request.user, seen=seen, reason=form.cleaned_data["reason"])
                messages.success(request, _("№ %(number)s is disowned, and says so.") % {"number": comment.pk})
                return redirect("my_organization")
        except ActError as refused:
            problem = str(refused)
        failed, decided_about = form, comment.pk
    elif parked := parking.shown(request, "my_organization"):
        failed, decided_about = parking.fill(DisownForm(), parked.typed), id_of(parked.typed.get("comment", ""))
    context = {
        "roles": roles,
        "waiting": with_versions(organizations.waiting_for(roles)[:PER_PAGE]),
        "decided": with_versions(organizations.decided_for(roles)[:PER_PAGE]),
        "failed": failed,
        "failed_about": decided_about,
        "problem": problem,
        "form": DisownForm(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "moderation/consultation/my_organization.html", context, status=status)


def with_versions(comments) -> list[Comment]:
    """Each with the number of the version that is shown, so that a later one is not confirmed unread."""
    found = list(comments)
    versions = dict(CommentVersion.objects.filter(comment__in=found).values_list("comment").annotate(Count("pk")))
    for comment in found:
        comment.version = versions[comment.pk]
    return found
