"""What people have typed and not yet posted: kept on the server, one text per person and target.

Each save says which version it builds upon. Only a save upon the version that is kept replaces it, so that a
stale tab, or a device with a wrong clock, never overwrites newer text.
"""

import uuid
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils import timezone

from accounts import parking
from consultations import markup
from consultations.languages import WRITTEN
from consultations.models import Comment, Draft, Question
from consultations.posting import lock_submission

# More than a contribution may have, so that a text that is still too long is kept all the same.
MAX_CHARACTERS = 200_000
PARKED = "contribution"
# Between two versions of one text that nobody has compared yet.
SEAM = "\n\n* * *\n\n"


@dataclass(frozen=True)
class Typed:
    """All that the form for a comment holds, as it was typed."""

    body: str = ""
    language: str = ""
    capacity: str = ""
    pseudonym: str = ""
    asks_moderators: bool = False

    @classmethod
    def sent(cls, fields) -> "Typed":
        """What a browser sent, cut to what can be kept."""
        return cls(
            body=fields.get("body", "").replace("\0", "")[:MAX_CHARACTERS],
            language=chosen(fields.get("language", ""), dict(WRITTEN)),
            capacity=chosen(fields.get("capacity", ""), Comment.Capacity.values),
            pseudonym=fields.get("pseudonym", "").replace("\0", "")[:60],
            asks_moderators=bool(fields.get("asks")),
        )

    @classmethod
    def kept(cls, draft: Draft) -> "Typed":
        return cls(draft.body, draft.language, draft.capacity, draft.pseudonym, draft.asks_moderators)

    @property
    def fields(self) -> dict:
        """The same as initial values of the form."""
        values = asdict(self)
        return values | {"asks": values.pop("asks_moderators")}


def chosen(value: str, choices) -> str:
    return value if value in choices else ""


@dataclass(frozen=True)
class Saved:
    """The draft as it is kept now, None when there is none; `is_stale` when the text sent was not taken."""

    draft: Draft | None
    is_stale: bool = False


@transaction.atomic
def save(
    *,
    author,
    question: Question,
    typed: Typed,
    parent: Comment | None = None,
    base: int = 0,
    submission_key: uuid.UUID | None = None,
) -> Saved:
    """Keep what somebody is typing upon version `base` of it (0: upon nothing); an empty text removes the draft.

    A save that arrives after the text was posted is ignored.
    """
    if submission_key:
        lock_submission(author, submission_key)
        if Comment.objects.filter(author=author, submission_key=submission_key).exists():
            return Saved(None)
    drafts = Draft.objects.filter(author=author, question=question, parent=parent)
    kept = drafts.select_for_update().first()
    if kept and Typed.kept(kept) == typed:
        return Saved(kept)
    if kept and kept.sequence != base:
        return Saved(kept, is_stale=True)
    if markup.is_blank(typed.body):
        drafts.delete()
        return Saved(None)
    draft, _made = Draft.objects.update_or_create(
        author=author,
        question=question,
        parent=parent,
        defaults=asdict(typed) | {"sequence": min(base, 2**62) + 1, "saved_at": timezone.now()},
    )
    return Saved(draft)


def park(request, question: Question, parent: Comment | None, page: str):
    """Keep what somebody sent after being logged out, until they have logged in; they land on `page` then."""
    about = f"{question.pk}/{parent.pk if parent else ''}"
    return parking.park(request, kind=PARKED, about=about, page=page)


def unpark(request) -> None:
    """Make drafts of what was parked, wherever its thread is by now; beside an older draft it is added to that."""
    while parked := parking.take(request, PARKED):
        keep(request.user, parked)


@transaction.atomic
def keep(author, parked: parking.Parked) -> Draft | None:
    question_id, parent_id = parked.about.split("/")
    parent = Comment.objects.select_related("question").filter(pk=parent_id or None).first()
    question = parent.question if parent else Question.objects.filter(pk=question_id).first()
    typed = Typed.sent(parked.typed)
    if not question or markup.is_blank(typed.body):
        return None
    older = Draft.objects.filter(author=author, question=question, parent=parent).first()
    base = older.sequence if older else 0
    if older and older.body.strip() not in typed.body:
        typed = replace(typed, body=older.body + SEAM + typed.body)
    return save(author=author, question=question, parent=parent, typed=typed, base=base).draft
