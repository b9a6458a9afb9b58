"""The demo content: invented people and what they discuss, from the TOML files in this folder.

Loading again adds what is missing and leaves alone what is there: spaces, consultations and questions are
known by slug and number, people by e-mail address, comments by a submission key made from their key.
What happened in all files (contributions, reports, decisions, announcements) happens again in the order of its
time, through the functions that pages call, because ids are numbers for people and the order of the discussion.
"""

import datetime
from collections import Counter
from pathlib import Path

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django_countries import countries

from accounts.models import StakeholderGroup, User
from consultations.demo import events
from consultations.demo.another_time import at, quietly
from consultations.demo.posts import link, read_post, steps_of
from consultations.demo.reading import LANGUAGES, DemoProblem, Entry, read
from consultations.demo.steps import Step, Story, midnight
from consultations.following import visits
from consultations.following.models import Notification
from consultations.models import Consultation, DiscussionSpace, Moderator, Objective, Question
from consultations.moderation import desk
from consultations.moderation.acts import ActError
from consultations.moderation.complaints import ComplaintError

__all__ = ["ACCOUNTS", "FOLDER", "PASSWORD", "DemoProblem", "load"]

FOLDER = Path(__file__).parent
SPACES = "spaces.toml"

PASSWORD = "demo-portal-2026"  # noqa: S105 (public on purpose, and refused in production)
# Those who can log in, by the key under which the files name them.
ACCOUNTS = {
    "admin": {
        "email": "admin@example.org",
        "name": "Portal administrator",
        "is_staff": True,
        "is_superuser": True,
    },
    "moderator": {
        "email": "moderator@example.org",
        "name": "Teresa Manalo",
        "organization": "Consultation secretariat",
        "country": "PH",
        "group": "un-entities",
    },
    "participant": {
        "email": "participant@example.org",
        "name": "Kwabena Asante",
        "organization": "Tamale Returnees’ Association",
        "country": "GH",
        "group": "diaspora-organizations",
    },
}

# How long before today they were here last; what they were told before is read.
LAST_HERE = {
    "moderator": datetime.timedelta(days=1, hours=7),
    "participant": datetime.timedelta(days=4, hours=5),
}

OPENS_AT = datetime.time(8, tzinfo=datetime.UTC)
CLOSES_AT = datetime.time(22, tzinfo=datetime.UTC)

# The tables of a consultation's file whose entries are steps of its story, with what reads them.
STEPS = {
    "announcement": events.announcement,
    "received": events.received,
    "focal_point": events.focal_point,
    "follow": events.follow,
    "event": events.event,
}


def load(folder: Path = FOLDER, today: datetime.date | None = None) -> Counter:
    """Add what is missing of the demo content in `folder`; dates are relative to `today`. Nobody has mail of it.

    Returns how many objects of each kind were made, by the kind's name in the plural.
    Raises DemoProblem, with nothing changed, when a file is wrong.
    """
    with quietly(), transaction.atomic():
        return load_all(folder, today or timezone.now().date())


def load_all(folder: Path, today: datetime.date) -> Counter:
    made: Counter = Counter()
    groups = {group.slug: group for group in StakeholderGroup.objects.all()}
    accounts = {key: ensure_account(fields, groups, made) for key, fields in ACCOUNTS.items()}
    spaces = ensure_spaces(folder / SPACES, made)
    steps = []
    for file in sorted(folder.glob("*.toml")):
        if file.name != SPACES:
            steps += load_file(file, today, spaces, groups, accounts, made)
    new = sorted((step for step in steps if step.is_new), key=lambda step: step.at)
    told_before = Notification.objects.aggregate(last=Max("pk"))["last"] or 0
    for step in new:
        take(step)
        made[step.kind] += bool(step.kind)
    if new:
        for key, ago in LAST_HERE.items():
            note_last_visit(accounts[key], midnight(today) - ago, told_before)
    return +made


def take(step: Step) -> None:
    """Let it happen at its time."""
    try:
        with at(step.at):
            step.happen()
    except (ActError, ComplaintError, PermissionDenied) as refusal:
        raise step.entry.problem(f"this could not be done: {str(refusal) or 'it is not permitted'}") from refusal


def note_last_visit(account: User, then: datetime.datetime, told_before: int) -> None:
    """What this account was told until then, and by this load, it has read; later things are new to it."""
    told = Notification.objects.filter(user=account, pk__gt=told_before, at__lte=then)
    told.update(read_at=then)
    with at(then):
        if not hasattr(account, "desk_visit"):
            desk.note_visit(account)
        if not account.visits.exists():
            visits.since(account, "contributions")


def ensure_account(fields: dict, groups: dict, made: Counter) -> User:
    """The account with this e-mail address, which can log in with PASSWORD if it is made now."""
    if found := User.objects.filter(email__iexact=fields["email"]).first():
        return found
    group = groups[fields["group"]] if "group" in fields else None
    account = User.objects.create_user(**fields | {"group": group, "password": PASSWORD})
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    made["people"] += 1
    return account


