"""Deciding as a browser does: with the form of a case as it stands on the desk."""

from consultations.models import Comment
from consultations.moderation.models import Case
from tests.consultations.moderation.make_cases import case_of
from tests.forms import fields_of

DESK = "/en/moderation/"


def form_of(client, case: Case) -> dict:
    """What the form of the case would send, were no button pressed."""
    return fields_of(client.get(DESK), f"case-{case.pk}-form")


def address_of(case: Case) -> str:
    return f"{DESK}cases/{case.pk}/"


def decide(client, comment: Comment, act: str, *, kind: str = "", **fields):
    """Press the button `act` of the comment's case on the desk."""
    case = case_of(comment, kind)
    return client.post(address_of(case), form_of(client, case) | {"act": act, **fields})
