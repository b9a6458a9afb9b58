"""Peer review: the criteria, the roster of reviewers, and the rounds in which they read what was submitted.

The state of a submission itself is that of the resource: `hub.resources.listing` changes it, and keeps each step with
its date and words.
"""

from hub.review.models.criteria import Criterion, Level
from hub.review.models.reviews import Invitation, Recommendation, Review, Round, Score
from hub.review.models.roster import Member

__all__ = ["Criterion", "Invitation", "Level", "Member", "Recommendation", "Review", "Round", "Score"]
