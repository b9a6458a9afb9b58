"""Reading a discussion: one page of it in a constant number of queries, whatever its size.

A page holds up to ROOTS threads, each with its first REPLIES replies; the page of one thread holds
up to THREAD replies. Pages are found by key (the id next to which they begin) in an index,
never by offset, so that the last page of a million costs what the first one does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models.expressions import RawSQL

from consultations.models import Comment, Question, ThreadMove, as_path

ROOTS = 10
REPLIES = 20
THREAD = 60
BEFORE = 5
# Deeper replies stay on one level of the list: browsers and screen readers have limits of their own.
NESTED = 8


@dataclass(frozen=True)
class Reading:
    """What the reader chose to see and in which order; kept in the address."""

    oldest_first: bool = False
    written: str = ""
    answered: bool = False
    # Questions to the moderators that nobody has answered yet.
    waiting: bool = False

    def query(self, **more) -> str:
        """The query string of this reading, with a page's key or another parameter added."""
        chosen = {
            "order": "oldest" if self.oldest_first else "",
            "written": self.written,
            "answered": "1" if self.answered else "",
            "waiting": "1" if self.waiting else "",
        } | more
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


@dataclass
class Step:
    """One comment, with what a template needs to open and close the lists around it."""

    comment: Comment
    opens: bool = False
    ends: bool = True
    closes: range = range(0)
    parent_is_here: bool = False
    other_replies: int = 0
    move: ThreadMove | None = None


@dataclass
class Page:
    """One page of a discussion. `after` and `before` are the keys of its neighbours, None at the ends.

    `root` is set on the page of a single thread, where the keys are those of replies.
    """

    steps: list[Step] = field(default_factory=list)
    before: int | None = None
    after: int | None = None
    root: Comment | None = None


def page(question: Question, reading: Reading, *, after=None, before=None, start=None) -> Page:
    """The threads after, before or (including itself) from the one with the given id; else the first ones.

    Filtered by language, or to what waits for a moderator's answer, it holds single comments instead of threads,
    since the reader did not ask for the others; their "in reply to" leads to the whole thread.
    """
    units = Comment.objects.placed().filter(question=question)
    holds_single_comments = bool(reading.written) or reading.waiting
    if holds_single_comments:
        units = units.published()
        if reading.written:
            units = units.filter(language=reading.written)
        if reading.waiting:
            units = units.filter(awaits_answer=True)
    else:
        units = units.visible().roots()
        if reading.answered:
            units = units.filter(is_answered_by_moderator=True)
        else:
            # They stand above the first page instead of in their place, so that nothing is there twice.
            units = units.unpinned()
    shown, has_before, has_after = window(
        units, "place", descending=not reading.oldest_first, after=after, before=before, start=start, size=ROOTS
    )
    pinned = []
    if after is before is start is None and not (holds_single_comments or reading.answered):
        pinned = list(Comment.objects.pinned().filter(question=question).in_context().order_by("-pinned_at"))
    replies = [] if holds_single_comments else first_replies([*pinned, *shown], REPLIES)
    threads = {root.pk: [root] for root in [*pinned, *shown]}
    for reply in replies:
        threads[reply.root_id].append(reply)
    return Page(
        steps=steps(threads.values()),
        before=shown[0].pk if shown and has_before else None,
        after=shown[-1].pk if shown and has_after else None,
    )


def thread_page(root: Comment, *, after=None, before=None, start=None) -> Page:
    """One thread: its root, then up to THREAD replies after, before or from the given comment."""
    replies = Comment.objects.visible().under(root).exclude(pk=root.pk)
    keys = {name: key and as_path(key.path) for name, key in {"after": after, "before": before, "start": start}.items()}
    shown, has_before, has_after = window(replies, "path", descending=False, size=THREAD, **keys)
    return Page(
        steps=steps([[root, *shown]], counts_rest=False),
        before=shown[0].pk if shown and has_before else None,
        after=shown[-1].pk if shown and has_after else None,
        root=root,
    )


def page_around(comment: Comment, reading: Reading) -> Page:
    """The page that shows `comment` in its thread, wherever it sits."""
    root = Comment.objects.in_context().get(pk=comment.root_id)
    if comment.pk != root.pk:
        before = Comment.objects.visible().under(root).exclude(pk=root.pk).filter(path__lt=as_path(comment.path))
        earlier = list(before.order_by("-path").only("path")[:REPLIES])
        if len(earlier) == REPLIES:
            # Far down a long thread: a few replies before it give it its context.
            return thread_page(root, start=earlier[BEFORE - 1])
    reading = Reading(oldest_first=reading.oldest_first)
    return page(comment.question, reading, start=None if root.is_pinned else root.pk)


