"""Plain functions that make what a test needs. Every one saves what it returns."""

import datetime
import itertools
import uuid

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import StakeholderGroup, User
from consultations import posting
from consultations.models import Comment, Consultation, DiscussionSpace, Moderator, Objective, Question
from hub.resources import listing
from hub.resources.addresses import normalise
from hub.resources.models import Call, Practice, Region, Resource

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


def organizer(**fields) -> User:
    made = person(is_staff=True, **fields)
    made.groups.add(Group.objects.get(name="Organizers"))
    return made


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


def call(*, days=(-10, 10), **fields) -> Call:
    """A published call for submissions that opens and closes so many days from now."""
    number = next(numbers)
    opens, closes = (timezone.now() + datetime.timedelta(days=day) for day in days)
    fields = {
        "slug": f"call-{number}",
        "title_en": f"Call {number}",
        "text_en": "Tell us what works.",
        "is_published": True,
    } | fields
    return Call.objects.create(opens_at=opens, closes_at=closes, **fields)


def resource(*, objectives=(1,), regions=("africa",), practice=None, **fields) -> Resource:
    """A draft in which nothing is missing; `practice` holds what a practice tells besides."""
    number = next(numbers)
    fields = {
        "title_en": f"Papers that travel, part {number}",
        "summary_en": "Guidance for civil registries.",
        "kind": Resource.Kind.TOOLKIT,
        "address": f"https://example.org/papers/{number}",
        "publisher": "Registries in Motion",
        "year": 2025,
        "languages": ["en", "fr"],
        "scope": Resource.Scope.GLOBAL,
        "comprehensiveness": Resource.Comprehensiveness.BROAD,
    } | fields
    made = Resource.objects.create(normalised_address=normalise(fields["address"]), **fields)
    made.objectives.set(Objective.objects.filter(number__in=objectives))
    made.regions.set(Region.objects.filter(slug__in=regions))
    if practice:
        Practice.objects.create(resource=made, **practice)
    return made


def listed_resource(**fields) -> Resource:
    """A resource that was submitted and listed as editors do it."""
    made = resource(**{"state": Resource.State.SUBMITTED} | fields)
    listing.list_resource(made, None)
    made.refresh_from_db()
    return made
