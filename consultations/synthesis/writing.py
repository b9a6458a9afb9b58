"""Writing a drawn discussion with COPY: comments, first versions and counts."""

import datetime
import io
import random
from array import array
from collections import Counter
from collections.abc import Callable
from functools import cache

from django.db import connection
from django.utils import timezone

from accounts.models import User
from consultations import markup, posting
from consultations.models import Comment, LanguageCount, Participation, Question, Terms
from consultations.posting import Voice
from consultations.synthesis.people import capacity_of
from consultations.synthesis.shape import LANGUAGES, MODERATORS, Plan
from consultations.synthesis.texts import MODERATOR, REPLY, ROOT, text

BATCH = 10_000

# Different texts of a kind and language; rendering each once is what makes a million comments quick.
TEXTS = {ROOT: 300, REPLY: 400, MODERATOR: 60}
# Any number without a common factor with these, so that neighbours have different texts.
SCATTER = 7919

# The columns of a comment that are its own, those that it shares with others of the same person or text;
# all the rest is the same for the whole discussion.
OWN = (
    "id",
    "parent",
    "path",
    "state",
    "asks_moderators",
    "reply_count",
    "is_answered_by_moderator",
    "created_at",
    "state_changed_at",
    "submission_key",
)
PERSONAL = (
    "author",
    "author_name",
    "is_pseudonym",
    "capacity",
    "organization",
    "country",
    "group",
    "shows_profile",
    "by_moderator",
)
TEXTUAL = ("language", "body", "html", "fold_at", "words")
COMMON = tuple({each.name for each in Comment._meta.concrete_fields} - {*OWN, *PERSONAL, *TEXTUAL})
COLUMNS = [Comment._meta.get_field(name).column for name in (*OWN, *PERSONAL, *TEXTUAL, *COMMON)]


class Rows:
    """The rows of a discussion as COPY reads them, by position."""

    def __init__(self, question: Question, plan: Plan, people: list[User], keys: random.Random):
        self.question, self.plan, self.people, self.keys = question, plan, people, keys
        self.ids = array("q")
        self.opened_at, self.now = question.consultation.opens_at, timezone.now()
        self.step = (self.now - self.opened_at) / (len(plan.parents) + 1)
        self.common = cells(Comment(question=question, terms=Terms.current()), COMMON)
        self.by_author: dict[int, str] = {}

    def row(self, position: int) -> str:
        """The row at `position`, whose id and those before it are in `ids`."""
        plan = self.plan
        parent, author = plan.parents[position], plan.authors[position]
        is_root, is_withdrawn = parent < 0, plan.withdrawn[position]
        created_at = self.created_at(position)
        own = (
            str(self.ids[position]),
            cell(None if is_root else self.ids[parent]),
            self.path(position),
            Comment.State.WITHDRAWN.value if is_withdrawn else Comment.State.PUBLISHED.value,
            cell(bool(plan.asks[position])),
            str(plan.replies[position]),
            cell(bool(plan.answered[position])),
            created_at.isoformat(),
            cell(min(created_at + datetime.timedelta(days=1), self.now) if is_withdrawn else None),
            f"{self.keys.getrandbits(128):032x}",
        )
        kind = MODERATOR if author < MODERATORS else ROOT if is_root else REPLY
        textual = textual_cells(kind, LANGUAGES[plan.languages[position]], position * SCATTER % TEXTS[kind])
        return "\t".join((*own, self.personal(author), textual, self.common)) + "\n"

    def created_at(self, position: int) -> datetime.datetime:
        return self.opened_at + self.step * (position + 1)

    def path(self, position: int) -> str:
        ids = []
        while position >= 0:
            ids.append(str(self.ids[position]))
            position = self.plan.parents[position]
        return "{" + ",".join(reversed(ids)) + "}"

    def personal(self, author: int) -> str:
        if author not in self.by_author:
            person = self.people[author]
            frozen = posting.frozen_identity(person, self.question.consultation, Voice(capacity_of(person)))
            self.by_author[author] = cells(Comment(author=person, **frozen), PERSONAL)
        return self.by_author[author]


@cache
def textual_cells(kind: str, language: str, number: int) -> str:
    source = markup.clean_source(text(kind, language, number))
    rendered = markup.render(source)
    comment = Comment(
        language=language, body=source, html=rendered.html, fold_at=rendered.fold_at, words=rendered.words
    )
    return cells(comment, TEXTUAL)


def cells(comment: Comment, names: tuple[str, ...]) -> str:
    """The named fields of `comment` as COPY reads them, with tabs between."""
    fields = [Comment._meta.get_field(name) for name in names]
    return "\t".join(cell(each.get_db_prep_save(getattr(comment, each.attname), connection)) for each in fields)


def cell(value: object) -> str:
    """One value in the text format of COPY."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def write(question: Question, rows: Rows, advance: Callable[[int], object]) -> None:
    """Insert all comments with their first versions, then what is counted of them."""
    plan = rows.plan
    size = len(plan.parents)
    table = Comment._meta.db_table
    with connection.cursor() as cursor:
        # Checked at the end of each batch, so that a million checks do not wait in memory for the end.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for start in range(0, size, BATCH):
            batch = range(start, min(start + BATCH, size))
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(batch)]
            )
            rows.ids.extend(pk for (pk,) in cursor.fetchall())
            lines = io.StringIO("".join(map(rows.row, batch)))
            names = ", ".join(f'"{column}"' for column in COLUMNS)
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)
            cursor.execute(FIRST_VERSIONS, [question.pk, rows.ids[batch[0]], rows.ids[batch[-1]]])
            advance(len(batch))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    count(question, rows)


FIRST_VERSIONS = """
    INSERT INTO consultations_commentversion (comment_id, number, language, body, html, created_at)
    SELECT id, 1, language, body, html, created_at FROM consultations_comment
    WHERE question_id = %s AND id BETWEEN %s AND %s ORDER BY id
"""


def count(question: Question, rows: Rows) -> None:
    plan = rows.plan
    published = [position for position, is_withdrawn in enumerate(plan.withdrawn) if not is_withdrawn]
    question.comment_count = len(published)
    question.latest_comment_at = rows.created_at(len(plan.parents) - 1)
    question.save(update_fields=["comment_count", "latest_comment_at"])
    LanguageCount.objects.bulk_create(
        LanguageCount(question=question, language=LANGUAGES[language], comment_count=comments)
        for language, comments in Counter(plan.languages[position] for position in published).items()
    )
    Participation.objects.bulk_create(
        (
            Participation(
                consultation=question.consultation,
                user=rows.people[author],
                country=rows.people[author].country,
                group=rows.people[author].group,
                comment_count=comments,
            )
            for author, comments in Counter(plan.authors[position] for position in published).items()
        ),
        batch_size=1000,
    )