def ensure_spaces(file: Path, made: Counter) -> dict[str, DiscussionSpace]:
    spaces = {}
    for order, entry in enumerate(read(file).get("space", []), start=1):
        slug = entry.take("slug")
        fields = {"order": entry.take("order", int, order)}
        fields |= entry.translations("title") | entry.translations("introduction", required=False)
        entry.end()
        spaces[slug], is_new = DiscussionSpace.objects.get_or_create(slug=slug, defaults=fields)
        made["spaces"] += is_new
    return spaces


def load_file(file: Path, today, spaces, groups, accounts, made: Counter) -> list[Step]:
    """Make the consultation of one file with its people and questions; returns the steps of its story, not taken."""
    tables = read(file)
    if unknown := tables.keys() - {"consultation", "question", "person", "comment", *STEPS}:
        raise DemoProblem(f"{file.name}: the table “{min(unknown)}” is unknown.")
    if len(tables.get("consultation", [])) != 1:
        raise DemoProblem(f"{file.name}: there must be one [consultation].")
    people = accounts | ensure_people(tables.get("person", []), groups, accounts, made)
    consultation, is_new = ensure_consultation(tables["consultation"][0], today, spaces, people, made)
    questions = {0: consultation.questions.get(number=None)}
    for entry in tables.get("question", []):
        question = ensure_question(entry, consultation, made)
        questions[question.number] = question
    for question in questions.values():
        question.consultation = consultation
    promoted = events.numbers_promoted(tables.get("event", []))
    story = Story(consultation, is_new, people, questions, promoted, today)
    story.posts = link([read_post(entry, story) for entry in tables.get("comment", [])], consultation)
    steps = [step for post in story.posts.values() for step in steps_of(post)]
    for name, read_step in STEPS.items():
        steps += [read_step(entry, story) for entry in tables.get(name, [])]
    return steps


def ensure_people(entries: list[Entry], groups, accounts, made: Counter) -> dict[str, User]:
    people: dict[str, User] = {}
    for entry in entries:
        key = entry.take("key")
        if key in people or key in accounts:
            raise entry.problem("this key is given to two people.")
        email = entry.take("email").lower()
        if not email.endswith("@example.org"):
            raise entry.problem(f"“email” is {email}, which does not end in @example.org.")
        fields = {
            "name": entry.take("name"),
            "organization": entry.take("organization", str, ""),
            "country": entry.choose("country", dict(countries)),
            "group": groups[entry.choose("group", groups)],
            "language": entry.choose("language", LANGUAGES),
            "shows_profile": entry.take("shows_profile", bool, True),
        }
        entry.end()
        people[key] = User.objects.filter(email__iexact=email).first()
        if not people[key]:
            people[key] = User.objects.create_user(email, **fields)
            made["people"] += 1
    return people


def ensure_consultation(entry: Entry, today, spaces, people, made: Counter) -> tuple[Consultation, bool]:
    slug = entry.take("slug")
    opens, closes = entry.take("opens_days", int), entry.take("closes_days", int)
    if closes <= opens:
        raise entry.problem("“closes_days” must be after “opens_days”.")
    expected = entry.take("note_expected_days", int, None)
    is_published = entry.take("published", bool)
    fields = {
        "space": spaces[entry.choose("space", spaces)],
        "state": Consultation.State.PUBLISHED if is_published else Consultation.State.DRAFT,
        "opens_at": datetime.datetime.combine(days_from(today, opens), OPENS_AT),
        "closes_at": datetime.datetime.combine(days_from(today, closes), CLOSES_AT),
        "note_expected_on": None if expected is None else days_from(today, expected),
        "languages": entry.choose_all("languages", LANGUAGES),
        "allows_pseudonyms": entry.take("allows_pseudonyms", bool, False),
    }
    objectives = entry.choose_all("objectives", range(1, 24))
    moderators = [people[key] for key in entry.choose_all("moderators", people)]
    for name in ("title", "summary", "aim", "how_to_contribute", "audience"):
        fields |= entry.translations(name)
    for name in ("contact", "outcome"):
        fields |= entry.translations(name, required=False)
    entry.end()
    consultation, is_new = Consultation.objects.get_or_create(slug=slug, defaults=fields)
    if is_new:
        made["consultations"] += 1
        consultation.objectives.set(Objective.objects.filter(number__in=objectives))
        for person in moderators:
            Moderator.objects.create(consultation=consultation, user=person, organization=person.organization)
    return consultation, is_new


def ensure_question(entry: Entry, consultation: Consultation, made: Counter) -> Question:
    number = entry.take("number", int)
    is_open = entry.take("is_open", bool, True)
    fields = {"state": Question.State.OPEN if is_open else Question.State.CLOSED}
    fields |= entry.translations("text") | entry.translations("introduction", required=False)
    entry.end()
    question, is_new = Question.objects.get_or_create(consultation=consultation, number=number, defaults=fields)
    made["questions"] += is_new
    return question


def days_from(today: datetime.date, days: int) -> datetime.date:
    return today + datetime.timedelta(days=days)
