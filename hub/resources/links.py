"""Which contributions link to what, so that a resource's page can name the discussions in which it is cited.

All links of contributions are kept, not only those to resources: what is listed tomorrow may have been cited today.
"""

import hashlib
import re
import uuid
from html import unescape

from consultations.models import Comment
from hub.resources.addresses import normalise, without_language
from hub.resources.models import Link, Resource

LINK = re.compile(r'<a href="([^"]*)"')
# More links than a contribution that people read.
MOST = 200


def key_of(address: str) -> uuid.UUID | None:
    """What two addresses of one page have in common, in sixteen bytes; None for what is no address of the web."""
    normalised = without_language(normalise(address))
    return uuid.UUID(bytes=hashlib.md5(normalised.encode(), usedforsecurity=False).digest()) if normalised else None


def keys_in(html: str) -> set[uuid.UUID]:
    """The keys of all links in a contribution's clean HTML."""
    found = (key_of(unescape(address)) for address in LINK.findall(html)[:MOST])
    return {key for key in found if key}


def keys_of(resource: Resource, page: str) -> set[uuid.UUID]:
    """The keys under which contributions link to a resource: its page in the portal, and where it is itself."""
    return {key for key in (key_of(page), key_of(resource.address)) if key}


def note(comment: Comment) -> None:
    """Keep the links of a contribution that was just published or edited, in place of those it had before."""
    keys = keys_in(comment.html)
    Link.objects.filter(comment=comment).exclude(key__in=keys).delete()
    Link.objects.bulk_create([Link(comment=comment, key=key) for key in keys], ignore_conflicts=True)
