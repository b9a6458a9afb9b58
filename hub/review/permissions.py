"""Who may do what in peer review: one predicate each, asked by views, templates and other rooms."""

from hub.resources.models import Resource
from hub.resources.permissions import edits
from hub.review.models import Invitation, Member

State = Invitation.State


def place_of(user) -> Member | None:
    """The person's place on the roster or their way to it, whatever its state."""
    return Member.objects.filter(user=user).first() if user.is_authenticated else None


def is_member(user) -> bool:
    """Is this person on the roster now?"""
    return user.is_authenticated and user.is_active and Member.objects.admitted().filter(user=user).exists()


def may_see_cv(user, member: Member) -> bool:
    """The person and the editors, nobody else."""
    return user.is_authenticated and user.is_active and (member.user_id == user.pk or edits(user))


def may_decide_about(user, member: Member) -> bool:
    """May this editor take up, decline or remove somebody? Anybody but themselves."""
    return edits(user) and member.user_id != user.pk


def may_handle(user, resource: Resource) -> bool:
    """May this editor see the reviews of the resource and decide about it?

    Not about what they submitted themselves, for they would learn who the reviewers are; and not while they are one
    of its reviewers, for they would read the others first.
    """
    return edits(user) and resource.submitted_by_id != user.pk and not reviews(user, resource)


def reviews(user, resource: Resource) -> bool:
    """Was this person asked to review the resource, and has not refused?"""
    return Invitation.objects.live().filter(round__resource=resource, member__user=user).exists()


def reviewed_by(user, resources: list[Resource]) -> set[int]:
    """The keys of those among the resources that this person was asked to review."""
    live = Invitation.objects.live().filter(round__resource__in=resources, member__user=user)
    return set(live.values_list("round__resource_id", flat=True))


def can_read_for_review(user, resource: Resource) -> bool:
    """One of settings.RESOURCE_READERS: reviewers of an open round, once they have said that nothing binds them.

    Those who are only invited see what the invitation's page shows.
    """
    return Invitation.objects.filter(
        round__resource=resource,
        round__closed_at=None,
        member__user=user,
        member__state=Member.State.ADMITTED,
        state__in=[State.ACCEPTED, State.SENT],
        declared_free_at__isnull=False,
    ).exists()


def can_write(invitation: Invitation) -> bool:
    """May the invited person write the review now, with the resource beside it?"""
    return is_awaited(invitation) and invitation.declared_free_at is not None


def has_to_declare(invitation: Invitation) -> bool:
    """Has the invited person accepted, and not yet said whether anything binds them?"""
    return is_awaited(invitation) and invitation.declared_free_at is None


def is_awaited(invitation: Invitation) -> bool:
    return invitation.state == State.ACCEPTED and invitation.round.is_open and invitation.member.is_admitted
