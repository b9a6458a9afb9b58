"""Whose form is it? A form says for whom it was rendered, so that a text sent after the session has ended waits for the
same person, and is given to nobody else who logs in next in this browser."""

from django.core import signing

FIELD = "whose"
SIGNER = signing.Signer(salt="whose-form")


def mark_of(user) -> str:
    """What the form carries, as the value of FIELD."""
    return SIGNER.sign(user.pk)


def owner_in(posted) -> int | None:
    """The key of the person for whom the form was rendered; None where the form does not say, or was tampered with."""
    try:
        return int(SIGNER.unsign(posted.get(FIELD, "")))
    except (signing.BadSignature, ValueError):
        return None


def may_have(user, owner: int | None) -> bool:
    """May this person have what was kept for `owner`?"""
    return owner is None or owner == user.pk
