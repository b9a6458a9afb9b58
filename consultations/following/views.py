"""The pages about following and being told."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import parking
from consultations.following import follows, preferences, unsubscribing, words
from consultations.following.forms import MailSettingsForm
from consultations.following.models import Follow, Kind, Notification
from consultations.models import Comment, Consultation
from consultations.views import id_of

PER_PAGE = 20
# Among what somebody follows are all threads in which they wrote.
FOLLOWS_SHOWN = 200


@login_required
def follow(request, what, pk):
    """Follow or unfollow by POST; a page with the button for whoever comes by a link, such as after logging in."""
    thing = follows.find(what, pk, request.user)
    if thing is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("action") == "unfollow":
            follows.unfollow(request.user, thing)
            said = _("You no longer follow this. Answers to you reach you all the same.")
        else:
            follows.follow(request.user, thing)
            said = _("You follow this now. You will hear of what is new here.")
        place = place_of(thing)
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            back = place
        # In a discussion the confirmation stands inside the contribution, where the reader is.
        is_in_discussion = what == "thread" and back == place
        messages.success(request, said, extra_tags=f"comment-{pk}" if is_in_discussion else "")
        return redirect(back)
    context = {
        "what": what,
        "thing": thing,
        "question": thing if what == "question" else thing.question if what == "thread" else None,
        "place": place_of(thing),
    }
    return render(request, "following/follow.html", context)


def place_of(thing) -> str:
    """Where one reads what one follows."""
    return thing.get_discussion_url() if isinstance(thing, Comment) else thing.get_absolute_url()


@login_required
def notifications(request):
    """What this person was told, the newest first, and what they follow."""
    told = Notification.objects.filter(user=request.user).readable().in_words().order_by("-pk")
    if "before" in request.GET:
        before = id_of(request.GET["before"])
        if before is None:
            raise Http404
        told = told.filter(pk__lt=before)
    found = list(told[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    context = {
        "notifications": together(shown),
        "older": shown[-1].pk if len(found) > PER_PAGE else None,
        "has_unread": Notification.objects.filter(user=request.user).unread().readable().exists(),
        "is_first_page": "before" not in request.GET,
        "follows": Follow.objects.filter(user=request.user).select_related(
            "consultation", "question__consultation", "root__question__consultation"
        )[:FOLLOWS_SHOWN],
    }
    return render(request, "following/notifications.html", context)


@dataclass(frozen=True)
class Together:
    """What stands as one on the page: one notification, or those about new contributions to one consultation."""

    entries: list[Notification]

    @property
    def consultation(self) -> Consultation:
        return self.entries[0].consultation

    @property
    def unread(self) -> list[Notification]:
        return [told for told in self.entries if not told.read_at]


def together(shown: list[Notification]) -> list[Together]:
    """What a page shows, in the order of the newest of each."""
    found: dict[object, list[Notification]] = {}
    for told in shown:
        of_news = told.kind == Kind.NEWS and ("news", told.consultation_id)
        found.setdefault(of_news or told.pk, []).append(told)
    return [Together(entries) for entries in found.values()]


@login_required
def open_notification(request, pk):
    """Go to what a notification is about, and mark it as read: one's own row, which harms nobody."""
    told = get_object_or_404(Notification.objects.filter(user=request.user).readable().in_words(), pk=pk)
    mark_read(Notification.objects.filter(pk=told.pk))
    return redirect(words.address(told))


@parking.keeps_text("notifications", holds=parking.NOTHING)
@require_POST
def read(request):
    """Mark some notifications (each an `id`) or all of them as read."""
    mine = Notification.objects.filter(user=request.user)
    if "id" in request.POST:
        ids = {id_of(value) for value in request.POST.getlist("id")}
        if None in ids or mine.filter(pk__in=ids).count() < len(ids):
            raise Http404
        mine = mine.filter(pk__in=ids)
    count = mark_read(mine)
    if "id" in request.POST and len(ids) == 1:
        messages.success(request, _("The notification is marked as read."))
    else:
        messages.success(
            request,
            ngettext("%(count)s notification is marked as read.", "%(count)s notifications are marked as read.", count)
            % {"count": count},
        )
    return redirect("notifications")


def mark_read(told) -> int:
    return told.unread().update(read_at=timezone.now())


@login_required
def mail_settings(request):
    """How soon mail comes about each kind of event."""
    form = MailSettingsForm(
        request.POST if request.method == "POST" else None, paces=preferences.paces_of(request.user)
    )
    if request.method == "POST" and form.is_valid():
        preferences.choose(request.user, form.chosen)
        messages.success(request, _("Your changes are saved."))
        return redirect("mail_settings")
    return render(request, "following/settings.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
@never_cache
def unsubscribe(request, token):
    """Stop one kind of mail: a POST does it at once (RFC 8058), a GET shows the button.

    The signed token is the permission; it can do nothing else, so that it needs no log-in and no proof of origin.
    """
    found = unsubscribing.read(token)
    if found is None:
        return render(request, "following/unsubscribe.html", {"is_broken": True}, status=404)
    if request.method == "POST":
        preferences.stop(found.user, found.what)
    context = {
        "label": found.label,
        "is_stopped": preferences.is_stopped(found.user, found.what),
    }
    return render(request, "following/unsubscribe.html", context)
