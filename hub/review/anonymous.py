"""Reviews without their writers: what the submitter reads, and what reviewers read of each other."""

from dataclasses import dataclass
from string import ascii_uppercase

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from hub.resources.models import Resource, StateChange
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
            (str(score.criterion), str(score.get_level_display()) if score.level else _("cannot judge"))
            for score in self.review.scores.all()
        ]


def reviews(this_round: Round, user=None) -> list[AnonymousReview]:
    """The sent reviews of a round as Reviewer A, B, …, as they came in: so a letter once read stays the same."""
    return by_round([this_round], user)[this_round.pk]


def read_by_submitter(resource: Resource):
    """The rounds of which the submitter reads the reviews, the latest first: those that an editor's decision ended.

    Who withdraws in the middle of a round does not read what was not finished.
    """
    withdrawn = StateChange.objects.filter(resource=OuterRef("resource"), after=Resource.State.WITHDRAWN)
    ended_by_it = withdrawn.filter(at__gte=OuterRef("opened_at"), at__lte=OuterRef("closed_at"))
    past = Round.objects.filter(resource=resource, closed_at__isnull=False)
    return past.exclude(Exists(ended_by_it)).order_by("-number")


def by_round(rounds: list[Round], user=None) -> dict[int, list[AnonymousReview]]:
    """The same for several rounds, by their keys, in a constant number of queries."""
    found = (
        Review.objects.filter(invitation__round__in=rounds, invitation__state=Invitation.State.SENT)
        .select_related("invitation__member")
        .prefetch_related("scores__criterion")
        .order_by("sent_at", "pk")
    )
    gathered = {each.pk: [] for each in rounds}
    for review in found:
        of_round = gathered[review.invitation.round_id]
        letter = ascii_uppercase[len(of_round) % len(ascii_uppercase)]
        is_mine = bool(user) and review.invitation.member.user_id == user.pk
        of_round.append(AnonymousReview(_("Reviewer %(letter)s") % {"letter": letter}, review, is_mine))
    return gathered
