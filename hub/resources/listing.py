"""What editors decide: begin the review, list, ask for changes, decline, take off the list, take up again; correct.

One function each, one transaction each; each returns the step that was kept. Each raises a ResourceError, in words
for the editor, and then has changed nothing: StateHasChanged when somebody else has decided, NotComplete when what
readers need is missing.
"""

from collections import Counter
from itertools import chain
from itertools import count as count_from

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hub.resources.addresses import normalise
from hub.resources.completeness import what_is_missing
from hub.resources.models import FacetCount, ListEntry, Resource, StateChange
from hub.resources.order import position_of
from hub.resources.states import ResourceError, State, lock, move

WAITING = {State.SUBMITTED, State.IN_REVIEW}
UNDECIDED = WAITING | {State.CHANGES_REQUESTED}
# Room for a number behind the words in the address.
SLUG_LENGTH = 80


class NotComplete(ResourceError):
    """It cannot be shown to readers; `missing` says in sentences what it lacks."""

    def __init__(self, missing: list[str]):
        self.missing = missing
        self.message = " ".join(missing)


class WordsMissing(ResourceError):
    message = _("Write to the submitter why, in a sentence or two.")


@transaction.atomic
def begin_review(resource: Resource, editor) -> StateChange:
    """Reviewers have been asked; the submitter sees that it is being reviewed."""
    return move(lock(resource, {State.SUBMITTED}), State.IN_REVIEW, editor)


@transaction.atomic
def list_resource(resource: Resource, editor, words: str = "") -> StateChange:
    """Show the resource to everybody, at its place in the list and at an address of its own."""
    current = lock(resource, WAITING)
    if missing := what_is_missing(current):
        raise NotComplete(missing)
    change = move(
        current, State.LISTED, editor, words, slug=current.slug or free_slug(current), listed_at=timezone.now()
    )
    place(current)
    return change


@transaction.atomic
def request_changes(resource: Resource, editor, words: str) -> StateChange:
    """Give it back to its submitter, with what is to be changed."""
    require(words)
    return move(lock(resource, WAITING), State.CHANGES_REQUESTED, editor, words)


@transaction.atomic
def decline(resource: Resource, editor, words: str) -> StateChange:
    """Do not list it, with the reasons."""
    require(words)
    return move(lock(resource, UNDECIDED), State.DECLINED, editor, words)


@transaction.atomic
def take_off(resource: Resource, editor, words: str) -> StateChange:
    """Take a listed resource off the list, with the reasons; its address stays its own."""
    require(words)
    current = lock(resource, {State.LISTED})
    unplace(current)
    return move(current, State.DECLINED, editor, words)


@transaction.atomic
def list_again(resource: Resource, editor, words: str) -> StateChange:
    """Put back what was taken off the list, under the address and the date that it had."""
    require(words)
    current = lock(resource, {State.DECLINED})
    if missing := what_is_missing(current):
        raise NotComplete(missing)
    change = move(current, State.LISTED, editor, words)
    place(current)
    return change


@transaction.atomic
def take_up_again(resource: Resource, editor, words: str) -> StateChange:
    """Think about what was declined once more, as if it had just been sent; the reviews stay with it.

    What its submitter was changing when it was declined was not sent: that goes on where it was.
    """
    require(words)
    current = lock(resource, {State.DECLINED})
    last = current.state_changes.last()
    was_being_changed = last is not None and last.before == State.CHANGES_REQUESTED
    return move(current, State.CHANGES_REQUESTED if was_being_changed else State.SUBMITTED, editor, words)


# What editors may correct of a listed resource, besides its title and summary.
CORRECTED = (
    *("kind", "address", "publisher", "authors", "year", "languages"),
    *("objectives", "principles", "regions", "countries", "scope", "comprehensiveness"),
)


@transaction.atomic
def correct(resource: Resource) -> None:
    """Bring the list in step with a listed resource that was corrected, and keep when that was."""
    current = lock(resource, {State.LISTED})
    current.corrected_at = timezone.now()
    current.normalised_address = normalise(current.address)
    current.save(update_fields=["corrected_at", "normalised_address"])
    place(current)


def require(words: str) -> None:
    if not words.strip():
        raise WordsMissing


