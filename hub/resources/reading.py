"""What stands on a resource's page besides the resource: related ones, and the discussions that link to it."""

from dataclasses import dataclass

from consultations.models import Comment, Consultation
from hub.resources import links
from hub.resources.models import FacetCount, Link, ListEntry, Resource

RELATED = 4
# On the home page, of each.
AT_HOME = 3
MENTIONS = 10

# The first of the list that share an objective are enough to choose from: a popular objective has thousands. The
# inner query ends after that many rows of the index of the order, or reads the few of a rare objective by theirs.
RELATED_BY_OBJECTIVES = """
    SELECT near.resource_id
    FROM (
        SELECT resource_id, position, objectives, regions
        FROM resources_listentry
        WHERE objectives && (%(objectives)s::smallint[]) AND resource_id <> %(resource)s
        ORDER BY position
        LIMIT 200
    ) AS near
    ORDER BY
        cardinality(ARRAY(SELECT unnest(near.objectives) INTERSECT SELECT unnest(%(objectives)s::smallint[])))
        + (near.regions && (%(regions)s::varchar[]))::int DESC,
        near.position
    LIMIT %(most)s
"""


def featured_and_newest() -> tuple[list[ListEntry], list[ListEntry]]:
    """For the home page: what the editors feature, and beside it what was listed last; nothing stands twice."""
    entries = ListEntry.objects.select_related("resource").filter(resource__state=Resource.State.LISTED)
    by_date = entries.order_by("-resource__is_featured", "-resource__listed_at", "-resource__id")
    featured = list(by_date.filter(resource__is_featured=True)[:AT_HOME])
    return featured, list(by_date.filter(resource__is_featured=False)[:AT_HOME])


def listed_count() -> int:
    """How many resources are listed, without counting them."""
    return FacetCount.objects.filter(facet="all").values_list("resource_count", flat=True).first() or 0


def related(entry: ListEntry) -> list[ListEntry]:
    """Listed resources that share most objectives, and a region, with this one; in the order of likeness."""
    chosen = ListEntry.objects.raw(
        RELATED_BY_OBJECTIVES,
        {
            "objectives": entry.objectives,
            "regions": entry.regions,
            "resource": entry.resource_id,
            "most": RELATED,
        },
    )
    order = [each.pk for each in chosen]
    found = ListEntry.objects.select_related("resource").in_bulk(order)
    return [found[key] for key in order if key in found]


@dataclass(frozen=True)
class Mentions:
    """The latest contributions that link to a resource, and how many there are."""

    shown: list[Comment]
    count: int


def mentions(resource: Resource, page: str) -> Mentions:
    """Contributions that every reader may see and that link to the resource or to its page, the latest first."""
    linking = Link.objects.filter(
        key__in=links.keys_of(resource, page),
        comment__state=Comment.State.PUBLISHED,
        comment__question__consultation__state=Consultation.State.PUBLISHED,
    )
    ids = linking.values_list("comment_id", flat=True).distinct()
    latest = list(ids.order_by("-comment_id")[: MENTIONS + 1])
    shown = Comment.objects.filter(pk__in=latest[:MENTIONS]).select_related("question__consultation").order_by("-pk")
    return Mentions(list(shown.defer("body")), ids.count() if len(latest) > MENTIONS else len(latest))
