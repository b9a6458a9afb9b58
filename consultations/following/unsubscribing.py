"""The signed address with which one kind of mail is stopped, without logging in."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer

from consultations.following import preferences
from consultations.following.models import Kind

# Long tokens are not ours.
LONGEST = 200


@dataclass(frozen=True)
class Subscription:
    """One person's mail of one kind, or what comes in digests."""

    user: object
    what: str

    @property
    def label(self) -> str:
        return "" if self.what == preferences.DIGEST else Kind(self.what).label


def signer() -> Signer:
    return Signer(salt="unsubscribe", sep="~")


def token_for(user, what: str) -> str:
    """Holds for good, because old mails are kept."""
    return signer().sign(f"{user.pk}-{what}")


def read(token: str) -> Subscription | None:
    """Whom and what a token names; None when it was not made here, or the account is gone."""
    if len(token) > LONGEST:
        return None
    try:
        pk, _dash, what = signer().unsign(token).partition("-")
    except BadSignature:
        return None
    user = get_user_model().objects.filter(pk=int(pk)).first()
    return Subscription(user, what) if user else None
