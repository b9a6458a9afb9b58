"""The roster of reviewers in templates."""

from django import template

from hub.review import permissions

register = template.Library()


@register.filter
def is_reviewer(user) -> bool:
    """Is this person on the roster, so that there is a queue to link to? One short look into an index."""
    return permissions.is_member(user)
