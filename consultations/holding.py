"""Which contributions wait for a moderator before others see them."""

import re

from consultations.models import Comment, Consultation

# Shorter ones, such as thanks, are repeated in good faith.
REPEATED_WORDS = 25
LINK = re.compile(r"<a\s", re.IGNORECASE)


def has_to_wait(comment: Comment) -> bool:
    """By the consultation's setting; besides, what looks like advertising: links in a first contribution, or the
    same long text in several places."""
    if comment.by_moderator:
        return False
    whose = comment.question.consultation.holding
    if whose == Consultation.Holding.EVERYBODY:
        return True
    if stands_elsewhere(comment):
        return True
    is_suspect = whose == Consultation.Holding.NEWCOMERS or LINK.search(comment.html)
    return bool(is_suspect) and is_newcomer(comment.author)


def is_newcomer(author) -> bool:
    """Nothing of theirs has been published yet, in any consultation."""
    return not Comment.objects.filter(author=author, state=Comment.State.PUBLISHED).exists()


def stands_elsewhere(comment: Comment) -> bool:
    if comment.words < REPEATED_WORDS:
        return False
    return Comment.objects.filter(
        author=comment.author, question__consultation=comment.question.consultation, body=comment.body
    ).exists()
