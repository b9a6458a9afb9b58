"""Pages on which moderators look after one whole consultation."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import limits, parking
from consultations import permissions
from consultations.models import Comment, Consultation, Question
from consultations.moderation import consultation_acts, focal_points, forms_consultation
from consultations.moderation.acts import ActError
from consultations.moderation.models import Announcement
from consultations.moderation.sight import last_act
from consultations.templatetags.discussion import in_zone, question_name
from consultations.views import find_consultation, id_of

# Older ones are in the record.
ANNOUNCEMENTS = 30


# In place of what a form does not tell.
UNSEEN = "-"

# What each form of the page does, and what is said when it is done


def set_question(form, moderator) -> str:
    question = form.cleaned_data["question"]
    closes = form.cleaned_data["state"] == Question.State.CLOSED
    act = consultation_acts.close_question if closes else consultation_acts.open_question
    act(question=question, moderator=moderator, reason=form.cleaned_data["reason"], seen=form.seen)
    said = _("“%(name)s” is closed now.") if closes else _("“%(name)s” is open now.")
    return said % {"name": question_name(question)}


def reschedule(form, moderator) -> str:
    after = consultation_acts.reschedule(
        consultation=form.consultation,
        moderator=moderator,
        closes_at=form.cleaned_data["closes_at"],
        reason=form.cleaned_data["reason"],
        seen=form.seen,
    )
    return _("The consultation is now open until %(when)s.") % {"when": in_zone(after.closes_at, after)}


def close(form, moderator) -> str:
    consultation_acts.close_consultation(
        consultation=form.consultation, moderator=moderator, reason=form.cleaned_data["reason"], seen=form.seen
    )
    return _("The consultation is closed now.")


def pause(form, moderator) -> str:
    made = consultation_acts.pause(
        comment=form.comment,
        moderator=moderator,
        duration=form.days,
        reason=form.cleaned_data["reason"],
        seen=form.seen,
    )
    return _("The participant is paused until %(when)s, and gets an e-mail with your reason.") % {
        "when": in_zone(made.until, form.consultation)
    }


def lift_pause(form, moderator) -> str:
    consultation_acts.lift_pause(pause=form.cleaned_data["pause"], moderator=moderator)
    return _("The pause has ended, and the participant is told.")


def pin(form, moderator) -> str:
    pinned = consultation_acts.pin(
        comment=form.comment, moderator=moderator, reason=form.cleaned_data["reason"], seen=form.seen
    )
    return _("№ %(number)s now stands at the top of its question. Its author is told.") % {"number": pinned.pk}


def unpin(form, moderator) -> str:
    unpinned = consultation_acts.unpin(comment=form.comment, moderator=moderator)
    return _("№ %(number)s is back in its own place.") % {"number": unpinned.pk}


def ask_focal_point(form, moderator) -> str:
    email = form.cleaned_data["email"]
    focal_points.ask(consultation=form.consultation, email=email, moderator=moderator)
    return _("An e-mail goes to %(email)s. Once its owner has agreed, they can post for people without a computer.") % {
        "email": email
    }


def take_back_request(form, moderator) -> str:
    asked = form.cleaned_data["request"]
    focal_points.take_back(asked=asked, moderator=moderator)
    return _("The request to %(email)s is withdrawn.") % {"email": asked.email}


def remove_focal_point(form, moderator) -> str:
    found = form.cleaned_data["focal_point"]
    focal_points.remove(focal_point=found, moderator=moderator)
    return _("%(name)s is no focal point any more.") % {"name": found.user.name}


ACTS = {
    "question": (forms_consultation.QuestionStateForm, set_question),
    "dates": (forms_consultation.RescheduleForm, reschedule),
    "close": (forms_consultation.CloseForm, close),
    "pause": (forms_consultation.PauseForm, pause),
    "lift": (forms_consultation.LiftPauseForm, lift_pause),
    "pin": (forms_consultation.PinForm, pin),
    "unpin": (forms_consultation.UnpinForm, unpin),
    "focal": (forms_consultation.FocalPointForm, ask_focal_point),
    "unask": (forms_consultation.TakeBackFocalRequestForm, take_back_request),
    "unfocal": (forms_consultation.RemoveFocalPointForm, remove_focal_point),
}
# Which part of the page each act belongs to.
PARTS = {"lift": "pause", "unpin": "pin", "unfocal": "focal", "unask": "focal"}


@parking.keeps_text()
def manage(request, slug):
    """Everything that moderators do with a consultation; a POST says in `act` which form it is."""
    found = find_managed(request, slug)
    failed, status = None, 200
    if request.method == "POST":
        status = 422
        name = request.POST.get("act")
        if name not in ACTS:
            raise BadRequest
        make, carry_out = ACTS[name]
        failed = make(request.POST, consultation=found, auto_id=f"{name}_%s")
        failed.seen = request.POST.get("seen", "") or UNSEEN
        if failed.is_valid():
            try:
                with transaction.atomic():
                    if name == "focal":
                        # What is refused for another reason takes nothing.
                        limits.take(request, "ask_focal_point")
                        limits.take(request, "write_to", name=failed.cleaned_data["email"])
                    said = carry_out(failed, request.user)
            except limits.TooOften as problem:
                failed.add_error(None, problem)
            except ActError as problem:
                failed.add_error(None, str(problem))
                if isinstance(problem, consultation_acts.Meanwhile):
                    status = 409
            else:
                messages.success(request, said)
                return redirect(f"{reverse('manage_consultation', args=[slug])}#{PARTS.get(name, name)}")
        # What a colleague has changed meanwhile is shown as it is now.
        found = find_managed(request, slug)
    # Before what it tells of is read: what changes in between is noticed once more.
    seen = last_act(found)
    forms = {
        name: failed
        if failed and isinstance(failed, make)
        else make(consultation=found, auto_id=f"{name}_%s", initial=asked_for(request, name))
        for name, (make, _carry_out) in ACTS.items()
    }
    parked = parking.shown(request, "manage_consultation", slug) if request.method != "POST" else None
    if parked and (begun := forms.get(parked.typed.get("act", ""))):
        parking.fill(begun, parked.typed)
    context = {
        "consultation": found,
        "seen": seen,
        "forms": forms,
        "failed": failed,
        "questions": list(found.questions.all()),
        "pauses": list(consultation_acts.running_pauses(found)),
        "pinned": list(Comment.objects.pinned().filter(question__consultation=found).select_related("question")),
        "focal_points": list(found.focal_points.select_related("user")),
        "focal_requests": list(focal_points.waiting().filter(consultation=found)),
        "announcements": list(found.announcements.all()[:ANNOUNCEMENTS]),
        "may_announce": permissions.can_announce(request.user, found),
    }
    response = render(request, "moderation/consultation/manage.html", context, status=status)
    refusal = limits.refusal_in(failed) if failed else None
    return limits.say_when(response, refusal) if refusal else response


def asked_for(request, name: str) -> dict:
    """A link to this page may name a contribution: `?pause=41`."""
    number = id_of(request.GET.get(name, ""))
    return {"number": number} if number else {}


@parking.keeps_text()
def announce(request, slug):
    """Write a message to everybody who reads or follows the consultation."""
    found = find_managed(request, slug)
    if not permissions.can_announce(request.user, found):
        raise PermissionDenied
    form = forms_consultation.AnnouncementForm(request.POST or None)
    if request.method != "POST":
        form = parking.begun(request, form, "announce", slug)
    preview = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "preview":
            preview = Announcement(consultation=found, author_name=request.user.name, **form.texts)
        else:
            made = consultation_acts.announce(
                consultation=found,
                moderator=request.user,
                submission_key=form.cleaned_data["submission_key"],
                **form.texts,
            )
            messages.success(request, _("Your announcement is published."))
            return redirect(made.get_absolute_url())
    context = {"consultation": found, "form": form, "preview": preview}
    return render(request, "moderation/consultation/announce.html", context, status=422 if form.errors else 200)


@parking.keeps_text()
def withdraw_announcement(request, slug, pk):
    found = find_managed(request, slug)
    announcement = get_object_or_404(Announcement.objects.select_related("consultation"), pk=pk, consultation=found)
    form = forms_consultation.WithdrawAnnouncementForm(request.POST or None)
    if request.method != "POST":
        form = parking.begun(request, form, "withdraw_announcement", f"{slug}/{pk}")
    if request.method == "POST" and form.is_valid():
        try:
            consultation_acts.withdraw_announcement(
                announcement=announcement, moderator=request.user, reason=form.cleaned_data["reason"]
            )
        except ActError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The announcement is withdrawn. Mails that were sent stay sent."))
            return redirect(f"{reverse('manage_consultation', args=[slug])}#announcements")
    context = {"consultation": found, "announcement": announcement, "form": form}
    return render(
        request, "moderation/consultation/withdraw_announcement.html", context, status=422 if form.errors else 200
    )


def find_managed(request, slug) -> Consultation:
    found = find_consultation(request, slug)
    if not permissions.can_manage(request.user, found):
        raise PermissionDenied
    return found
