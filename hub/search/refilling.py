"""Making the entries of the search anew from the texts as they are, in batches, while the portal goes on.

The triggers keep entries whenever a text changes. What they cannot see is a change of what they go by: the names of
countries, kinds, objectives, principles and regions, a dictionary of PostgreSQL, a row that was written while triggers
were off.
"""

from collections.abc import Iterator

from django.db import connection, transaction

from hub.search import countries, kinds_of_resources
from hub.search.kinds import KINDS, Kind

# Rows are locked while a batch is made; somebody who changes one of them waits that long.
BATCH = 500

LOCKED = "SELECT id FROM {table} WHERE id > %(reached)s ORDER BY id LIMIT {batch} FOR NO KEY UPDATE"
# Only entries that come out differently are written. What has no date of its own was dated when it was written.
ANEW = """
    WITH fresh AS MATERIALIZED (
        SELECT found.object_id, found.language, found.consultation_id, found.at,
            search_vector(found.language, found.heading, found.body) AS vector
        FROM {table} AS given, search_texts_{kind}(given) AS found
        WHERE given.id = ANY(%(ids)s)
    ), gone AS (
        DELETE FROM search_entry AS entry WHERE kind = '{kind}' AND object_id = ANY(%(ids)s) AND NOT EXISTS (
            SELECT FROM fresh WHERE fresh.object_id = entry.object_id AND fresh.language = entry.language
        ) RETURNING 1
    ), written AS (
        INSERT INTO search_entry AS entry (kind, object_id, language, consultation_id, at, vector)
        SELECT '{kind}', object_id, language, consultation_id, at, vector FROM fresh
        ON CONFLICT (kind, object_id, language) DO UPDATE
        SET consultation_id = excluded.consultation_id, at = excluded.at, vector = excluded.vector
        WHERE (entry.consultation_id, entry.vector) IS DISTINCT FROM (excluded.consultation_id, excluded.vector)
            OR (entry.at <> excluded.at AND excluded.at <> now())
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""
# Of rows that are there no more.
ORPHANS = """
    DELETE FROM search_entry AS entry
    WHERE kind = '{kind}' AND NOT EXISTS (SELECT FROM {table} AS given WHERE given.id = entry.object_id)
"""


def kept_kinds() -> list[Kind]:
    """The kinds that keep entries."""
    return [kind for kind in KINDS.values() if kind.table]


def learn_names() -> None:
    """Let the triggers know the names of countries and of kinds of resources as they are today."""
    with connection.cursor() as cursor:
        cursor.execute(countries.function())
        cursor.execute(kinds_of_resources.function())


def number_of_rows(kind: Kind) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {kind.table}")
        return cursor.fetchone()[0]


def refill(kind: Kind) -> Iterator[tuple[int, int]]:
    """Make the entries of one kind anew. Yields after each batch how many rows it had and how many entries differed."""
    reached = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCKED.format(table=kind.table, batch=BATCH), {"reached": reached})
            ids = [pk for (pk,) in cursor.fetchall()]
            if not ids:
                cursor.execute(ORPHANS.format(kind=kind.name, table=kind.table))
                yield 0, cursor.rowcount
                return
            cursor.execute(ANEW.format(kind=kind.name, table=kind.table), {"ids": ids})
            (different,) = cursor.fetchone()
        reached = ids[-1]
        yield len(ids), different
