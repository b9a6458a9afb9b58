"""Plain functions that make what a test needs. Every one saves what it returns."""

import datetime
import itertools
import uuid

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import StakeholderGroup, User
from consultations import posting
from consultations.models import Comment, Consultation, DiscussionSpace, Moderator, Question

PASSWORD = "a quiet harbour at noon"
numbers = itertools.count(1)


def person(**fields) -> User:
    """A participant with a confirmed e-mail address, who can log in with PASSWORD."""
    number = next(numbers)
    fields = {"email": f"person{number}@example.org", "name": f"Person {number}"} | fields
    if isinstance(group := fields.get("group"), str):
        fields["group"] = StakeholderGroup.objects.get(slug=group)
    made = User.objects.create_user(password=PASSWORD, **fields)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def admin(**fields) -> User:
    return person(is_staff=True, is_superuser=True, **fields)


def space(**fields) -> DiscussionSpace:
    number = next(numbers)
    return DiscussionSpace.objects.create(**{"slug": f"space-{number}", "title_en": f"Space {number}"} | fields)


def consultation(*, days=(-10, 10), questions=1, **fields) -> Consultation:
    """A published consultation that opened and closes so many days from now, with its questions."""
    number = next(numbers)
    now = timezone.now()
    opens, closes = (now + datetime.timedelta(days=day) for day in days)
    fields = {
        "slug": f"consultation-{number}",
        "state": Consultation.State.PUBLISHED,
        "opens_at": opens,
        "closes_at": closes,
        "languages": ["en", "fr", "es"],
        "title_en": f"Consultation {number}",
        "title_fr": f"Consultation n\u00b0\u00a0{number}",
        "title_es": f"Consulta {number}",
        "summary_en": "What the round table should hear.",
        "aim_en": "The paper is short.",
        "how_to_contribute_en": "Choose a question.",
    } | fields
    if "space" not in fields:
        fields["space"] = space()
    made = Consultation.objects.create(**fields)
    for each in range(1, questions + 1):
        question(made, number=each)
    return made


def question(of: Consultation | None = None, **fields) -> Question:
    of = of or consultation(questions=0)
    number = fields.pop("number", 1)
    texts = {
        "text_en": f"What matters most, part {number}?",
        "text_fr": f"Qu’est-ce qui compte le plus, partie {number}\u00a0?",
        "text_es": f"¿Qué es lo más importante, parte {number}?",
    }
    return Question.objects.create(consultation=of, number=number, **texts | fields)


def moderator(of: Consultation, **fields) -> User:
    made = person(**fields)
    Moderator.objects.create(consultation=of, user=made, organization="Secretariat")
    return made


def comment(question: Question, parent: Comment | None = None, **fields) -> Comment:
    """A comment posted as people post it; a fresh author unless one is given."""
    fields = {
        "author": fields.pop("author", None) or person(),
        "body": f"A district form with eleven fields, number {next(numbers)}.",
        "language": "en",
        "submission_key": uuid.uuid4(),
    } | fields
    return posting.post_comment(question=question, parent=parent, **fields)
