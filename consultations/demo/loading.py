"""The demo content: invented people and what they discuss, from the TOML files in this folder.

Loading again adds what is missing and leaves alone what is there: spaces, consultations and questions are
known by slug and number, people by e-mail address, comments by a submission key made from their key.
Comments of all files are written in the order of their time, through `posting.py`, because ids are
numbers for people and the order of the discussion.
"""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django_countries import countries

from accounts.models import StakeholderGroup, User
from consultations import posting, states
from consultations.demo.reading import LANGUAGES, DemoProblem, Entry, read
from consultations.languages import WRITTEN
from consultations.models import Comment, Consultation, DiscussionSpace, Moderator, Objective, Question
from consultations.posting import Voice
from consultations.reactions import without

__all__ = ["ACCOUNTS", "FOLDER", "PASSWORD", "DemoProblem", "load"]

FOLDER = Path(__file__).parent
SPACES = "spaces.toml"
NAMESPACE = uuid.UUID("5c9f1f2a-7a55-4b60-9d57-6f0f6f3f2a11")

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

OPENS_AT = datetime.time(8, tzinfo=datetime.UTC)
CLOSES_AT = datetime.time(22, tzinfo=datetime.UTC)
EDITED_AFTER = datetime.timedelta(hours=2)
WITHDRAWN_AFTER = datetime.timedelta(hours=5)
# One in so many.
NOT_YET_CONFIRMED = 8


@dataclass
class Post:
    """A comment as a file gives it, and once written the comment that it became."""

    entry: Entry
    key: str
    question: Question
    reply_to: str
    author: User
    voice: Voice
    at: datetime.datetime
    language: str
    asks: bool
    is_withdrawn: bool
    body: str
    first_body: str
    submission_key: uuid.UUID
    comment: Comment | None = None
    parent: "Post | None" = None
    replies: "list[Post]" = field(default_factory=list)


@transaction.atomic
def load(folder: Path = FOLDER, today: datetime.date | None = None) -> Counter:
    """Add what is missing of the demo content in `folder`; dates are relative to `today`.

    Returns how many objects of each kind were made, by the kind's name in the plural.
    Raises DemoProblem, with nothing changed, when a file is wrong.
    """
    today = today or timezone.now().date()
    made: Counter = Counter()
    groups = {group.slug: group for group in StakeholderGroup.objects.all()}
    accounts = {key: ensure_account(fields, groups, made) for key, fields in ACCOUNTS.items()}
    spaces = ensure_spaces(folder / SPACES, made)
    posts = []
    for file in sorted(folder.glob("*.toml")):
        if file.name != SPACES:
            posts += load_file(file, today, spaces, groups, accounts, made)
    posts.sort(key=lambda post: post.at)
    new = [post for post in posts if not post.comment]
    for post in new:
        # Nobody is told today of what was said weeks ago.
        with without("consultations.following"):
            publish(post)
    for post in new:
        if post.is_withdrawn:
            withdraw(post)
    made["comments"] += len(new)
    return +made


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


def load_file(file: Path, today, spaces, groups, accounts, made: Counter) -> list[Post]:
    """Make the consultation of one file with its people and questions; returns its comments, unwritten."""
    tables = read(file)
    if unknown := tables.keys() - {"consultation", "question", "person", "comment"}:
        raise DemoProblem(f"{file.name}: the table “{min(unknown)}” is unknown.")
    if len(tables.get("consultation", [])) != 1:
        raise DemoProblem(f"{file.name}: there must be one [consultation].")
    people = accounts | ensure_people(tables.get("person", []), groups, accounts, made)
    consultation = ensure_consultation(tables["consultation"][0], today, spaces, people, made)
    questions = {0: consultation.questions.get(number=None)}
    for entry in tables.get("question", []):
        question = ensure_question(entry, consultation, made)
        questions[question.number] = question
    for question in questions.values():
        question.consultation = consultation
    return link([read_post(entry, consultation, questions, people, today) for entry in tables.get("comment", [])])


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


def ensure_consultation(entry: Entry, today, spaces, people, made: Counter) -> Consultation:
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
    return consultation


