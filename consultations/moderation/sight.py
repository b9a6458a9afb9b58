"""What a moderator saw when a form was shown, so that a decision is never about something else.

A comment's stamp changes with its state, its text, each act about it and each report of it.
"""

from dataclasses import dataclass

from consultations.models import Comment
from consultations.moderation.models import Act, Report


@dataclass(frozen=True)
class Stamp:
    state: str
    edited: int
    act: int
    reports: int

    def __str__(self):
        return f"{self.state}.{self.edited}.{self.act}.{self.reports}"

    @classmethod
    def of(cls, comment: Comment, act: int | None, reports: int) -> "Stamp":
        """From the id of the last act about the comment and the number of its reports."""
        edited = int(comment.edited_at.timestamp() * 1_000_000) if comment.edited_at else 0
        return cls(comment.state, edited, act or 0, reports)

    @classmethod
    def now(cls, comment: Comment) -> "Stamp":
        act = Act.objects.filter(comment=comment).values_list("pk", flat=True).first()
        return cls.of(comment, act, Report.objects.filter(comment=comment).count())

    @classmethod
    def read(cls, written: str) -> "Stamp | None":
        """The stamp that a form carried, or None when it is none."""
        state, *numbers = written.split(".")
        if len(numbers) != 3 or not all(each.isascii() and each.isdigit() and len(each) < 19 for each in numbers):
            return None
        return cls(state, *map(int, numbers))
