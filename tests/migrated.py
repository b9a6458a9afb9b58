"""A database with every migration applied, of which the tests of each process use a copy.

Applying them takes seconds of work, copying a moment: once for all processes, and once for all runs of the same code.
"""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# Any fixed number: it keeps two processes from making the same database.
LOCK = 7_251_836_402
UNFINISHED = "migrated_unfinished"


def database() -> str:
    """The name of the database, made when this code has none yet; those of other code are dropped."""
    wanted = f"migrated_{state_of_code()}"
    with connection._nodb_cursor() as cursor:
        # Given back with the connection, whatever happens.
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'migrated\_%%'", [])
        found = {name for (name,) in cursor.fetchall()}
        for name in found - {wanted}:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        if wanted not in found:
            cursor.execute(f"CREATE DATABASE {UNFINISHED}")
            migrate(UNFINISHED)
            cursor.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {wanted}")
    return wanted


def state_of_code() -> str:
    """A short text that changes with the code: migrations use whatever they like of it."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for app in ("accounts", "consultations", "hub"):
        for path in sorted((ROOT / app).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def migrate(name: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
