"""Pages of the portal whose texts stand in templates. They are looked through as they are, without an index."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy, override


@dataclass(frozen=True)
class Place:
    """A page, by the name of its address, with the templates of what it says to everybody."""

    pk: int
    name: str
    title: Promise
    templates: tuple[str, ...]

    def get_absolute_url(self) -> str:
        return reverse(self.name)


PLACES = [
    Place(
        1,
        "peer_review",
        gettext_lazy("Peer review"),
        ("review/roster/_steps.html", "review/roster/_involves.html"),
    )
]


def among(ids: Iterable[int]) -> list[Place]:
    return [place for place in PLACES if place.pk in ids]


@cache
def texts(place: Place, language: str) -> tuple[str, str]:
    """Title and text of a page in `language`. Neither changes as long as the server runs."""
    context = {
        "internal": settings.INTERNAL_REVIEWERS,
        "external": settings.EXTERNAL_REVIEWERS,
        "answer_days": settings.REVIEW_ANSWER_DAYS,
        "review_days": settings.REVIEW_DAYS,
    }
    with override(language):
        html = "".join(render_to_string(template, context) for template in place.templates)
        # Each heading and each term ends as a sentence does.
        return str(place.title), " ".join(strip_tags(ENDS.sub(". ", html)).split())


ENDS = re.compile(r"[.:]?</(?:h3|p|dt|dd)>")


def as_rows() -> dict[str, list]:
    """All of them in all languages, for `unnest`."""
    rows = [(place.pk, code, *texts(place, code)) for place in PLACES for code, _name in settings.LANGUAGES]
    numbers, languages, headings, bodies = map(list, zip(*rows, strict=True))
    return {
        "place_numbers": numbers,
        "place_languages": languages,
        "place_headings": headings,
        "place_bodies": bodies,
    }
