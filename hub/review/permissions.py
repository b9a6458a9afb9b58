"""Who may do what in peer review: one predicate each, asked by views, templates and other rooms."""

from accounts.models import User
from hub.resources.models import Resource
from hub.resources.permissions import edits
from hub.review import naming
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
    """May this editor see the reviews of the resource and decide about it?"""
    return edits(user) and bool(handling([user], [resource]))


def handling(editors: list[User], resources: list[Resource]) -> set[tuple[int, int]]:
    """Which of these editors may handle which of these resources, as pairs of their keys; in two queries.

    Nobody what they submitted themselves, for they would learn who the reviewers are; or what they were ever asked to
    review, whatever they answered; or what comes from a colleague. Administrators handle what comes from colleagues,
    so that it does not wait for ever where all editors are of one organization.
    """
    asked = set(
        Invitation.objects.filter(round__resource__in=resources, member__user__in=editors).values_list(
            "member__user_id", "round__resource_id"
        )
    )
    submitters = {each.submitted_by_id for each in resources} - {None}
    organizations = organizations_of(submitters | {each.pk for each in editors})
    return {
        (editor.pk, each.pk)
        for editor in editors
        for each in resources
        if each.submitted_by_id != editor.pk
        and (editor.pk, each.pk) not in asked
        and (
            editor.is_superuser or not are_colleagues(organizations[editor.pk], organizations.get(each.submitted_by_id))
        )
    }


def organizations_of(people: set[int]) -> dict[int, set[str]]:
    """What people say of where they work, in their profile and for the roster, by their keys."""
    found = User.objects.filter(pk__in=people).values_list("pk", "organization", "roster_place__organization")
    return {pk: set(filter(None, names)) for pk, *names in found}


def are_colleagues(ones: set[str], others: set[str] | None) -> bool:
    return any(naming.is_same_organization(one, other) for one in ones for other in others or ())


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


def can_read_others(invitation: Invitation) -> bool:
    """May the invited person read what other reviewers of this round and of earlier ones wrote?

    Once their own is sent, and as long as they are on the roster.
    """
    return invitation.state == State.SENT and invitation.member.is_admitted
