"""What a moderator saw when a form was shown, so that a decision is never about something else.

A comment's stamp changes with its state, its text, the text that waits to replace it, each act about it and each
report of it. Of a whole consultation, a form knows which act was the last one.
"""

from dataclasses import dataclass
from datetime import datetime

from consultations.models import Comment, Consultation
from consultations.moderation.models import Act, Report


@dataclass(frozen=True)
class Stamp:
    state: str
    edited: int
    act: int
    reports: int
    proposed: int = 0

    def __str__(self):
        return f"{self.state}.{self.edited}.{self.act}.{self.reports}.{self.proposed}"

    @classmethod
    def of(cls, comment: Comment, act: int | None, reports: int) -> "Stamp":
        """From the id of the last act about the comment and the number of its reports."""
        proposed = comment.waiting_text
        return cls(
            comment.state,
            microseconds(comment.edited_at),
            act or 0,
            reports,
            microseconds(proposed.proposed_at if proposed else None),
        )

    @classmethod
    def now(cls, comment: Comment) -> "Stamp":
        act = Act.objects.filter(comment=comment).values_list("pk", flat=True).first()
        return cls.of(comment, act, Report.objects.filter(comment=comment).count())

    @classmethod
    def read(cls, written: str) -> "Stamp | None":
        """The stamp that a form carried, or None when it is none."""
        state, *numbers = written.split(".")
        if len(numbers) != 4 or not all(is_number(each) for each in numbers):
            return None
        return cls(state, *map(int, numbers))


def last_act(consultation: Consultation) -> int:
    """What the reader of a page about a whole consultation has seen: everything up to this act."""
    return Act.objects.filter(consultation=consultation).values_list("pk", flat=True).first() or 0


def last_act_read(written: str) -> int | None:
    """The one that a form carried, or None when it is none."""
    return int(written) if is_number(written) else None


def is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) < 19


def microseconds(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1_000_000) if moment else 0
