"""Contributions that have some words, for lists that others keep: named by SEARCH_OF_CONTRIBUTIONS in the settings."""

from django.db.models import BooleanField, Exists, OuterRef
from django.db.models.expressions import RawSQL

from hub.search import asking
from hub.search.models import MANY, Entry


def having(words: str) -> Exists | None:
    """Whether a published contribution has what was typed, as the search box of the portal understands it.

    None when there is nothing in it to look for.
    """
    asked = asking.understand(words)
    if not asked.queries:
        return None
    matches = " OR ".join(f"(language = '{code}' AND vector @@ %s::tsquery)" for code in asked.queries)
    found = RawSQL(matches, list(asked.queries.values()), output_field=BooleanField())
    return Exists(Entry.objects.filter(found, kind=MANY, object_id=OuterRef("pk")))
