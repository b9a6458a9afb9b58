"""Who may decide about entries in the directory: asked by views and pages."""

from hub.experts.models import Expert
from hub.resources.permissions import edits


def may_decide_about(user, expert: Expert) -> bool:
    """May this editor list or decline an entry? Any but their own."""
    return edits(user) and expert.user_id != user.pk
