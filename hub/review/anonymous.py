"""Reviews without their writers: what the submitter reads, and what reviewers read of each other."""

from dataclasses import dataclass
from string import ascii_uppercase

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hub.review.models import Invitation, Review, Round


@dataclass(frozen=True)
class AnonymousReview:
    """One sent review as those may read it who do not learn whose it is."""

    name: str
    review: Review
    is_mine: bool = False

    @property
    def scores(self) -> list[tuple[str, str]]:
        """Each criterion with the level in words, in the order of the criteria."""
        return [
            (str(score.criterion), str(score.get_level_display() if score.level else _("cannot judge")))
            for score in self.review.scores.all()
        ]


def reviews(round: Round, user=None) -> list[AnonymousReview]:
    """The sent reviews of a round as Reviewer A, B, …: in an order that is chance, but the same each time."""
    found = (
        Review.objects.filter(invitation__round=round, invitation__state=Invitation.State.SENT)
        .select_related("invitation__member")
        .prefetch_related("scores__criterion")
    )
    shuffled = sorted(found, key=lambda review: salted_hmac("reviewers", str(review.invitation_id)).hexdigest())
    return [
        AnonymousReview(
            name=_("Reviewer %(letter)s") % {"letter": letter},
            review=review,
            is_mine=bool(user) and review.invitation.member.user_id == user.pk,
        )
        for letter, review in zip(ascii_uppercase, shuffled, strict=False)
    ]
