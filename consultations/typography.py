"""Blanks that do not break, and signs that each language spaces in its own way."""

import re
from collections.abc import Iterable
from functools import reduce

from django.utils.translation import gettext as _

# Not the no-break spaces, which French has before “:”, “;”, “?”, “!” and “»”.
BLANKS = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")


def on_one_line(text: str) -> str:
    """The text with single blanks between its words; those that do not break stay."""
    return BLANKS.sub(" ", text).strip()


def in_a_row(names: Iterable) -> str:
    """“One; two; three”, with the semicolons of the page's language."""
    each = [str(name) for name in names]
    return reduce(lambda one, other: _("%(one)s; %(other)s") % {"one": one, "other": other}, each) if each else ""
