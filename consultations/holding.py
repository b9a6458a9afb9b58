"""Which contributions wait for a moderator before others see them."""

import re
import unicodedata
from collections.abc import Iterator

from django.db.models import QuerySet

from consultations.models import Comment, Consultation

# Shorter ones, such as thanks, are repeated in good faith.
REPEATED_WORDS = 25
# Categories of characters: control and format, such as joiners of no width.
UNSEEN = {"Cc", "Cf"}
LINK = re.compile(r"<a\s", re.IGNORECASE)


def has_to_wait(comment: Comment) -> bool:
    """By the consultation's setting; besides, what looks like advertising: links in a first contribution, or the
    same long text in several places.

    Asked of comments that are not written yet, and of published ones with a text that they do not have yet.
    """
    if comment.by_moderator:
        return False
    whose = comment.question.consultation.holding
    if whose == Consultation.Holding.EVERYBODY:
        return True
    if stands_elsewhere(comment):
        return True
    is_suspect = whose == Consultation.Holding.NEWCOMERS or LINK.search(comment.html)
    return bool(is_suspect) and is_first(comment)


def has_to_wait_though_transcribed(comment: Comment) -> bool:
    """The same of what a focal point wrote down for somebody: links, or a long text that they have posted before."""
    if comment.question.consultation.holding == Consultation.Holding.EVERYBODY or LINK.search(comment.html):
        return True
    return stands_elsewhere(comment, posted_by=comment.posted_by)


def is_first(comment: Comment) -> bool:
    """Nothing else of its author has been published yet, in any consultation."""
    others = Comment.objects.published().filter(author=comment.author)
    return not others.exclude(pk=comment.pk).exists()


def stands_elsewhere(comment: Comment, **by) -> bool:
    """Whether the author, or who is named in `by`, has said the same at length in the consultation; also where a
    moderator removed it."""
    if comment.words < REPEATED_WORDS:
        return False
    # Whoever withdraws a text from under the wrong question may post it under the right one.
    others = Comment.objects.exclude(state=Comment.State.WITHDRAWN).filter(
        question__consultation=comment.question.consultation, **by or {"author": comment.author}
    )
    others = others.exclude(pk=comment.pk)
    return any(saying_the_same(comment, others))


def saying_the_same(comment: Comment, among: QuerySet[Comment]) -> Iterator[Comment]:
    """Those of `among` whose text is the same but for blanks, capitals and what cannot be seen."""
    said = gist(comment.body)
    # So few have as many words that their texts can be compared here.
    return (each for each in among.filter(words=comment.words) if gist(each.body) == said)


def gist(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) not in UNSEEN)
