"""The sections of a page's text."""

import re
from dataclasses import dataclass

from django.utils.text import slugify

HEADING = re.compile(r"^##[ \t]+(.+?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A part of a text. `name` is its place in the page's address; the text before the first heading has none."""

    name: str
    heading: str
    text: str


def sections(body: str) -> list[Section]:
    """`body` cut at its lines that begin with ##, in order. Headings are no part of the portal's light markup."""
    opening, *parts = HEADING.split(body.replace("\r\n", "\n"))
    found = [Section("", "", opening.strip())] if opening.strip() else []
    names = set()
    for number, (heading, text) in enumerate(zip(parts[::2], parts[1::2], strict=True), start=1):
        name = slugify(heading)
        if not name or name in names:
            name = f"section-{number}"
        names.add(name)
        found.append(Section(name, heading, text.strip()))
    return found
