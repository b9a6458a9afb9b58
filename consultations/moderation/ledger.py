"""Reading the record of one consultation: a page of it, all of it as a file, and who and what is in it."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Comment, Consultation, Question
from consultations.moderation.models import Act, Announcement
from consultations.typography import in_a_row

PER_PAGE = 50
COLUMNS = [
    "number",
    "when",
    "what",
    "who",
    "contribution",
    "person",
    "rule",
    "rule_text",
    "why",
    "before",
    "after",
]
# What spreadsheets take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Choice:
    """Which acts somebody wants to see: of one kind, or of and about one person."""

    kind: str = ""
    person: int | None = None

    def acts(self, consultation: Consultation) -> QuerySet:
        """The latest first, by the index act_latest."""
        acts = Act.objects.filter(consultation=consultation).order_by("-pk")
        if self.kind:
            acts = acts.filter(kind=self.kind)
        if self.person is not None:
            acts = acts.filter(Q(actor_id=self.person) | Q(person_id=self.person))
        return acts


@dataclass(frozen=True)
class Page:
    """Some acts, and the number of the one before which the next page begins."""

    acts: list[Act]
    before: int | None


def page(consultation: Consultation, choice: Choice, before: int | None = None) -> Page:
    acts = choice.acts(consultation)
    if before is not None:
        acts = acts.filter(pk__lt=before)
    found = list(acts[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    people = {each.person_id for each in shown if each.person_id}
    names = dict(get_user_model().objects.filter(pk__in=people).values_list("pk", "name"))
    for each in shown:
        # None when nobody is concerned, empty when the account is gone.
        each.person_name = names.get(each.person_id, "") if each.person_id else None
    return Page(shown, shown[-1].pk if len(found) > PER_PAGE else None)


def actors(consultation: Consultation) -> list[tuple[int, str]]:
    """Who has acted, by name."""
    rows = Act.objects.filter(consultation=consultation, actor_id__isnull=False).order_by("actor_name", "actor_id")
    return list(dict(rows.values_list("actor_id", "actor_name").distinct()).items())


def rows(acts: QuerySet) -> Iterator[dict]:
    """Each act as a flat row, without the names and texts of those whom it concerns."""
    for act in acts.iterator(chunk_size=2000):
        yield dict(
            zip(
                COLUMNS,
                [
                    act.pk,
                    act.at,
                    act.kind,
                    act.actor_name,
                    act.comment_id,
                    act.person_id,
                    act.rule_number,
                    act.rule_text,
                    act.reason,
                    act.before,
                    act.after,
                ],
                strict=True,
            )
        )


class Echo:
    """A file that hands back each line that is written into it."""

    def write(self, line: str) -> str:
        return line


def as_csv(acts: QuerySet) -> Iterator[str]:
    """Lines for a spreadsheet, in UTF-8 with the mark by which spreadsheets know it."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows(acts):
        yield writer.writerow([cell(row[name]) for name in COLUMNS])


def cell(value) -> str | int:
    """A value that no spreadsheet takes for a formula."""
    if value is None or isinstance(value, int):
        return "" if value is None else value
    if isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False) if value else ""
    else:
        text = value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_json(acts: QuerySet) -> Iterator[str]:
    """One JSON array, an act to a line."""
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    yield "["
    separator = "\n"
    for row in rows(acts):
        yield separator + encoder.encode(row)
        separator = ",\n"
    yield "\n]\n"


# What the values of an act are called, for people.
NAMES = {
    "state": gettext_lazy("state"),
    "confirmation": gettext_lazy("confirmation"),
    "question": gettext_lazy("question"),
    "also": gettext_lazy("listed under, too"),
    "name": gettext_lazy("name"),
    "code": gettext_lazy("claim code"),
    "opens_at": gettext_lazy("opens"),
    "closes_at": gettext_lazy("closes"),
    "until": gettext_lazy("until"),
    "origin": gettext_lazy("received"),
    "received_on": gettext_lazy("received on"),
    "consent": gettext_lazy("consent noted"),
    "kind": gettext_lazy("kind"),
    "announcement": gettext_lazy("announcement"),
    "answer": gettext_lazy("answer"),
    "version": gettext_lazy("version"),
    "proposed": gettext_lazy("proposed text"),
    "request": gettext_lazy("request"),
}
VALUES = {
    "state": dict(Comment.State.choices) | dict(Question.State.choices),
    "confirmation": dict(Comment.Confirmation.choices),
    "origin": dict(Comment.Origin.choices),
    "kind": dict(Announcement.Kind.choices),
    "code": {"renewed": gettext_lazy("made anew")},
    "proposed": {
        "waits": gettext_lazy("waiting"),
        "published": gettext_lazy("new text published"),
        "refused": gettext_lazy("new text not published"),
    },
}
# The account to which something was passed, and the question that was closed: name and number stand beside it.
UNSAID = {"to", "question_id"}


def in_words(values: dict) -> list[tuple[str, str]]:
    """What was before or after an act, by name; of lists only those that hold something."""
    return [
        (str(NAMES.get(name, name)), value_in_words(name, value))
        for name, value in values.items()
        if name not in UNSAID and value != []
    ]


def named(values: dict) -> str:
    """What was before or after an act, each value with its name."""
    return in_a_row(_("%(name)s: %(what)s") % {"name": name, "what": what} for name, what in in_words(values))


def value_in_words(name: str, value) -> str:
    """Any value that a line may hold. The record cannot be mended: one line must never take the page away."""
    if isinstance(value, list):
        return ", ".join(value_in_words(name, each) for each in value)
    if isinstance(value, dict):
        return named(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in {"question", "also"} and value is None:
        return _("Open floor")
    if name in {"opens_at", "closes_at", "until"} and (moment := parsed(parse_datetime, value)):
        return _("%(when)s (UTC)") % {"when": date_format(moment, "DATETIME_FORMAT")}
    if name == "received_on" and (day := parsed(parse_date, value)):
        return date_format(day, "DATE_FORMAT")
    if name in {"answer", "announcement"}:
        return f"№\u00a0{value}"
    return str(VALUES.get(name, {}).get(value, value))


def parsed(parse: Callable, value):
    """A day or a moment, or None for what is none."""
    try:
        return parse(str(value))
    except ValueError:
        return None
