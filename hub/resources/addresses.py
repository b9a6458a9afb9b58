"""Addresses of the web as they are compared: two that lead to one page are the same, however they were typed."""

import posixpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}
# What newsletters and networks add to an address to see who came from where.
TRACKING = {"fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "msclkid"}
TRACKING_BEGINS = "utm_"
INDEX_PAGES = {"index.html", "index.htm", "index.php", "default.aspx"}
# What the database holds of one; what is longer is compared by its beginning.
LONGEST = 2000
PATH_SAFE = "/:@!$&'()*+,;=~-._"


def normalise(address: str) -> str:
    """The address without what makes no difference; empty when it is no address of the web.

    Left out are the scheme, “www.”, a name and password, the usual port, the page's own mark, an index page, the
    last slash, and parameters that only follow readers; the other parameters are in alphabetical order.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not host:
        return ""
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        pass  # A host that no browser would find is compared as it was typed.
    host = host.removeprefix("www.")
    place = host if port in {None, *PORTS.values()} else f"{host}:{port}"
    folder, name = posixpath.split(parts.path)
    path = folder if name.lower() in INDEX_PAGES else parts.path
    path = quote(unquote(path, errors="surrogateescape"), safe=PATH_SAFE, errors="surrogateescape").rstrip("/")
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape", max_num_fields=None)
    kept = sorted((name, value) for name, value in pairs if not is_tracking(name))
    query = urlencode(kept, errors="surrogateescape")
    return (f"{place}{path}?{query}" if query else f"{place}{path}")[:LONGEST]


def is_tracking(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith(TRACKING_BEGINS)


def without_language(address: str) -> str:
    """A normalised address; one of the portal's own pages without its language, whose page it is in each."""
    own = normalise(settings.PORTAL_URL)
    for code, _name in settings.LANGUAGES:
        if address.startswith(f"{own}/{code}/"):
            return f"{own}/{address.removeprefix(f'{own}/{code}/')}"
    return address
