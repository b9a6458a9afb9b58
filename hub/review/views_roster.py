"""Peer review for everybody: what it is and who does it; and for reviewers: their application, queue and place."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import limits, parking
from hub.resources import files
from hub.resources.permissions import edits
from hub.resources.views import sent
from hub.review import balance as balances
from hub.review import membership, permissions, queue
from hub.review.forms_roster import ApplicationForm, PauseForm
from hub.review.models import Criterion, Member


def peer_review(request):
    """What reviewers ask of a resource, how reviewing works, and how to become one of them."""
    context = {
        "criteria": list(Criterion.objects.in_use()),
        "figures": balances.figures(),
        "internal": settings.INTERNAL_REVIEWERS,
        "external": settings.EXTERNAL_REVIEWERS,
        "answer_days": settings.REVIEW_ANSWER_DAYS,
        "review_days": settings.REVIEW_DAYS,
        "own": permissions.place_of(request.user),
        "is_editor": request.user.is_authenticated and edits(request.user),
    }
    return render(request, "review/roster/peer_review.html", context)


def balance(request):
    """Who is on the roster, in numbers, and whom it lacks."""
    context = {"balance": balances.read(), "fewest": balances.FEWEST}
    return render(request, "review/roster/balance.html", context)


@parking.keeps_text(is_read_by_all=True)
def apply(request):
    """One's application: to write, to change, and to see how it stands."""
    if not request.user.is_authenticated:
        return render_application(request, None, None)
    own = Member.objects.select_related("region").prefetch_related("objectives").filter(user=request.user).first()
    if request.method != "POST":
        form = parking.begun(request, form_for(request.user, own), "apply_to_roster")
        return render_application(request, own, form)
    if request.FILES:
        # Checking a file is work, and one that is refused takes nothing from the limit of applications.
        try:
            limits.take(request, "upload")
        except limits.TooOften as problem:
            form = ApplicationForm(request.POST, has_cv=True)
            form.add_error(None, problem)
            return limits.say_when(render_application(request, own, form), problem)
    form = ApplicationForm(request.POST, request.FILES, has_cv=bool(own and own.cv_stored))
    if not form.is_valid():
        return render_application(request, own, form, status=422)
    try:
        with transaction.atomic():
            limits.take(request, "apply")
            kept = membership.send(
                request.user,
                form.texts,
                form.cleaned_data["objectives"],
                upload=form.cleaned_data["cv"],
                found=form.found,
                seen=form.cleaned_data["seen"],
            )
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return limits.say_when(render_application(request, own, form), problem)
    except membership.ChangedMeanwhile as problem:
        # What was typed is still in the form, under the editors' words; sent again, it is a new application.
        form.data = form.data.copy()
        form.data["seen"] = own.state
        form.add_error(None, str(problem))
        return render_application(request, own, form, status=409)
    if kept.is_admitted:
        messages.success(request, _("Your changes are saved."))
        return redirect("my_reviews")
    if own and own.is_waiting:
        messages.success(request, _("Your application is changed. The editors read it as it is now."))
    else:
        messages.success(request, _("Your application is sent. The editors read it, and you hear from them by e-mail."))
    return redirect("apply_to_roster")


def form_for(user, own: Member | None) -> ApplicationForm:
    """The form with what is known: of the place on the roster, or else of the account."""
    if own:
        initial = ApplicationForm.initial_of(own) | {"seen": own.state}
    else:
        initial = {"organization": user.organization, "country": user.country.code, "languages": [user.language]}
    return ApplicationForm(initial=initial, has_cv=bool(own and own.cv_stored))


def render_application(request, own, form, status=200):
    return render(request, "review/roster/apply.html", {"own": own, "form": form}, status=status)


@parking.keeps_text("apply_to_roster", holds=parking.NOTHING)
@require_POST
def withdraw(request):
    try:
        membership.withdraw(request.user)
    except membership.ChangedMeanwhile as problem:
        messages.error(request, str(problem))
        return redirect("apply_to_roster")
    messages.success(request, _("Your application is withdrawn, and your CV is deleted."))
    return redirect("peer_review")


@login_required
def my_reviews(request):
    """A member's queue: what waits for them and what they have done. Others are led to the application."""
    own = permissions.place_of(request.user)
    if not own or (not own.is_admitted and not own.invitations.exists()):
        return redirect("apply_to_roster")
    context = {
        "own": own,
        "waiting": queue.waiting(own) if own.is_admitted else [],
        "done": queue.done(own),
        "is_editor": edits(request.user),
        "form": parking.begun(request, PauseForm(), "pause_reviewing"),
    }
    return render(request, "review/roster/mine.html", context)


@parking.keeps_text("my_reviews", holds=parking.TICKS)
@require_POST
def pause(request):
    form = PauseForm(request.POST)
    gives_back = form.is_valid() and form.cleaned_data["gives_back"]
    try:
        released = membership.pause(request.user, gives_back=gives_back)
    except membership.NotOnRoster as problem:
        messages.error(request, str(problem))
        return redirect("my_reviews")
    said = _("You pause: nobody asks you for a review until you resume.")
    if released:
        said += " " + ngettext(
            "%(count)s review that waited for you is given back.",
            "%(count)s reviews that waited for you are given back.",
            released,
        ) % {"count": released}
    messages.success(request, said)
    return redirect("my_reviews")


@parking.keeps_text("my_reviews", holds=parking.NOTHING)
@require_POST
def resume(request):
    try:
        membership.resume(request.user)
    except membership.NotOnRoster as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("You can be asked for reviews again."))
    return redirect("my_reviews")


@never_cache
@parking.keeps_text("leave_roster", holds=parking.NOTHING)
def leave(request):
    """Off the roster: first what will happen, then the button that does it."""
    if request.method != "POST":
        return render_leaving(request)
    try:
        membership.leave(request.user, seen=request.POST.get("seen", ""))
    except membership.ChangedMeanwhile:
        return render_leaving(request, is_overtaken=True, status=409)
    except membership.NotOnRoster as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("You have left the roster, and your CV is deleted. Thank you for your reviews."))
    return redirect("peer_review")


def render_leaving(request, *, is_overtaken=False, status=200):
    own = permissions.place_of(request.user)
    if not own or not own.is_admitted:
        messages.error(request, str(membership.NotOnRoster.message))
        return redirect("my_reviews")
    context = {
        "own": own,
        # Before the list, so that nothing is given back that the page does not name.
        "seen": membership.waiting_of(own),
        "waiting": queue.waiting(own),
        "is_overtaken": is_overtaken,
    }
    return render(request, "review/roster/leave.html", context, status=status)


def cv_of(request, pk):
    """The CV as a download, for the person and the editors; others need not know that there is one."""
    member = get_object_or_404(Member, pk=pk)
    if not member.cv_stored or not permissions.may_see_cv(request.user, member):
        raise Http404
    return sent(member.cv_stored, files.TYPES[member.cv_format], member.cv_name, as_attachment=True)
