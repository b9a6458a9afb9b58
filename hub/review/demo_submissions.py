"""The submissions of the demonstration and their reviews, from submissions.toml.

What happened to them happens again in the order of its time, through the functions that pages call, and the schedule
looks at them every morning between. Loading again adds what is missing and leaves alone what is there: a submission
is known by its slug, and belongs, once it is made, to whoever uses the demonstration. Nobody is written to.
"""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from consultations.demo.another_time import at, quietly
from consultations.demo.reading import Entry, read
from consultations.demo.steps import Step, midnight
from consultations.languages import WRITTEN
from hub.resources import drafting, files, submitting
from hub.resources.demo import People, load_resource, moment
from hub.resources.models import Resource
from hub.resources.states import ResourceError
from hub.review import deciding, reviewing, rounds, tasks
from hub.review.demo import ACCOUNTS, pdf
from hub.review.models import Criterion, Invitation, Level, Member, Recommendation

FILE = Path(__file__).with_name("submissions.toml")
MORNING = datetime.timedelta(hours=7)
RECOMMENDATIONS = {each.name.lower().replace("_", "-"): each for each in Recommendation}
Deed = Callable[[], object]


@dataclass(frozen=True)
class Submission:
    """One submission of the file, by its slug, and who is in its story."""

    slug: str
    submitter: User
    editor: User

    @property
    def resource(self) -> Resource:
        return Resource.objects.get(slug=self.slug)

    def invitation(self, entry: Entry, key: str) -> Invitation:
        """That of the reviewer with this key in the latest round; or of whom the portal has asked last."""
        found = Invitation.objects.filter(round=self.resource.rounds.last())
        if key == "arbiter":
            found = found.filter(seat=Invitation.Seat.ARBITER)
        elif key == "replacement":
            found = found.filter(invited_by=None).exclude(seat=Invitation.Seat.ARBITER)
        else:
            found = found.filter(member__user__email=email_of(key))
        if not (invitation := found.last()):
            raise entry.problem(f"{key} was not asked.")
        return invitation


def load(file: Path = FILE, today: datetime.date | None = None) -> Counter:
    """Add what is missing; dates are relative to `today`. Returns how many of each kind were made.

    The roster has to be there. Raises DemoProblem, with nothing changed, when the file is wrong.
    """
    with quietly(), transaction.atomic():
        return load_all(file, today or timezone.now().date())


def load_all(file: Path, today: datetime.date) -> Counter:
    made: Counter = Counter()
    people = People(made)
    tables = read(file)
    for name in tables.keys() - {"person", "submission"}:
        raise tables[name][0].problem("this table is unknown.")
    for entry in tables.get("person", []):
        people.add(entry)
    editor = User.objects.get(email=ACCOUNTS["editor"]["email"])
    steps = [step for entry in tables.get("submission", []) for step in read_steps(entry, today, people, editor, made)]
    new = [step for step in steps if step.is_new]
    if new:
        first = min(step.at for step in new).date()
        slugs = [entry.values["slug"] for entry in tables["submission"]]
        new += [Step(steps[0].entry, morning, lambda: look_at(slugs), True) for morning in mornings(first, today)]
    for step in sorted(new, key=attrgetter("at")):
        take(step)
        made[step.kind] += bool(step.kind)
    return +made


def mornings(first: datetime.date, today: datetime.date) -> list[datetime.datetime]:
    """After the day `first`, until the last one that has begun."""
    days = range(1, (today - first).days + 1)
    found = [midnight(first + datetime.timedelta(days=number)) + MORNING for number in days]
    return [morning for morning in found if morning <= timezone.now()]


def look_at(slugs: list[str]) -> None:
    """What the schedule does for the invitations of these submissions."""
    found = tasks.needing_something().filter(round__resource__slug__in=slugs)
    for key in list(found.values_list("pk", flat=True)):
        tasks.look_at.call(key)


def take(step: Step) -> None:
    """Let it happen at its time."""
    try:
        with at(step.at):
            step.happen()
    except ResourceError as refusal:
        raise step.entry.problem(f"this could not be done: {refusal}") from refusal


