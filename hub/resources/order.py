"""The order of the list: comprehensive before specific, global before local, then the newest year.

All of it is in one number, so that one index gives the order and a page begins after any place in it.
"""

from hub.resources.models import Resource

COMPREHENSIVENESS = Resource.Comprehensiveness.values
SCOPES = Resource.Scope.values
LATEST_YEAR = 9999
# More resources than there will ever be; among equals the one that was added last comes first.
MOST = 10**10


def position_of(resource: Resource) -> int:
    """Where the resource stands in the list; the smallest number is first."""
    breadth = COMPREHENSIVENESS.index(resource.comprehensiveness) * len(SCOPES) + SCOPES.index(resource.scope)
    return (breadth * (LATEST_YEAR + 1) + LATEST_YEAR - resource.year) * MOST + MOST - resource.pk