def window(units, key: str, *, descending: bool, size: int, after=None, before=None, start=None):
    """Up to `size` of `units` next to a key, in order, and whether there are others before and after."""
    forward, backward = ("lt", "gt") if descending else ("gt", "lt")
    ahead, behind = (f"-{key}", key) if descending else (key, f"-{key}")
    units = units.in_context()
    if before is not None:
        found = list(units.filter(**{f"{key}__{backward}": before}).order_by(behind)[: size + 1])
        return found[:size][::-1], len(found) > size, True
    if after is not None:
        units_ahead = units.filter(**{f"{key}__{forward}": after})
    elif start is not None:
        units_ahead = units.filter(**{f"{key}__{forward}e": start})
    else:
        units_ahead = units
    found = list(units_ahead.order_by(ahead)[: size + 1])
    has_before = after is not None
    if start is not None:
        # Not `exists`, which drops the order: then PostgreSQL may look for any of them in the whole table.
        has_before = bool(units.filter(**{f"{key}__{backward}": start}).order_by(behind).values("pk")[:1])
    return found[:size], has_before, len(found) > size


def first_replies(roots: list[Comment], limit: int) -> Iterable[Comment]:
    """The first `limit` visible replies of each root, in reading order, in one query."""
    # The lateral join reads `limit` rows per root from the index and none besides:
    # Nested Loop → Function Scan on unnest, Limit → Index Scan using comment_reading_order.
    ids = RawSQL(
        """
        SELECT reply.id FROM unnest(%s::bigint[], %s::bigint[]) AS root(id, question_id) CROSS JOIN LATERAL (
            SELECT id FROM consultations_comment
            WHERE question_id = root.question_id
              AND path > ARRAY[root.id] AND path < ARRAY[root.id + 1] AND state <> 'held' AND NOT was_never_shown
            ORDER BY path LIMIT %s
        ) AS reply
        """,
        [[root.pk for root in roots], [root.question_id for root in roots], limit],
    )
    return Comment.objects.in_context().filter(pk__in=ids).order_by("path")


def latest(
    questions: list[Question], written: str = "", *, threads: int = 2, replies: int = 2
) -> dict[int, list[Step]]:
    """By question id its latest threads (or, filtered by language, contributions), in three queries for all."""
    # `id + 0` is what the indexes comment_roots and comment_language hold; see CommentQuerySet.placed.
    chosen = (
        "state = 'published' AND language = %s"
        if written
        else "parent_id IS NULL AND state <> 'held' AND NOT was_never_shown"
    )
    ids = RawSQL(
        f"""
        SELECT latest.id FROM unnest(%s::bigint[]) AS question(id) CROSS JOIN LATERAL (
            SELECT id FROM consultations_comment WHERE question_id = question.id AND {chosen}
            ORDER BY id + 0 DESC LIMIT %s
        ) AS latest
        """,
        [[question.pk for question in questions], *([written] if written else []), threads],
    )
    roots = list(Comment.objects.in_context().filter(pk__in=ids).order_by("-pk"))
    found = {root.pk: [root] for root in roots}
    if not written:
        for reply in first_replies(roots, replies):
            found[reply.root_id].append(reply)
    by_question: dict[int, list[Step]] = {question.pk: [] for question in questions}
    for step in steps(found.values()):
        by_question[step.comment.question_id].append(step)
    return by_question


def waiting_for_answer(questions: list[Question], limit: int) -> list[Comment]:
    """The questions to the moderators not yet answered, those that have waited longest first, up to `limit`."""
    waiting = Comment.objects.placed().published().filter(question__in=questions, awaits_answer=True)
    return list(waiting.in_context().select_related("question").order_by("place")[:limit])


def steps(threads: Iterable[list[Comment]], counts_rest: bool = True) -> list[Step]:
    """The comments of `threads` in reading order, each knowing which lists begin and end around it."""
    found: list[Step] = []
    for thread in threads:
        open_levels: list[int] = []
        earlier: Step | None = None
        for comment in thread:
            level = min(len(comment.path), NESTED)
            step = Step(comment)
            if earlier and level > open_levels[-1]:
                earlier.ends, step.opens = False, True
            elif earlier:
                # A window may begin in the middle of a thread: only lists that were opened are closed.
                closed = 0
                while len(open_levels) > 1 and open_levels[-2] >= level:
                    open_levels.pop()
                    closed += 1
                earlier.closes = range(closed)
                open_levels.pop()
            open_levels.append(level)
            found.append(step)
            earlier = step
        earlier.closes = range(len(open_levels) - 1)
        if counts_rest:
            earlier.other_replies = max(thread[0].reply_count - len(thread) + 1, 0)
    here = {step.comment.pk for step in found}
    moves = {move.root_id: move for move in ThreadMove.objects.filter(root__in=here).select_related("from_question")}
    for step in found:
        step.parent_is_here = step.comment.parent_id in here
        step.move = moves.get(step.comment.pk)
    return found
