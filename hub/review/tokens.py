"""The signed address in the mail that asks for a review: it works without logging in, for this invitation only."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from hub.review.models import Invitation

# Long tokens are not ours.
LONGEST = 100


def signer() -> Signer:
    return Signer(salt="review-invitation", sep="~")


def address(invitation: Invitation) -> str:
    """Where the invitation is answered, in the language that is active."""
    return reverse("review_invitation", args=[signer().sign(str(invitation.pk))])


def read(token: str) -> Invitation | None:
    """The invitation that a token names; None when it was not made here, or the invitation is gone."""
    if len(token) > LONGEST:
        return None
    try:
        pk = signer().unsign(token)
    except BadSignature:
        return None
    return Invitation.objects.select_related("round__resource__submitted_by", "member__user").filter(pk=int(pk)).first()
