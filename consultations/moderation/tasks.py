"""Reminding moderators of what waits, at most once a day."""

from datetime import date

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django_tasks import task

from consultations.models import Moderator
from consultations.moderation import fresh_eyes, letters
from consultations.moderation.models import Act, Case, DeskVisit

User = get_user_model()
# Of the day in UTC, before which nobody is reminded.
HOUR = 7


@task
def remind() -> None:
    """Enqueue a mail for each moderator for whom something waits and who had none today. Runs every hour."""
    now = timezone.now()
    if now.hour < HOUR:
        return
    today = now.date()
    moderators = Moderator.objects.filter(consultation__cases__in=Case.objects.waiting()).values("user")
    people = User.objects.filter(Q(pk__in=moderators) | Q(is_superuser=True), is_active=True)
    for pk in people.exclude(desk_visit__reminded_on__gte=today).values_list("pk", flat=True):
        remind_one.enqueue(pk, today.isoformat())


@task
@transaction.atomic
def remind_one(pk: int, today: str) -> None:
    """Send one moderator what waits; twice on one day does nothing the second time."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    if not user:
        return
    counts = waiting_for(user)
    if not counts:
        return
    visit, _made = DeskVisit.objects.select_for_update().get_or_create(user=user)
    day = date.fromisoformat(today)
    if visit.reminded_on and visit.reminded_on >= day:
        return
    visit.reminded_on = day
    visit.save(update_fields=["reminded_on"])
    send_reminder(user, counts)


def waiting_for(user) -> dict[str, int]:
    """How many cases of each kind this person can decide.

    Administrators have desks full of other people's consultations: they hear of what no moderator can decide.
    """
    cases = Case.objects.waiting().exclude(comment__author=user)
    cases = cases.exclude(pk__in=fresh_eyes.closed_to(user).values("pk"))
    own = cases.filter(consultation__moderator_set__user=user)
    if user.is_superuser:
        own = own | cases.filter(pk__in=without_moderator(cases))
    counts: dict[str, int] = {}
    for kind in own.order_by().values_list("kind", flat=True).distinct():
        counts[kind] = own.filter(kind=kind).order_by().values("pk").distinct().count()
    return counts


def without_moderator(cases) -> list[int]:
    """The cases that none of the consultation's moderators may decide."""
    able: dict[int, set[int]] = {}
    for consultation, user in Moderator.objects.filter(user__is_active=True).values_list("consultation", "user"):
        able.setdefault(consultation, set()).add(user)
    against = Act.objects.filter(kind__in=fresh_eyes.AGAINST_THE_AUTHOR)
    appealed = cases.filter(kind=Case.Kind.APPEAL).order_by().values("comment")
    decided: dict[int, set[int]] = {}
    for comment, actor in against.filter(comment__in=appealed).order_by().values_list("comment", "actor_id"):
        decided.setdefault(comment, set()).add(actor)
    rows = cases.order_by().values_list("pk", "kind", "consultation", "comment", "comment__author")
    found = []
    for pk, kind, consultation, comment, author in rows:
        excluded = {author} | (decided.get(comment, set()) if kind == Case.Kind.APPEAL else set())
        if not able.get(consultation, set()) - excluded:
            found.append(pk)
    return found


def send_reminder(user, counts: dict[str, int]) -> None:
    with override(user.language):
        total = sum(counts.values())
        lines = [
            _("%(what)s: %(count)s") % {"what": Case.Kind(kind).label, "count": count}
            for kind, count in sorted(counts.items(), key=lambda each: Case.Kind.values.index(each[0]))
        ]
        letters.send(
            user.email,
            user.language,
            ngettext(
                "%(count)s matter waits at the moderators' desk",
                "%(count)s matters wait at the moderators' desk",
                total,
            )
            % {"count": total},
            name=user.name,
            paragraphs=[_("These wait for a moderator:"), "\n".join(lines)],
            address=reverse("desk"),
            link=_("Go to the desk"),
            why=_("You get this e-mail, at most once a day, because you moderate a consultation and something waits."),
        )
