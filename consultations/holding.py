"""Which contributions wait for a moderator before others see them."""

import re

from consultations import sameness
from consultations.models import Comment, Consultation
from consultations.sameness import REPEATED_WORDS, saying_the_same

LINK = re.compile(r"<a\s", re.IGNORECASE)
Because = Comment.HeldBecause


def why_it_waits(comment: Comment) -> str | None:
    """Why a comment has to wait, None when it does not: by the consultation's setting; besides, what looks like
    advertising: the same long text in several places, or, in a first contribution, links or a long text of others.

    Asked of comments that are not written yet, and of published ones with a text that they do not have yet. What many
    people say together is never refused, and nobody waits for it who has been published before.
    """
    if comment.by_moderator:
        return None
    whose = comment.question.consultation.holding
    if whose == Consultation.Holding.EVERYBODY:
        return Because.SETTING
    if stands_elsewhere(comment):
        return Because.REPEATED
    if whose == Consultation.Holding.NEWCOMERS:
        return Because.SETTING if is_first(comment) else None
    if LINK.search(comment.html):
        return Because.LINKS if is_first(comment) else None
    if comment.words >= REPEATED_WORDS and is_first(comment) and sameness.twins_of([comment]):
        return Because.SHARED
    return None


def has_to_wait(comment: Comment) -> bool:
    return why_it_waits(comment) is not None


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
