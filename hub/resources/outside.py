"""Which addresses a resource may have: pages of the public web, written so that everybody sees where they lead.

The portal never fetches an address. Readers do, with a click, from inside their own networks; so what leads into one
is refused, in whatever spelling browsers understand.
"""

import re
import unicodedata
from ipaddress import IPv4Address
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from hub.resources.states import ResourceError

LONGEST = 2000
# Names of inside networks: RFC 6761, RFC 6762, RFC 8375, those that ICANN keeps from being given out, and those that
# routers and clusters use of their own accord.
INSIDE = {
    "local",
    "localhost",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "arpa",
    "test",
    "invalid",
    "onion",
    "localnet",
    "cluster",
    "intern",
    "domain",
    "workgroup",
}
# Public names, with all below them, that lead back to the reader's own machine or to any number written before them.
LEADING_INSIDE = ("nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "fritz.box")
# A number of IPv4 within a name, such as 10-0-0-1.example.org; they may overlap.
IPV4 = re.compile(r"(?<![0-9])(?=([0-9]{1,3}(?:[.-][0-9]{1,3}){3})(?![0-9]))")
NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]+")
WITHOUT_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}([/?#]|$)")


class AddressRefused(ResourceError):
    """Readers cannot be sent there; the message says what to write instead."""

    def __init__(self, message):
        self.message = message


MALFORMED = _("Write the whole address, as your browser shows it, such as https://example.org/report.")
SCHEME = _("Write an address that begins with https:// or http://.")
WITH_PASSWORD = _("Leave out the name and password before the @: everybody would read them.")
NUMBERS = _("Write the address with the name of its site, such as https://example.org, not with numbers.")
INSIDE_NETWORK = _("This address works inside a network only. Give one that everybody can open, or add a file.")
TOO_LONG = _("The address has more than 2,000 characters. Look for a shorter one, such as a permanent link.")


def public(address: str) -> str:
    """The address as it is kept, with https:// where no scheme was typed; "" for none. Raises AddressRefused."""
    address = address.strip()
    if WITHOUT_SCHEME.match(address):
        address = f"https://{address}"
    if not address:
        return ""
    if len(address) > LONGEST:
        raise AddressRefused(TOO_LONG)
    # Browsers take a backslash for a slash and leave out line breaks: nobody sees where such an address leads.
    if any(char.isspace() or char == "\\" or unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in address):
        raise AddressRefused(MALFORMED)
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused(MALFORMED) from None
    if parts.scheme not in {"http", "https"}:
        raise AddressRefused(SCHEME)
    if "@" in parts.netloc:
        raise AddressRefused(WITH_PASSWORD)
    require_public_host(host)
    return address


def require_public_host(host: str) -> None:
    """Refuse all numbers, however they are written, and names that only an inside network knows."""
    # What browsers do with a host before they look for it: https://url.spec.whatwg.org/#host-parsing
    host = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").lower().removesuffix(".")
    if ":" in host:
        raise AddressRefused(NUMBERS)
    try:
        labels = host.encode("idna").decode().split(".")
    except UnicodeError:
        raise AddressRefused(MALFORMED) from None
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise AddressRefused(NUMBERS)
    if labels[-1] in INSIDE or labels == [""]:
        raise AddressRefused(INSIDE_NETWORK if labels != [""] else MALFORMED)
    if not all(map(NAME.fullmatch, labels)):
        raise AddressRefused(MALFORMED)
    if len(labels) < 2 or not TOP_LEVEL.fullmatch(labels[-1]) or leads_inside(".".join(labels)):
        raise AddressRefused(INSIDE_NETWORK)


def leads_inside(name: str) -> bool:
    """Is it known for leading into the reader's own network, or does it hold a number of one?"""
    if any(f".{name}".endswith(f".{each}") for each in LEADING_INSIDE):
        return True
    numbers = ([int(part) for part in re.split("[.-]", found)] for found in IPV4.findall(name))
    return any(max(each) < 256 and not IPv4Address(bytes(each)).is_global for each in numbers)