def read_steps(entry: Entry, today: datetime.date, people: People, editor: User, made: Counter) -> list[Step]:
    """How a submission began, and what happened to it; all of it new, or nothing."""
    given, lines = entry.take("step", list, []), entry.take("file", list, [])
    slug, begun = entry.values["slug"], moment(today, entry.values["days"])
    is_new = not Resource.objects.filter(slug=slug).exists()
    by = entry.choose("by", people.keys)
    submission = Submission(slug, people.get(by), editor)

    def begin():
        fields = entry.values | {"state": Resource.State.DRAFT, "by": by}
        resource = load_resource(Entry(entry.file, entry.place, fields), today, people, {}, made)
        if lines:
            files.keep(resource, File(pdf(lines), f"{slug}.pdf"), resource.languages[0])

    steps = [Step(entry, begun, begin, is_new)]
    for number, values in enumerate(given, start=1):
        table = Entry(entry.file, f"{entry.place}, step {number}", values)
        what, when = table.choose("what", DEEDS), moment(today, table.take("days", int))
        # At some time of the working day unless it is given, so that they are not all of one minute.
        some = (len(slug) * 37 + number * 101) % 540 / 60
        when += datetime.timedelta(hours=table.take("hours", (int, float), some))
        if not steps[-1].at < when < midnight(today):
            raise table.problem("it does not come after the step before, or is still to come.")
        deed = DEEDS[what](table, submission)
        table.end()
        steps.append(Step(table, when, deed, is_new, KINDS.get(what, "")))
    return steps


# What can happen. Each reads its entry, and returns what is to be done at its time.


def submit(entry: Entry, submission: Submission) -> Deed:
    return lambda: submitting.submit(submission.resource, submission.submitter)


def answer(entry: Entry, submission: Submission) -> Deed:
    words = entry.take("words").strip()

    def deed() -> None:
        # The text in the file is the one after the changes.
        drafting.note_change(submission.resource)
        submitting.answer_changes(submission.resource, submission.submitter, words)

    return deed


def withdraw(entry: Entry, submission: Submission) -> Deed:
    return lambda: submitting.withdraw(submission.resource, submission.submitter)


def begin(entry: Entry, submission: Submission) -> Deed:
    members = [member(entry, key) for key in entry.take("reviewers", list)]
    return lambda: rounds.begin(submission.resource, members, submission.editor)


def accept(entry: Entry, submission: Submission) -> Deed:
    keys, has_declared = entry.take("reviewers", list), entry.take("declared", bool, True)

    def happen():
        for key in keys:
            invitation = rounds.accept(submission.invitation(entry, key))
            if has_declared:
                rounds.declare(invitation, is_free=True)

    return happen


def decline(entry: Entry, submission: Submission) -> Deed:
    key, words = entry.take("reviewer"), entry.take("words").strip()
    return lambda: rounds.decline(submission.invitation(entry, key), words)


def declare_conflict(entry: Entry, submission: Submission) -> Deed:
    key, words = entry.take("reviewer"), entry.take("words").strip()
    return lambda: rounds.declare(submission.invitation(entry, key), is_free=False, words=words)


def save(entry: Entry, submission: Submission) -> Deed:
    key, typed = entry.take("reviewer"), read_review(entry, is_whole=False)
    return lambda: reviewing.save(submission.invitation(entry, key), typed)


def send(entry: Entry, submission: Submission) -> Deed:
    key, typed = entry.take("reviewer"), read_review(entry, is_whole=True)
    return lambda: reviewing.send(submission.invitation(entry, key), typed)


def decide(entry: Entry, submission: Submission) -> Deed:
    verdict, words = entry.choose("verdict", deciding.Verdict.values), entry.take("words").strip()
    early = entry.take("early", bool, False)

    def happen():
        resource = submission.resource
        seen = deciding.sight(resource)
        deciding.decide(resource, submission.editor, verdict, words=words, seen=seen, early=early)

    return happen


DEEDS = {
    "submit": submit,
    "answer": answer,
    "withdraw": withdraw,
    "begin": begin,
    "accept": accept,
    "decline": decline,
    "conflict": declare_conflict,
    "save": save,
    "send": send,
    "decide": decide,
}
KINDS = {"begin": "rounds of review", "send": "reviews", "save": "reviews"}


def member(entry: Entry, key: str) -> Member:
    if found := Member.objects.filter(user__email=email_of(key)).first():
        return found
    raise entry.problem(f"{key} is not on the roster.")


def email_of(key: str) -> str:
    return ACCOUNTS[key]["email"] if key in ACCOUNTS else f"reviewer-{key}@example.org"


def read_review(entry: Entry, *, is_whole: bool) -> reviewing.Typed:
    """Levels stand in the order of the criteria; 0 is “cannot judge”, and a list that is too short is not finished."""
    levels = entry.choose_all("levels", [0, *Level.values])
    recommends = entry.choose("recommends", RECOMMENDATIONS, *([] if is_whole else [None]))
    return reviewing.Typed(
        words_to_submitter=entry.take("words").strip(),
        words_to_editors=entry.take("to_editors", str, "").strip(),
        language=entry.choose("language", dict(WRITTEN)),
        recommendation=None if recommends is None else int(RECOMMENDATIONS[recommends]),
        levels={
            criterion.pk: level or None for criterion, level in zip(Criterion.objects.in_use(), levels, strict=False)
        },
    )
