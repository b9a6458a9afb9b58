"""What the hub recommends, what was submitted to it, and what belongs to both.

Submitters change a resource through `submitting.py`, editors through `listing.py`; readers see `ListEntry` rows only.
"""

from hub.resources.models.calls import Call
from hub.resources.models.lists import LANGUAGES, GuidingPrinciple, Region
from hub.resources.models.reading import FacetCount, Link, ListEntry
from hub.resources.models.resources import Practice, Resource, ResourceFile, SentVersion, StateChange

__all__ = [
    "LANGUAGES",
    "Call",
    "FacetCount",
    "GuidingPrinciple",
    "Link",
    "ListEntry",
    "Practice",
    "Region",
    "Resource",
    "ResourceFile",
    "SentVersion",
    "StateChange",
]