def ensure_question(entry: Entry, consultation: Consultation, made: Counter) -> Question:
    number = entry.take("number", int)
    is_open = entry.take("is_open", bool, True)
    fields = {"state": Question.State.OPEN if is_open else Question.State.CLOSED}
    fields |= entry.translations("text") | entry.translations("introduction", required=False)
    entry.end()
    question, is_new = Question.objects.get_or_create(consultation=consultation, number=number, defaults=fields)
    made["questions"] += is_new
    return question


def read_post(entry: Entry, consultation: Consultation, questions, people, today) -> Post:
    key, hours = entry.take("key"), entry.take("hours", (int, float))
    pseudonym = entry.take("pseudonym", str, "")
    if pseudonym and not consultation.allows_pseudonyms:
        raise entry.problem("“pseudonym” is given, and the consultation allows none.")
    is_edited = entry.take("edited", bool, False)
    post = Post(
        entry=entry,
        key=key,
        question=questions[entry.choose("question", questions)],
        reply_to=entry.take("reply_to", str, ""),
        author=people[entry.choose("by", people)],
        voice=Voice(entry.choose("capacity", Comment.Capacity.values), pseudonym),
        at=consultation.opens_at + datetime.timedelta(hours=hours),
        language=entry.choose("language", dict(WRITTEN)),
        asks=entry.take("asks", bool, False),
        is_withdrawn=entry.choose("state", ["published", "withdrawn"], "published") == "withdrawn",
        body=entry.take("body"),
        first_body=entry.take("first_body", str, ""),
        submission_key=uuid.uuid5(NAMESPACE, f"{consultation.slug}/{key}"),
    )
    entry.end()
    if is_edited != bool(post.first_body):
        raise entry.problem("“edited” and “first_body” go together.")
    # What happened so far ends with yesterday, so that a file is right or wrong at any time of the day.
    if not consultation.opens_at < post.at < min(consultation.closes_at, midnight(today)):
        raise entry.problem(f"“hours” is {hours}: the consultation is not open then, or it is still to come.")
    return post


def link(posts: list[Post]) -> list[Post]:
    """Let each post know what it answers, its answers, and the comment that an earlier load made of it."""
    keys = {post.submission_key for post in posts}
    consultations = {post.question.consultation_id for post in posts}
    known = Comment.objects.filter(question__consultation__in=consultations, submission_key__in=keys)
    comments = {comment.submission_key: comment for comment in known}
    by_key: dict[str, Post] = {}
    for post in sorted(posts, key=lambda post: post.at):
        if post.key in by_key:
            raise post.entry.problem("this key is given to two comments.")
        by_key[post.key] = post
        post.comment = comments.get(post.submission_key)
        if not post.reply_to:
            continue
        post.parent = by_key.get(post.reply_to)
        if not post.parent:
            raise post.entry.problem(f"“reply_to” is {post.reply_to}, which is no earlier comment of this file.")
        if post.parent.question != post.question:
            raise post.entry.problem(f"“reply_to” is {post.reply_to}, which belongs to another question.")
        post.parent.replies.append(post)
    return posts


def publish(post: Post) -> None:
    """Write the comment as its author would have at that time, with the text that it had first."""
    parent = post.parent and posting.lock_thread(post.parent.comment)
    # A moderator may have moved the thread since it was loaded.
    question = parent.question if parent else post.question
    first = post.first_body or post.body
    comment = posting.compose(post.author, question, parent, first, post.language, post.voice, post.asks)
    comment.created_at = post.at
    posting.write(comment, post.submission_key)
    post.comment = comment
    if post.first_body:
        edited_at = min(post.at + EDITED_AFTER, question.consultation.closes_at, timezone.now())
        posting.replace_text(comment, post.body, post.language, edited_at)
    # Most organizations and States have confirmed what was said for them; a few have not yet.
    if comment.confirmation == Comment.Confirmation.UNCONFIRMED and post.submission_key.int % NOT_YET_CONFIRMED:
        comment.confirmation = Comment.Confirmation.CONFIRMED
        comment.save(update_fields=["confirmation"])


def withdraw(post: Post) -> None:
    """Take the comment back, some hours after the last reply to it."""
    latest = max([post.at, *(reply.at for reply in post.replies)])
    states.take_away(post.comment, min(latest + WITHDRAWN_AFTER, timezone.now()), state=Comment.State.WITHDRAWN)


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(tzinfo=datetime.UTC))


def days_from(today: datetime.date, days: int) -> datetime.date:
    return today + datetime.timedelta(days=days)
