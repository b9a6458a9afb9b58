"""Is what somebody submits known already? Only what they may know of is told: listed resources, and their own."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import MD5

from hub.resources.models import Resource
from hub.resources.titles import keys_like

# How alike two titles are, from 0 to 1; an edition of another year is above, another book on the same matter below.
ALIKE = 0.6
MOST = 3


@dataclass(frozen=True)
class Known:
    """A resource that could be the same."""

    resource: Resource
    has_same_address: bool


def known(resource: Resource, user) -> list[Known]:
    """Resources with the same address, then those with a title alike in any language, the likest first.

    What others have submitted and nobody has listed is never among them, so that nothing can be guessed by typing
    titles and addresses. A constant number of queries.
    """
    may_know = Resource.objects.filter(
        Q(state=Resource.State.LISTED) | Q(submitted_by=user) & ~Q(state=Resource.State.WITHDRAWN)
    ).exclude(pk=resource.pk)
    by_address = list(same_address(may_know, resource)[:MOST])
    order = alike(resource, user)
    found = may_know.in_bulk(order)
    seen = {each.pk for each in by_address}
    by_title = [found[key] for key in order if key in found and key not in seen]
    return [Known(each, True) for each in by_address] + [Known(each, False) for each in by_title[:MOST]]


def same_address(among: QuerySet, resource: Resource) -> QuerySet:
    if not resource.normalised_address:
        return among.none()
    # The index is on the hash; the address itself settles it.
    return (
        among.alias(hash=MD5("normalised_address"))
        .filter(hash=MD5(Value(resource.normalised_address)), normalised_address=resource.normalised_address)
        .order_by("pk")
    )


def alike(resource: Resource, user, *, states=(Resource.State.LISTED,)) -> list[int]:
    """The keys of resources with a similar title that the person may know of: their own, and those in `states`."""
    title = getattr(resource, f"title_{resource.text_language}") or ""
    if not title.strip():
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        # The threshold of the operator, for this transaction: the higher, the less the indexes let through.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(
            ALIKE_IN_ANY_LANGUAGE,
            {
                "title": title,
                "keys": keys_like(title),
                "user": user.pk,
                "resource": resource.pk,
                "most": 2 * MOST,
                "states": [str(state) for state in states],
            },
        )
        return [key for (key,) in cursor.fetchall()]


VISIBLE = """
    id <> %(resource)s
    AND (state = ANY(%(states)s::text[]) OR submitted_by_id = %(user)s AND state <> 'withdrawn')
"""
# Each language by its own index; in one condition with OR the whole table would be read. Among 100,000 titles that
# takes some 0.1 s. Titles in scripts of which trigrams see nothing are found when they are the same, by their key;
# so is a title without its subtitle, which may be longer than itself.
ALIKE_IN_ANY_LANGUAGE = """
    SELECT id FROM ({each_language} UNION ALL {the_same}) AS near
    GROUP BY id ORDER BY max(likeness) DESC, id LIMIT %(most)s
""".format(
    each_language=" UNION ALL ".join(
        f"""
        SELECT id, similarity(title_{code}, %(title)s) AS likeness FROM resources_resource
        WHERE title_{code} %% %(title)s AND {VISIBLE}
        """
        for code, _name in settings.LANGUAGES
    ),
    the_same=f"SELECT id, 1 FROM resources_resource WHERE title_keys && %(keys)s::text[] AND {VISIBLE}",
)
