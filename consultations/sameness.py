"""Which contributions say the same, but for blanks, capitals and what cannot be seen.

Of each text of some length a digest is kept, so that its like is found among millions.
"""

import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from django.db import connection
from django.db.models import QuerySet

from consultations.models import Comment, TextDigest

# Shorter ones, such as thanks, are repeated in good faith.
REPEATED_WORDS = 25
# Categories of characters: control and format, such as joiners of no width.
UNSEEN = {"Cc", "Cf"}

# For each text the first contribution of somebody else in its consultation that says the same and still stands: one
# walk along digest_of_texts, however many say it. People without an account are nobody's authors, and others.
TWINS = """
    SELECT wanted.comment_id, twin.id, twin.author_name
    FROM unnest(%(comments)s::bigint[], %(digests)s::uuid[], %(consultations)s::bigint[], %(authors)s::bigint[])
        AS wanted (comment_id, digest, consultation_id, author_id)
    CROSS JOIN LATERAL (
        SELECT comment.id, comment.author_name
        FROM consultations_textdigest AS kept
        JOIN consultations_comment AS comment ON comment.id = kept.comment_id
        JOIN consultations_question AS question ON question.id = comment.question_id
        WHERE kept.digest = wanted.digest AND kept.comment_id <> wanted.comment_id
            AND question.consultation_id = wanted.consultation_id AND comment.state IN ('published', 'held')
            AND (comment.author_id IS NULL OR comment.author_id IS DISTINCT FROM wanted.author_id)
        ORDER BY kept.comment_id LIMIT 1
    ) AS twin
"""


@dataclass(frozen=True)
class Twin:
    """A contribution with the same words: its number, and the name that it shows."""

    pk: int
    author_name: str

    @property
    def shown_name(self) -> str:
        return Comment(author_name=self.author_name).shown_name


def saying_the_same(comment: Comment, among: QuerySet[Comment]) -> Iterator[Comment]:
    """Those of `among` whose text is the same. For few of the same number of words."""
    said = gist(comment.body)
    # So few have as many words that their texts can be compared here.
    return (each for each in among.filter(words=comment.words) if gist(each.body) == said)


def gist(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    unseen = {char for char in set(folded) if char.isspace() or unicodedata.category(char) in UNSEEN}
    return folded.translate({ord(char): None for char in unseen})


def digest_of(text: str) -> uuid.UUID:
    return uuid.UUID(bytes=blake2b(gist(text).encode("utf-8", "surrogatepass"), digest_size=16).digest())


def keep_digest(comment: Comment) -> None:
    """Keep by what the text of a comment is found, in the transaction that writes it."""
    if comment.words >= REPEATED_WORDS:
        kept = TextDigest(comment=comment, digest=digest_of(comment.body))
        # In one statement.
        TextDigest.objects.bulk_create(
            [kept], update_conflicts=True, unique_fields=["comment"], update_fields=["digest"]
        )
    elif comment.edited_at:
        TextDigest.objects.filter(comment=comment).delete()


def body_of(comment: Comment) -> str:
    return comment.body


def twins_of(comments: Iterable[Comment], text_of: Callable[[Comment], str] = body_of) -> dict[int | None, Twin]:
    """By the id of each comment that has one, written or not, who else has said the same; in one query."""
    asked = list(comments)
    values = {
        "comments": [each.pk or 0 for each in asked],
        "digests": [str(digest_of(text_of(each))) for each in asked],
        "consultations": [each.question.consultation_id for each in asked],
        "authors": [each.author_id for each in asked],
    }
    with connection.cursor() as cursor:
        cursor.execute(TWINS, values)
        return {comment or None: Twin(pk, name) for comment, pk, name in cursor.fetchall()}
