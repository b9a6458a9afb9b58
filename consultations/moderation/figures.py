"""What everybody may know of the moderation of a consultation: numbers, and nobody's name or text."""

import datetime
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate

from consultations.models import Consultation
from consultations.moderation.models import Act, Case, Report

# How long a count may be kept: the page is for everybody, and counting is not free.
KEPT_SECONDS = 60
DAYS = 30
# How the moderators share their work is not what they did.
INTERNAL = [Act.Kind.TAKEN, Act.Kind.PASSED]

# Threads that somebody else began and that a moderator answered, from comment_by_moderator; then one root each.
FIRST_ANSWERS = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY first.at - root.created_at)
    FROM (
        SELECT path[1] AS id, min(created_at) AS at
        FROM consultations_comment
        WHERE question_id = ANY(%s) AND by_moderator AND parent_id IS NOT NULL AND state = 'published'
        GROUP BY path[1]
    ) AS first
    JOIN consultations_comment AS root ON root.id = first.id
    WHERE NOT root.by_moderator
"""


@dataclass(frozen=True)
class Figures:
    contributions: int
    held: int
    held_now: int
    hidden: int
    # By rule: its number, its words as somebody read them then, how often.
    hidden_by_rule: list[tuple[int | None, str, int]]
    restored: int
    appeals: int
    reports: int
    asked: int
    answered: int
    # Closed as answered somewhere else.
    elsewhere: int
    first_answer: datetime.timedelta | None


def figures(consultation: Consultation) -> Figures:
    """The figures as they were at most a minute ago."""
    return cache.get_or_set(f"moderation-figures-{consultation.pk}", lambda: count(consultation), KEPT_SECONDS)


def count(consultation: Consultation) -> Figures:
    questions = list(consultation.questions.values_list("pk", "comment_count"))
    acts = Act.objects.filter(consultation=consultation).order_by()
    # A contribution that was removed twice is one contribution.
    kinds = dict(acts.values_list("kind").annotate(Count("comment", distinct=True)))
    # The words were recorded in the language of the moderator: a rule is its number.
    by_rule = (
        acts.filter(kind=Act.Kind.HIDDEN)
        .values_list("rule_number")
        .annotate(Max("rule_text"), Count("comment", distinct=True))
    )
    asked = Q(kind=Case.Kind.QUESTION)
    # One that waits again, because its answer was taken away, is not answered.
    is_over = asked & Q(comment__awaits_answer=False)
    cases = Case.objects.filter(consultation=consultation).aggregate(
        # Whether its first text waited or a later one: a contribution counts once.
        held=Count("comment", distinct=True, filter=Q(kind=Case.Kind.HELD)),
        held_now=Count("pk", filter=Q(kind=Case.Kind.HELD) & ~Q(state=Case.State.DONE)),
        appeals=Count("pk", filter=Q(kind=Case.Kind.APPEAL)),
        asked=Count("comment", distinct=True, filter=asked),
        answered=Count("comment", distinct=True, filter=is_over & Q(outcome__in=["answered", "promoted"])),
        elsewhere=Count("comment", distinct=True, filter=is_over & Q(outcome="elsewhere")),
    )
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ANSWERS, [[pk for pk, _comments in questions]])
        (first_answer,) = cursor.fetchone()
    return Figures(
        contributions=sum(comments for _pk, comments in questions),
        hidden=kinds.get(Act.Kind.HIDDEN, 0),
        hidden_by_rule=list(by_rule.order_by("rule_number")),
        restored=kinds.get(Act.Kind.RESTORED, 0),
        reports=Report.objects.filter(comment__question__consultation=consultation).count(),
        first_answer=first_answer,
        **cases,
    )


@dataclass(frozen=True)
class Days:
    """What was done, by day and kind, the latest day first, and the day before which the next page begins."""

    days: list[tuple[datetime.date, list[tuple[str, int]]]]
    before: datetime.date | None


def days(consultation: Consultation, before: datetime.date | None = None) -> Days:
    """A page of DAYS days on which something was done, on the calendar of the consultation's time zone."""
    acts = Act.objects.filter(consultation=consultation).exclude(kind__in=INTERNAL).order_by()
    acts = acts.annotate(day=TruncDate("at", tzinfo=consultation.zone))
    if before:
        acts = acts.filter(day__lt=before)
    latest = list(acts.values_list("day", flat=True).distinct().order_by("-day")[: DAYS + 1])
    shown = latest[:DAYS]
    by_day: dict[datetime.date, list[tuple[str, int]]] = {day: [] for day in shown}
    names = dict(Act.Kind.choices)
    counted = acts.filter(day__gte=shown[-1]) if shown else acts.none()
    for day, kind, number in counted.values_list("day", "kind").annotate(Count("pk")).order_by("day", "kind"):
        by_day[day].append((names[kind], number))
    return Days(list(by_day.items()), shown[-1] if len(latest) > DAYS else None)
