"""The whole database as it is, to see whether something changes it."""

from django.db import connection


def rows_of_all_tables():
    """Every row of the portal's tables, with PostgreSQL's mark of its last change."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "django_session"]
        rows = {}
        for name in tables:
            cursor.execute(f'SELECT ctid, xmin, "{name}"::text FROM "{name}"')
            rows[name] = sorted(map(str, cursor.fetchall()))
    return rows
