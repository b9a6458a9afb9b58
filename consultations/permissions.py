"""Who may do what in consultations: one predicate each, asked by views, templates and commands alike.

Predicates of one comment or question expect `question.consultation` to be loaded.
"""

from allauth.account.models import EmailAddress
from django.utils import timezone

from consultations.models import Comment, Consultation, Moderator, Pause, Question


def moderates(user, consultation: Consultation) -> bool:
    """Moderators of this consultation, and administrators."""
    if not user.is_authenticated or not user.is_active:
        return False
    # One page asks this of one consultation many times.
    known = user.__dict__.setdefault("_moderates", {})
    if consultation.pk not in known:
        known[consultation.pk] = (
            user.is_superuser or Moderator.objects.filter(consultation=consultation, user=user).exists()
        )
    return known[consultation.pk]


def can_read(user, consultation: Consultation) -> bool:
    """Everybody once it is published; before that its moderators, and staff who prepare it in the admin."""
    if consultation.is_published:
        return True
    return user.is_authenticated and (user.has_perm("consultations.view_consultation") or moderates(user, consultation))


def is_open_for_comments(question: Question) -> bool:
    consultation = question.consultation
    return consultation.is_published and consultation.is_open and question.state == Question.State.OPEN


def can_comment(user, question: Question) -> bool:
    return (
        user.is_authenticated
        and user.is_active
        and is_open_for_comments(question)
        and not pause_of(user, question.consultation)
    )


def pause_of(user, consultation: Consultation) -> Pause | None:
    """The pause that keeps this person from posting in the consultation now, if there is one."""
    known = user.__dict__.setdefault("_pauses", {})
    if consultation.pk not in known:
        running = Pause.objects.filter(until__gt=timezone.now(), lifted_at=None)
        known[consultation.pk] = running.filter(user=user, consultation=consultation).first()
    return known[consultation.pk]


def can_read_comment(user, comment: Comment) -> bool:
    """A held comment, also once it was refused or withdrawn, is seen by its author and the moderators alone; until it
    has an author, by who posted it for them."""
    consultation = comment.question.consultation
    if not can_read(user, consultation):
        return False
    if comment.has_place:
        return True
    if not user.is_authenticated:
        return False
    whose = comment.author_id or comment.posted_by_id
    return whose == user.pk or moderates(user, consultation)


def can_reply(user, comment: Comment) -> bool:
    if comment.state != Comment.State.PUBLISHED:
        return False
    return can_comment(user, comment.question) or owes_answer(user, comment)


def owes_answer(user, comment: Comment) -> bool:
    """Moderators answer a question to them that waits, and nothing else, also when the discussion has closed."""
    consultation = comment.question.consultation
    return comment.awaits_answer and consultation.is_published and moderates(user, consultation)


def can_edit(user, comment: Comment) -> bool:
    """Authors, while the discussion is open."""
    return is_authors_own(user, comment) and can_comment(user, comment.question)


def can_withdraw(user, comment: Comment) -> bool:
    """Authors, also after the closing: nobody is held to words that they want to take back."""
    return is_authors_own(user, comment) and can_read(user, comment.question.consultation)


def can_take_text_back(user, comment: Comment) -> bool:
    """Authors, what they have proposed as the new text of a contribution, also after the closing."""
    return user.is_authenticated and comment.author_id == user.pk and can_read(user, comment.question.consultation)


def can_read_every_version(user, comment: Comment) -> bool:
    """Its author and the moderators, also what was never published or is not published yet."""
    return user.is_authenticated and (comment.author_id == user.pk or moderates(user, comment.question.consultation))


def is_authors_own(user, comment: Comment) -> bool:
    return (
        user.is_authenticated
        and comment.author_id == user.pk
        and comment.state in {Comment.State.PUBLISHED, Comment.State.HELD}
    )


def can_move(user, root: Comment) -> bool:
    """Moderators of the consultation, whole threads alone; one's own is for a colleague."""
    return root.parent_id is None and root.author_id != user.pk and moderates(user, root.question.consultation)


def knows_who_is_behind_a_pseudonym(user, consultation: Consultation) -> bool:
    return moderates(user, consultation)


# What concerns a whole consultation, or a person in it


def can_manage(user, consultation: Consultation) -> bool:
    """Close questions, move the closing date, pin threads, name focal points: the moderators."""
    return moderates(user, consultation)


def can_announce(user, consultation: Consultation) -> bool:
    """The moderators, once there is a page on which to read it."""
    return consultation.is_published and moderates(user, consultation)


def can_pause(user, person, consultation: Consultation) -> bool:
    """The moderators, and never one of them or an administrator."""
    return moderates(user, consultation) and not moderates(person, consultation)


def can_read_record(user, consultation: Consultation) -> bool:
    return moderates(user, consultation)


def is_focal_point(user, consultation: Consultation) -> bool:
    """Asked by a moderator, and willing, to write down what people without a computer say."""
    return user.is_authenticated and user.is_active and consultation.focal_points.filter(user=user).exists()


def owns_address(user, email: str) -> bool:
    """Whoever has confirmed an e-mail address."""
    if not user.is_authenticated or not user.is_active:
        return False
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=email).exists()


def can_post_for_others(user, consultation: Consultation) -> bool:
    """The moderators what came by e-mail or letter, focal points what people told them."""
    return consultation.is_published and (moderates(user, consultation) or is_focal_point(user, consultation))


def speaks_for(user):
    """The roles in which this person confirms contributions, those alone whose domain their address has."""
    if not user.is_authenticated or not user.is_active:
        return []
    domain = user.email.lower().rpartition("@")[2]
    return [
        role
        for role in user.organization_focal_points.all()
        if domain == role.domain.lower() or domain.endswith(f".{role.domain.lower()}")
    ]


def can_confirm(user, comment: Comment) -> bool:
    """Focal points of the organization or State in whose name it was written."""
    if comment.by_moderator or comment.capacity == Comment.Capacity.PERSON:
        return False
    if comment.capacity == Comment.Capacity.STATE:
        return any(role.country and role.country == comment.country for role in speaks_for(user))
    name = comment.organization.strip().casefold()
    return bool(name) and any(role.organization.strip().casefold() == name for role in speaks_for(user))