def free_slug(resource: Resource) -> str:
    """Words of the title as an address that no other resource has had; call it while the resource is locked.

    Until the transaction ends nobody else is given one: equal titles may be listed at the same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMING])
    titles = [getattr(resource, f"title_{code}") for code in (resource.text_language, *dict(settings.LANGUAGES))]
    words = next(filter(None, (slugify(title or "") for title in titles)), "")
    words = words[:SLUG_LENGTH].rpartition("-")[0] if len(words) > SLUG_LENGTH else words
    # Words that are pages of the list themselves, and titles in other scripts, get the number as well.
    numbered = f"{words or 'resource'}-{resource.pk}"
    possible = chain(
        [words] if words and words not in RESERVED else [],
        [numbered],
        # A title may end with the number of another resource.
        (f"{numbered}-{number}" for number in count_from(2)),
    )
    return next(slug for slug in possible if not Resource.objects.filter(slug=slug).exists())


RESERVED = {"submit", "mine", "files", "order"}
# The number of an advisory lock of PostgreSQL.
NAMING = 7_205_519


# The list


@transaction.atomic
def place(resource: Resource) -> None:
    """Give the listed resource its place in the list, or the one that it has now."""
    unplace(resource)
    entry = ListEntry(
        resource=resource,
        position=position_of(resource),
        kind=resource.kind,
        scope=resource.scope,
        year=resource.year,
        languages=resource.languages,
        objectives=sorted(resource.objectives.values_list("number", flat=True)),
        regions=list(resource.regions.values_list("slug", flat=True)),
    )
    entry.save(force_insert=True)
    count(entry, 1)


def unplace(resource: Resource) -> None:
    """Take the resource from the list, if it is there."""
    if entry := ListEntry.objects.select_for_update().filter(resource=resource).first():
        entry.delete()
        count(entry, -1)


def values_of(entry: ListEntry) -> Counter:
    """The counts in which this entry is, by facet and value."""
    pairs = [("all", ""), ("kind", entry.kind), ("scope", entry.scope), ("year", str(entry.year))]
    pairs += [("objective", str(number)) for number in entry.objectives]
    pairs += [("region", slug) for slug in entry.regions]
    pairs += [("language", code) for code in entry.languages]
    return Counter(pairs)


def count(entry: ListEntry, number: int) -> None:
    """Add `number` to each count in which the entry is, in one order so that nobody waits for each other."""
    with connection.cursor() as cursor:
        facets, values = zip(*sorted(values_of(entry)), strict=True)
        cursor.execute(COUNT, {"facets": list(facets), "values": list(values), "number": number})


# A negative number only ever meets a row that the entry's own listing has made.
COUNT = """
    INSERT INTO resources_facetcount AS counted (facet, value, resource_count)
    SELECT facet, value, greatest(%(number)s, 0)
    FROM unnest(%(facets)s::text[], %(values)s::text[]) AS of_entry (facet, value)
    ORDER BY facet, value
    ON CONFLICT (facet, value) DO UPDATE SET resource_count = counted.resource_count + %(number)s
"""


@transaction.atomic
def count_all() -> None:
    """Count the whole list anew, after many entries were written at once."""
    FacetCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ALL)


COUNTED = """
    SELECT facet, value, count(*) AS number
    FROM resources_listentry, LATERAL (
        SELECT 'all' AS facet, '' AS value
        UNION ALL SELECT 'kind', kind
        UNION ALL SELECT 'scope', scope
        UNION ALL SELECT 'year', year::text
        UNION ALL SELECT 'objective', unnest(objectives)::text
        UNION ALL SELECT 'region', unnest(regions)
        UNION ALL SELECT 'language', unnest(languages)
    ) AS of_entry
    GROUP BY facet, value
"""
COUNT_ALL = f"INSERT INTO resources_facetcount (facet, value, resource_count) {COUNTED}"


def differences() -> list[str]:
    """Where the list or its counts do not agree with the resources, in sentences for operators."""
    with connection.cursor() as cursor:
        cursor.execute(MISPLACED, {"listed": State.LISTED})
        ((lacking, left),) = cursor.fetchall()
        cursor.execute(MISCOUNTED.format(counted=COUNTED))
        miscounted = cursor.fetchall()
    sentences = [f"Listed resources without a place in the list: {lacking}."] if lacking else []
    sentences += [f"Resources in the list that are not listed: {left}."] if left else []
    for facet, value, kept, there in miscounted:
        sentences.append(f"Resources, {facet} {value}: {kept} are counted and there are {there}.".replace(" :", ":"))
    return sentences


MISPLACED = """
    SELECT count(*) FILTER (WHERE entry.resource_id IS NULL), count(*) FILTER (WHERE resource.id IS NULL)
    FROM (SELECT id FROM resources_resource WHERE state = %(listed)s) AS resource
    FULL JOIN resources_listentry AS entry ON entry.resource_id = resource.id
"""
MISCOUNTED = """
    SELECT facet, value, coalesce(kept.resource_count, 0), coalesce(there.number, 0)
    FROM ({counted}) AS there FULL JOIN resources_facetcount AS kept USING (facet, value)
    WHERE coalesce(kept.resource_count, 0) <> coalesce(there.number, 0)
    ORDER BY facet, value
"""
