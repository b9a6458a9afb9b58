"""Discussion space → consultation → question → comment, and what belongs to them.

Writing goes through `posting.py` and `states.py`, reading of a discussion through `threads.py`.
"""

from consultations.models.comments import (
    Comment,
    CommentQuerySet,
    CommentVersion,
    Draft,
    ProposedText,
    TextDigest,
    ThreadMove,
    as_path,
)
from consultations.models.participation import LanguageCount, Participation, Pause
from consultations.models.placement import Listing
from consultations.models.spaces import (
    ConductRule,
    Consultation,
    DiscussionSpace,
    Moderator,
    Objective,
    Question,
    Terms,
)

__all__ = [
    "Comment",
    "CommentQuerySet",
    "CommentVersion",
    "ConductRule",
    "Consultation",
    "DiscussionSpace",
    "Draft",
    "LanguageCount",
    "Listing",
    "Moderator",
    "Objective",
    "Participation",
    "Pause",
    "ProposedText",
    "Question",
    "Terms",
    "TextDigest",
    "ThreadMove",
    "as_path",
]
