"""Is what somebody submits known already? Only what they may know of is told: listed resources, and their own."""

from dataclasses import dataclass

from django.conf import settings

from hub.resources.models import Resource
from hub.resources.titles import keys_like

# How alike two titles are, from 0 to 1; an edition of another year is above, another book on the same matter below.
# It is the threshold of the operator: the higher, the less the indexes let through.
ALIKE = 0.6
MOST = 3


@dataclass(frozen=True)
class Known:
    """A resource that could be the same."""

    resource: Resource
    has_same_address: bool


def known(resource: Resource, user, *, states=(Resource.State.LISTED,)) -> list[Known]:
    """Resources with the same address, then those with a title alike in any language, the likest first.

    What others have submitted and nobody has listed is never among them, so that nothing can be guessed by typing
    titles and addresses. One query.
    """
    found = Resource.objects.raw(
        # Sent together they are one transaction, and one way to the database.
        f"SELECT set_config('pg_trgm.similarity_threshold', '{ALIKE}', true); {LIKEST}",
        {
            "address": resource.normalised_address,
            "title": title_of(resource),
            "keys": keys_like(title_of(resource)),
            "user": user.pk,
            "resource": resource.pk,
            "most": MOST,
            "states": [str(state) for state in states],
        },
    )
    by_address = [Known(each, True) for each in found if each.has_same_address]
    return by_address + [Known(each, False) for each in found if not each.has_same_address][:MOST]


def title_of(resource: Resource) -> str:
    return getattr(resource, f"title_{resource.text_language}") or ""


VISIBLE = """
    id <> %(resource)s
    AND (state = ANY(%(states)s::text[]) OR submitted_by_id = %(user)s AND state <> 'withdrawn')
"""
# Each language by its own index; in one condition with OR the whole table would be read. Among 100,000 titles that
# takes some 0.1 s. Titles in scripts of which trigrams see nothing are found when they are the same, by their key;
# so is a title without its subtitle, which may be longer than itself.
LIKEST = """
    SELECT resource.*, likeness = 2 AS has_same_address FROM (
        SELECT id, max(likeness) AS likeness
        FROM ({same_address} UNION ALL {each_language} UNION ALL {the_same}) AS near
        GROUP BY id ORDER BY likeness DESC, id LIMIT 3 * %(most)s
    ) AS likest JOIN resources_resource AS resource USING (id)
    ORDER BY likeness DESC, id
""".format(
    # The index is on the hash; the address itself settles it.
    same_address=f"""
        (SELECT id, 2 AS likeness FROM resources_resource
        WHERE md5(normalised_address) = md5(%(address)s) AND normalised_address = %(address)s AND %(address)s <> ''
        AND {VISIBLE} ORDER BY id LIMIT %(most)s)
    """,
    each_language=" UNION ALL ".join(
        f"""
        SELECT id, similarity(title_{code}, %(title)s) AS likeness FROM resources_resource
        WHERE title_{code} %% %(title)s AND {VISIBLE}
        """
        for code, _name in settings.LANGUAGES
    ),
    the_same=f"SELECT id, 1 FROM resources_resource WHERE title_keys && %(keys)s::text[] AND {VISIBLE}",
)
