"""How soon somebody has mail about each kind of event."""

from collections.abc import Iterable

from consultations.following.models import Kind, Notification, Pace, Preference

# Answers, and what concerns one's own contributions and reports, at once; the rest in one digest a day.
DEFAULTS = dict.fromkeys(Kind, Pace.DAILY) | {
    Kind.REPLY: Pace.AT_ONCE,
    Kind.ANSWER: Pace.AT_ONCE,
    Kind.ACT: Pace.AT_ONCE,
    Kind.REPORT: Pace.AT_ONCE,
}
DIGESTED = {Pace.DAILY, Pace.WEEKLY}
# The name under which a digest is stopped: everything that it gathers.
DIGEST = "digest"


def paces_of(user) -> dict[Kind, Pace]:
    """The person's pace for every kind."""
    chosen = {Kind(kind): Pace(pace) for kind, pace in user.mail_preferences.values_list("kind", "pace")}
    return DEFAULTS | chosen


def paces_for(users: Iterable[int], kind: Kind) -> dict[int, Pace]:
    """The pace of each of `users`, by id, for one kind, in one query."""
    chosen = dict(Preference.objects.filter(user__in=users, kind=kind).values_list("user", "pace"))
    return {user: Pace(chosen.get(user, DEFAULTS[kind])) for user in users}


def choose(user, paces: dict[Kind, Pace]) -> None:
    """Keep the person's choice. Mail that waits and is no longer wanted is not sent."""
    Preference.objects.bulk_create(
        [Preference(user=user, kind=kind, pace=pace) for kind, pace in paces.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["pace"],
    )
    unwanted = [kind for kind, pace in paces.items() if pace == Pace.NEVER]
    waiting = Notification.objects.filter(user=user, mail=Notification.Mail.WAITING, kind__in=unwanted)
    waiting.update(mail=Notification.Mail.NONE)


def stop(user, what: str) -> None:
    """No more mail of this kind, or of all kinds that come in a digest."""
    if what == DIGEST:
        kinds = [kind for kind, pace in paces_of(user).items() if pace in DIGESTED]
    else:
        kinds = [Kind(what)]
    choose(user, dict.fromkeys(kinds, Pace.NEVER))


def is_stopped(user, what: str) -> bool:
    paces = paces_of(user)
    if what == DIGEST:
        return not DIGESTED & set(paces.values())
    return paces[Kind(what)] == Pace.NEVER
