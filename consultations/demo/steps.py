"""What the files tell is a story: steps, each at its time."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.models import User
from consultations.demo.reading import Entry
from consultations.models import Consultation, Question

NAMESPACE = uuid.UUID("5c9f1f2a-7a55-4b60-9d57-6f0f6f3f2a11")


@dataclass(frozen=True)
class Step:
    """Something that happened, by what is written in `entry`. What an earlier load has done is not new."""

    entry: Entry
    at: datetime.datetime
    happen: Callable[[], object]
    is_new: bool
    # What it adds to the count of what was made; empty for what goes with another step.
    kind: str = ""


@dataclass
class Story:
    """One consultation, with all whom and what the entries of its file name by their keys."""

    consultation: Consultation
    # Made by this load.
    is_new: bool
    people: dict[str, User]
    questions: dict[int, Question]
    # The numbers of those that come out of contributions.
    promoted: list[int]
    today: datetime.date
    posts: dict = field(default_factory=dict)

    def time(self, entry: Entry, *, while_open: bool = False) -> datetime.datetime:
        """What “hours” after the opening is. It ends with yesterday, so that a file is right or wrong all day."""
        hours = entry.take("hours", (int, float))
        at = self.consultation.opens_at + datetime.timedelta(hours=hours)
        if at >= midnight(self.today):
            raise entry.problem(f"“hours” is {hours}: that is still to come.")
        if while_open and not self.consultation.opens_at < at < self.consultation.closes_at:
            raise entry.problem(f"“hours” is {hours}: the consultation is not open then.")
        return at

    def person(self, entry: Entry, name: str = "by") -> User:
        return self.people[entry.choose(name, self.people)]

    def question(self, entry: Entry) -> Question:
        return self.questions[entry.choose("question", self.questions)]

    def key_of(self, entry: Entry) -> uuid.UUID:
        """The submission key by which something of this file is known when it is loaded again."""
        return uuid.uuid5(NAMESPACE, f"{self.consultation.slug}/{entry.take('key')}")


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(tzinfo=datetime.UTC))
