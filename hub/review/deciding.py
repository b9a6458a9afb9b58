"""What an editor decides about a submission, from what they have seen of it."""

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hub.resources import listing, versions
from hub.resources.models import Resource, StateChange
from hub.resources.states import StateHasChanged
from hub.review import permissions, rounds
from hub.review.models import Invitation, Round
from hub.review.rounds import ReviewError

State = Resource.State


class Verdict(TextChoices):
    LIST = "list", _("List it")
    CHANGES = "changes", _("Ask for changes")
    DECLINE = "decline", _("Do not list it")
    TAKE_OFF = "take_off", _("Take it off the list")
    LIST_AGAIN = "list_again", _("List it again, as it was")
    TAKE_UP_AGAIN = "take_up_again", _("Take it up again, as if it had just been submitted")


FUNCTIONS = {
    Verdict.LIST: listing.list_resource,
    Verdict.CHANGES: listing.request_changes,
    Verdict.DECLINE: listing.decline,
    Verdict.TAKE_OFF: listing.take_off,
    Verdict.LIST_AGAIN: listing.list_again,
    Verdict.TAKE_UP_AGAIN: listing.take_up_again,
}
OUTCOMES = {
    Verdict.LIST: State.LISTED,
    Verdict.CHANGES: State.CHANGES_REQUESTED,
    Verdict.DECLINE: State.DECLINED,
    Verdict.TAKE_OFF: State.DECLINED,
    Verdict.LIST_AGAIN: State.LISTED,
    Verdict.TAKE_UP_AGAIN: State.SUBMITTED,
}
# What can be decided in each state; nothing in the others. While its submitter changes it there is no text to list.
VERDICTS = {
    State.SUBMITTED: [Verdict.LIST, Verdict.CHANGES, Verdict.DECLINE],
    State.IN_REVIEW: [Verdict.LIST, Verdict.CHANGES, Verdict.DECLINE],
    State.CHANGES_REQUESTED: [Verdict.DECLINE],
    State.LISTED: [Verdict.TAKE_OFF],
    State.DECLINED: [Verdict.LIST_AGAIN, Verdict.TAKE_UP_AGAIN],
}
# About what has been decided already, whatever reviews there are.
UNDOING = {Verdict.TAKE_OFF, Verdict.LIST_AGAIN, Verdict.TAKE_UP_AGAIN}


def verdicts_of(resource: Resource) -> list[Verdict]:
    """What can be decided about the resource as it stands; only what was listed can be listed again."""
    possible = VERDICTS.get(resource.state, [])
    return [each for each in possible if each != Verdict.LIST_AGAIN or resource.listed_at]


class NotReviewed(ReviewError):
    message = _(
        "Nobody has reviewed it yet, and nothing is listed that nobody has reviewed. Begin a review, ask for changes, "
        "or do not list it."
    )


class ReasonNeeded(ReviewError):
    message = _("Not all reviews are in: write in a sentence or two why it is listed all the same.")


class FewerReviews(ReasonNeeded):
    message = _("Fewer people have reviewed it than should: write in a sentence or two why it is listed all the same.")


class TooEarly(ReviewError):
    message = _("Not all reviews are in. Tick that you decide without them, or wait.")


class ReviewCameIn(ReviewError):
    message = _("Another review came in while you were writing. Read it, then decide; nothing was changed by you.")


class TextHasChanged(ReviewError):
    message = _(
        "The text has changed since you opened this page. Read it as it is now, then decide; nothing was changed by "
        "you."
    )


class NotYours(ReviewError):
    message = _(
        "Another editor decides about this one: you submitted it yourself, were asked to review it, or are of the "
        "submitter’s organization."
    )


def sight(resource: Resource) -> str:
    """A stamp of what an editor sees before they decide: the state, since when, how many reviews, and the text.

    What was sent stays as it is, whatever its submitter types meanwhile.
    """
    sent = Invitation.objects.filter(round__resource=resource, state=Invitation.State.SENT).count()
    text = "sent" if versions.shown_to_editors(resource) else versions.digest(resource)
    return f"{resource.state}/{resource.state_since.isoformat()}/{sent}/{text}"


def last_round(resource: Resource) -> Round | None:
    return Round.objects.filter(resource=resource).order_by("number").last()


def is_ready(resource: Resource) -> bool:
    """Has the resource been reviewed as it should, so that a decision needs no further thought?"""
    return is_complete(resource) and not rounds.has_fewer(last_round(resource))


def is_complete(resource: Resource) -> bool:
    """Are all reviews in that the last round is for, be it fewer than every resource should have?"""
    last = last_round(resource)
    return bool(last) and rounds.is_complete(last)


def has_begun(resource: Resource) -> bool:
    """Was anybody ever asked to review it?"""
    return Round.objects.filter(resource=resource).exists()


def is_reviewed(resource: Resource) -> bool:
    """Has anybody sent a review of it, in any round?"""
    return Invitation.objects.filter(round__resource=resource, state=Invitation.State.SENT).exists()


def require_reviews(resource: Resource, verdict: str, words: str, *, early: bool) -> None:
    """May this be decided with the reviews that there are?

    Nothing is listed without a review, nor with fewer than wanted unless the words say why. What is not reviewed at
    all can be given back or declined. Raises NotReviewed, TooEarly, ReasonNeeded, FewerReviews.
    """
    if verdict in UNDOING or is_ready(resource):
        return
    lists = verdict == Verdict.LIST
    if lists and not is_reviewed(resource):
        raise NotReviewed
    is_in = is_complete(resource)
    if not is_in and not early and has_begun(resource):
        raise TooEarly
    if lists and not words.strip():
        raise FewerReviews if is_in else ReasonNeeded


@transaction.atomic
def decide(resource: Resource, editor, verdict: str, *, words: str, seen: str, early: bool = False) -> StateChange:
    """List it, ask for changes, decline it, take it off the list, or undo one of these; all are told, the round ends.

    `seen` is the stamp of what the editor saw. The same decision sent twice is one. Raises NotYours, StateHasChanged,
    ReviewCameIn, TextHasChanged, what `require_reviews` and `listing` raise; then nothing has changed.
    """
    current = Resource.objects.select_for_update().get(pk=resource.pk)
    if not permissions.may_handle(editor, current):
        raise NotYours
    if seen != (now := sight(current)):
        last = current.state_changes.last()
        if last and last.by_id == editor.pk and last.after == OUTCOMES[verdict] and last.words == words:
            return last
        if not seen.startswith(f"{current.state}/{current.state_since.isoformat()}/"):
            raise StateHasChanged(current.state)
        raise TextHasChanged if seen.rpartition("/")[0] == now.rpartition("/")[0] else ReviewCameIn
    if verdict not in verdicts_of(current):
        raise StateHasChanged(current.state)
    require_reviews(current, verdict, words, early=early)
    return FUNCTIONS[Verdict(verdict)](current, editor, words)
