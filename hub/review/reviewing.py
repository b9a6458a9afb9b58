"""What a reviewer writes: saved as they go, sent when it is whole."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.review import rounds
from hub.review.models import Criterion, Invitation, Review, Score
from hub.review.rounds import NotWaiting, ReviewError

State = Invitation.State


@dataclass
class Typed:
    """A review as it stands in the form; what is not yet chosen is None, or missing in `levels`."""

    words_to_submitter: str = ""
    words_to_editors: str = ""
    language: str = "en"
    recommendation: int | None = None
    # Levels by the keys of the criteria; None where the reviewer cannot judge.
    levels: dict[int, int | None] = field(default_factory=dict)


class SentBefore(ReviewError):
    message = _("Your review was sent before. It cannot be changed any more.")


class NotDeclared(ReviewError):
    message = _("Say first whether you have a conflict of interest.")


class Stale(ReviewError):
    message = _(
        "A newer version of this review was saved in another window. What you wrote here stands below; saving again "
        "replaces the other one."
    )


class NotWhole(ReviewError):
    message = _("Something is missing in your review. What you wrote is kept.")


@transaction.atomic
def save(invitation: Invitation, typed: Typed, *, base: str | None = None) -> Review:
    """Keep what is typed; nobody else reads it. Also after the round has ended, so that nothing is lost.

    `base` is the version upon which it was typed; a stale window replaces nothing. Raises Stale, SentBefore,
    NotDeclared, and NotWaiting for who has declined or has a conflict.
    """
    current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    require_writable(current)
    kept = Review.objects.filter(invitation=current).prefetch_related("scores").first()
    if kept and typed == typed_of(kept):
        return kept
    if base is not None and base != version_of(kept):
        raise Stale
    fields = {
        "words_to_submitter": typed.words_to_submitter,
        "words_to_editors": typed.words_to_editors,
        "language": typed.language,
        "recommendation": typed.recommendation,
        "saved_at": timezone.now(),
    }
    review, _made = Review.objects.update_or_create(invitation=current, defaults=fields)
    known = set(Criterion.objects.filter(pk__in=typed.levels).values_list("pk", flat=True))
    review.scores.exclude(criterion__in=known).delete()
    Score.objects.bulk_create(
        [Score(review=review, criterion_id=pk, level=level) for pk, level in typed.levels.items() if pk in known],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["level"],
    )
    return review


def require_writable(invitation: Invitation) -> None:
    """May anything be kept here? Raises SentBefore, NotDeclared, and NotWaiting for who has declined or is bound."""
    if invitation.state == State.SENT:
        raise SentBefore
    if invitation.state not in (State.ACCEPTED, State.WITHDRAWN):
        raise NotWaiting
    if not invitation.declared_free_at:
        raise NotDeclared


def typed_of(review: Review) -> Typed:
    return Typed(
        words_to_submitter=review.words_to_submitter,
        words_to_editors=review.words_to_editors,
        language=review.language,
        recommendation=review.recommendation,
        levels={score.criterion_id: score.level for score in review.scores.all()},
    )


def version_of(review: Review | None) -> str:
    """A name for what is kept, which changes with every save."""
    return review.saved_at.isoformat() if review else ""


def send(invitation: Invitation, typed: Typed, *, base: str | None = None) -> Review:
    """Send the review to the editors; late ones too, as long as the round is open.

    What is typed is kept whatever comes of it. Raises RoundIsOver, NotWhole, Stale, SentBefore, NotDeclared,
    NotWaiting.
    """
    try:
        review = save(invitation, typed, base=base)
        finish(review)
    except SentBefore:
        sent = Review.objects.prefetch_related("scores").get(invitation=invitation)
        if typed_of(sent) == typed:
            # The button was pressed twice, perhaps at the same moment.
            return sent
        raise
    return review


@transaction.atomic
def finish(review: Review) -> None:
    try:
        current = rounds.lock_waiting(review.invitation, states=[State.ACCEPTED])
    except NotWaiting:
        if Invitation.objects.filter(pk=review.invitation_id, state=State.SENT).exists():
            raise SentBefore from None
        raise
    if what_is_missing(review):
        raise NotWhole
    review.sent_at = timezone.now()
    review.save(update_fields=["sent_at"])
    rounds.settle(current, State.SENT)
    rounds.look_at_disagreement(current.round)
    rounds.tell_if_complete(current.round)


def what_is_missing(review: Review) -> bool:
    scored = set(review.scores.values_list("criterion_id", flat=True))
    wanted = set(Criterion.objects.in_use().values_list("pk", flat=True))
    return bool(wanted - scored) or review.recommendation is None or not review.words_to_submitter.strip()
