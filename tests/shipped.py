"""What the portal ships as data: put back after tests that really change the tables.

Django empties every table after such a test, which takes ten times as long as deleting the few rows of a test, and
leaves the later tests of the process without the portal's objectives, groups and pages.
"""

import io

from django.db import connection, transaction

# One statement tells which tables hold anything at all.
TABLES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
WITH_TRIGGERS = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"

rows: dict[str, bytes] = {}


def remember() -> None:
    """Keep what a database has that has only been migrated."""
    with connection.cursor() as cursor:
        for table in filled(cursor):
            copied = io.BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", copied)
            rows[table] = copied.getvalue()


def put_back() -> None:
    """Let every table hold what `remember` found in it. Numbers given meanwhile are not given again."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The record of moderation refuses to be emptied, and the index of the search would be written twice.
        guarded = first_column(cursor, WITH_TRIGGERS)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in filled(cursor):
            cursor.execute(f"DELETE FROM {table}")
        for table, copied in rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(copied))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def filled(cursor) -> list[str]:
    tables = first_column(cursor, TABLES)
    return first_column(
        cursor, " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
    )


def first_column(cursor, query: str) -> list[str]:
    cursor.execute(query)
    return [value for (value,) in cursor.fetchall()]
