"""Whether an organization, or a State, stands by what was said in its name.

A contribution in its name is “not yet confirmed” until one of its focal points, named by an administrator and
with an address of its domain, confirms or disowns it.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from consultations import permissions, posting
from consultations.models import Comment
from consultations.moderation.acts import ActError
from consultations.moderation.record import record
from consultations.reactions import tell

NOT_NEEDED, UNCONFIRMED = Comment.Confirmation.NOT_NEEDED, Comment.Confirmation.UNCONFIRMED
CONFIRMED, DISOWNED = Comment.Confirmation.CONFIRMED, Comment.Confirmation.DISOWNED


class AlreadyDecided(ActError):
    def __init__(self, comment: Comment):
        super().__init__(
            _("Meanwhile № %(number)s has changed: %(state)s. Look at it again; nothing was done.")
            % {"number": comment.pk, "state": comment.get_confirmation_display()}
        )


class TextChanged(ActError):
    def __init__(self, comment: Comment):
        super().__init__(
            _("Meanwhile the text of № %(number)s was changed. Read it again; nothing was done.")
            % {"number": comment.pk}
        )


def mark(comment: Comment) -> None:
    """Say of a comment that is being written whether somebody has to confirm it."""
    comment.confirmation = what_is_needed(comment)


def look_again(comment: Comment) -> None:
    """Another text than the one that was confirmed has to be confirmed anew; a disowned one stays disowned."""
    if comment.confirmation == CONFIRMED and what_is_needed(comment) == UNCONFIRMED:
        comment.confirmation = UNCONFIRMED
        comment.save(update_fields=["confirmation"])


def what_is_needed(comment: Comment) -> str:
    if comment.by_moderator or comment.capacity == Comment.Capacity.PERSON:
        return NOT_NEEDED
    if comment.author and permissions.can_confirm(comment.author, comment):
        return CONFIRMED
    return UNCONFIRMED


def waiting_for(roles: list) -> QuerySet:
    """What was said in the name of these organizations and States and is not confirmed, the oldest first."""
    return said_for(roles).filter(confirmation=UNCONFIRMED).order_by("pk")


def decided_for(roles: list) -> QuerySet:
    """What was confirmed or disowned, the latest contribution first."""
    return said_for(roles).filter(confirmation__in=[CONFIRMED, DISOWNED]).order_by("-pk")


def said_for(roles: list) -> QuerySet:
    # Each part is the condition of an index: comment_of_organization and comment_of_state.
    chosen = Q(pk__in=[])
    names = [role.organization.strip().upper() for role in roles if role.organization]
    countries = [role.country.code for role in roles if role.country]
    comments = Comment.objects.published().alias(said_by=Upper("organization"))
    if names:
        chosen |= Q(capacity=Comment.Capacity.ORGANIZATION, by_moderator=False, said_by__in=names)
    if countries:
        chosen |= Q(capacity=Comment.Capacity.STATE, country__in=countries)
    return comments.filter(chosen).select_related("question__consultation", "group", "parent")


@transaction.atomic
def confirm(*, comment: Comment, user, seen: int) -> Comment:
    """Say that the organization stands by the contribution as it is in version number `seen`.

    Raises PermissionDenied, or an ActError when it was decided or changed meanwhile.
    """
    comment = ready(comment, user, seen, UNCONFIRMED, DISOWNED)
    return decide(comment, user, CONFIRMED, "confirmed", "")


@transaction.atomic
def disown(*, comment: Comment, user, seen: int, reason: str) -> Comment:
    """Say that the contribution was not made in the organization's name. Raises as `confirm` does."""
    comment = ready(comment, user, seen, UNCONFIRMED, CONFIRMED)
    return decide(comment, user, DISOWNED, "disowned", reason)


def ready(comment: Comment, user, seen: int, *expected: str) -> Comment:
    comment = posting.lock_thread(comment)
    if not permissions.can_confirm(user, comment):
        raise PermissionDenied
    if comment.state != Comment.State.PUBLISHED or comment.confirmation not in expected:
        raise AlreadyDecided(comment)
    if comment.versions.count() != seen:
        raise TextChanged(comment)
    return comment


def decide(comment: Comment, user, confirmation: str, kind: str, reason: str) -> Comment:
    before, comment.confirmation = comment.confirmation, confirmation
    comment.save(update_fields=["confirmation"])
    act = record(
        kind,
        actor=user,
        comment=comment,
        reason=reason,
        before={"confirmation": before},
        after={"confirmation": confirmation},
    )
    tell("moderator_acted", act=act, comment=comment)
    return comment
