"""What operators do: backup, restore, doctor. On the real database, with the real programs."""

import datetime
import os
import stat
import subprocess
import sys

import psycopg2
import pytest
from django.conf import settings as portal
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from consultations.models import Comment, Question
from hub import operations
from hub.background.mail import queued
from hub.background.models import OutgoingMail
from hub.background.worker import LOCK_SPACE
from hub.resources.models import FacetCount, ListEntry, ResourceFile
from tests import make


@pytest.fixture
def of_ones_own(transactional_db):
    """The tables really change, and are as they were afterwards."""
    # Threads of servers in earlier tests may still hold a connection.
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    yield
    connection.close()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "portal.dump"


@pytest.fixture
def another_connection():
    made = connect()
    yield made
    made.close()


def connect():
    settings = connection.settings_dict
    made = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
    )
    made.autocommit = True
    return made


def everything() -> dict[str, list]:
    """All rows of all tables."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT each::text FROM "{table}" each ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def refused(sentence: str, *arguments, before=None) -> None:
    with pytest.raises(CommandError, match=sentence) as problem:
        call_command("restore", *arguments)
    assert "\n" not in str(problem.value)
    if before is not None:
        assert everything() == before


# Backup and restore


def test_it_works(of_ones_own, question, file, capsys):
    root = make.comment(question, body="L’État — ١٢ 👩🏽‍⚖️ \\. \\N\tend\n\n- one\n- two")
    make.comment(question, root)
    before = everything()
    call_command("backup", file)
    assert "read back whole." in capsys.readouterr().out
    make.comment(question)
    Comment.objects.filter(pk=root.pk).update(body="Something else.")
    sql("CREATE TABLE left_over (question_id bigint REFERENCES consultations_question)")
    call_command("restore", file, replace=True)
    assert everything() == before
    # Sequences, constraints and triggers are back too.
    assert make.comment(question).pk > root.pk
    assert question.comments.count() == 3
    with pytest.raises(IntegrityError):
        sql("INSERT INTO django_content_type (app_label, model) SELECT app_label, model FROM django_content_type")


def test_twice_is_as_once(of_ones_own, question, file, tmp_path):
    make.comment(question)
    before = everything()
    for number in range(2):
        again = tmp_path / f"{number}.dump"
        call_command("backup", again)
        call_command("restore", again, "--replace")
    assert everything() == before


def test_an_empty_database_needs_no_replace(of_ones_own, question, file):
    make.comment(question)
    before = everything()
    call_command("backup", file)
    sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("restore", file)
    assert everything() == before


def test_the_file_is_its_owners_alone_and_nothing_lies_beside_it(of_ones_own, file, tmp_path):
    file.write_text("an earlier one")
    file.chmod(0o644)
    call_command("backup", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["portal.dump"]
    assert file.read_bytes().startswith(b"PGDMP")


def test_a_backup_that_fails_leaves_the_earlier_one(of_ones_own, file, tmp_path, monkeypatch):
    file.write_text("an earlier one")
    connection.ensure_connection()
    with monkeypatch.context() as patch, pytest.raises(CommandError, match=r'pg_dump failed: .*"nowhere" does not'):
        patch.setitem(connection.settings_dict, "NAME", "nowhere")
        call_command("backup", file)
    assert file.read_text() == "an earlier one" and os.listdir(tmp_path) == ["portal.dump"]


def test_a_place_that_cannot_be_written_is_named(of_ones_own, tmp_path):
    with pytest.raises(CommandError, match="is a folder"):
        call_command("backup", tmp_path)
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("backup", tmp_path / "missing" / "portal.dump")


def test_what_is_there_is_not_replaced_unasked(of_ones_own, question, file):
    call_command("backup", file)
    make.comment(question)
    refused("not empty. Add --replace", file, before=everything())


def test_files_that_are_no_backup_change_nothing(of_ones_own, question, file, tmp_path):
    make.comment(question)
    before = everything()
    refused("There is no file", tmp_path / "missing", "--replace", before=before)
    file.write_text("Dear Sir or Madam")
    refused("does not appear to be a valid archive", file, "--replace", before=before)
    file.write_bytes(b"")
    refused("pg_restore failed: ", file, "--replace", before=before)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_changes_nothing(of_ones_own, question, file, share):
    make.comment(question)
    call_command("backup", file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    refused("pg_restore failed: ", file, "--replace", before=everything())


def test_a_backup_of_something_else_changes_nothing(of_ones_own, question, file):
    programs = operations.programs_for(operations.server_version())
    command = [programs / "pg_dump", "--format=custom", "--table=accounts_user", "--file", file, *operations.dsn()]
    subprocess.run(command, check=True)
    refused("a backup of something else", file, "--replace", before=everything())


def test_a_backup_of_a_newer_portal_changes_nothing(of_ones_own, question, file):
    sql("INSERT INTO django_migrations (app, name, applied) VALUES ('consultations', '0999_from_the_future', now())")
    call_command("backup", file)
    sql("DELETE FROM django_migrations WHERE name = '0999_from_the_future'")
    refused("consultations.0999_from_the_future that this one does not know", file, "--replace", before=everything())


def test_a_backup_of_an_older_portal_says_what_follows(of_ones_own, file, capsys):
    executor = MigrationExecutor(connection)
    # The last in their order is one on which no other depends.
    last, _backwards = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)[-1]
    sql(f"DELETE FROM django_migrations WHERE app = '{last.app_label}' AND name = '{last.name}'")
    call_command("backup", file)
    call_command("restore", file, "--replace")
    assert "1 migrations follow" in capsys.readouterr().out
    call_command("migrate", last.app_label, fake=True, verbosity=0)


def test_nothing_is_restored_under_the_feet_of_a_running_portal(of_ones_own, question, file, another_connection):
    call_command("backup", file)
    refused("1 other connections use the database. Stop the portal", file, "--replace", before=everything())


def test_a_restore_that_fails_on_the_way_changes_nothing(of_ones_own, question, file, monkeypatch):
    make.comment(question)
    before = everything()
    call_command("backup", file)
    options = connection.settings_dict["OPTIONS"] | {"options": "-c default_transaction_read_only=on"}
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "OPTIONS", options)
        refused("could not be restored: .*read-only transaction The database is as it was", file, "--replace")
    connection.close()
    assert everything() == before


def test_a_server_newer_than_the_programs_is_refused():
    with pytest.raises(operations.OperationProblem, match="The server is PostgreSQL 99, and the programs here are ol"):
        operations.programs_for(99)


# Doctor


def examine(capsys) -> tuple[dict[str, str], int]:
    """What the doctor said of each thing, and the exit code."""
    code = 0
    try:
        call_command("doctor", no_color=True)
    except SystemExit as end:
        code = end.code
    found = {}
    for line in capsys.readouterr().out.splitlines():
        word, _, rest = line.partition("  ")
        name, _, sentence = rest.strip().partition(": ")
        found.setdefault(name, []).append(f"{word.strip()} {sentence}")
    return {name: " / ".join(lines) for name, lines in found.items()}, code


@pytest.fixture
def worker(another_connection):
    """The mark by which a worker shows that it lives."""
    with another_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 7)", [LOCK_SPACE])


@pytest.fixture
def guarded():
    """The tests' own database has one of the triggers switched off, because tests end by emptying tables."""
    sql("ALTER TABLE moderation_act ENABLE TRIGGER no_emptying")


def test_all_is_well(worker, guarded, question, capsys):
    make.comment(question)
    found, code = examine(capsys)
    assert not [each for each in found.values() if each.startswith("WRONG")] and code == 0
    assert list(found) == [
        "database",
        "migrations",
        "counts",
        "record",
        "files",
        "disk",
        "data folder",
        "mail",
        "background",
        "catalogues",
        "static files",
        "settings",
        "privacy",
        "search",
    ]


def test_a_term_that_the_page_about_privacy_does_not_name_is_told(worker, settings, capsys):
    settings.ANSWERED_KEPT_MONTHS = 36
    found, code = examine(capsys)
    assert "ANSWERED_KEPT_MONTHS is 36" in found["privacy"] and "(en, fr, es)" in found["privacy"] and code == 1


def test_counts_that_are_wrong_are_told(worker, question, capsys):
    make.comment(question)
    Question.objects.filter(pk=question.pk).update(comment_count=7)
    found, code = examine(capsys)
    assert "7 contributions are counted and there are 1." in found["counts"] and code == 1


def test_a_list_that_is_wrong_and_files_that_are_lost_are_told(worker, capsys):
    listed = make.listed_resource()
    make.listed_resource()
    FacetCount.objects.filter(facet="kind").update(resource_count=7)
    FacetCount.objects.filter(facet="all").update(resource_count=1)
    ListEntry.objects.filter(resource=listed).delete()
    ResourceFile.objects.create(resource=listed, format="pdf", name="x.pdf", size=1, sha256="", stored="resources/no")
    found, code = examine(capsys)
    assert "Listed resources without a place in the list: 1." in found["counts"] and code == 1
    assert "Resources, kind toolkit: 7 are counted and there are 1." in found["counts"]
    assert "Resources, all" not in found["counts"]
    assert found["files"].endswith(": 1, such as resources/no.")


def test_migrations_that_are_not_applied_are_told(worker, capsys):
    sql("DELETE FROM django_migrations WHERE app = 'accounts' AND name = '0003_usage_of_limits'")
    found, code = examine(capsys)
    assert "the first is accounts.0003_usage_of_limits. Run manage.py migrate." in found["migrations"] and code == 1


def test_a_missing_worker_and_mails_given_up_are_told(capsys):
    mail = queued(EmailMessage("Subject", "Text", to=["ana@example.org"]))
    mail.state, mail.finished_at = OutgoingMail.State.DEAD, timezone.now()
    mail.save()
    late = queued(EmailMessage("Subject", "Text", to=["ana@example.org"]))
    late.due_at -= datetime.timedelta(hours=1)
    late.save()
    found, code = examine(capsys)
    assert "No worker runs" in found["background"] and "1 tasks and mails were given up" in found["background"]
    assert "1 tasks and mails have been due" in found["background"] and code == 1


def test_secrets_that_others_can_read_are_told(worker, settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    (tmp_path / "secret-key").touch(mode=0o644)
    found, code = examine(capsys)
    assert f"Run chmod go= {tmp_path / 'secret-key'}" in found["data folder"] and code == 1


def test_a_mail_server_that_is_away_is_told(worker, settings, capsys):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    found, code = examine(capsys)
    assert "Mails cannot be handed over: ConnectionRefusedError" in found["mail"] and code == 1


def test_no_mail_server_in_production_is_told(worker, settings, capsys):
    settings.PRODUCTION, settings.DELIVERY_BACKEND = True, "hub.mail.ConsoleAndFilesBackend"
    found, code = examine(capsys)
    assert "nobody gets a code" in found["mail"] and code == 1
    assert "security.W" in found["settings"]


def test_catalogues_and_static_files_that_are_missing_are_told(worker, settings, tmp_path, capsys):
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.touch()
    settings.LOCALE_PATHS, settings.STATIC_ROOT = [tmp_path], tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": settings.HASHED}}
    found, code = examine(capsys)
    assert "“fr” is not compiled" in found["catalogues"] and "not collected" in found["static files"] and code == 1


def test_a_record_that_could_be_changed_is_found(guarded, capsys):
    assert "keeps the record of moderation from being changed" in examine(capsys)[0]["record"]
    sql("ALTER TABLE moderation_act DISABLE TRIGGER no_change")
    found, code = examine(capsys)
    assert "no_change is gone or off" in found["record"] and code == 1


def test_without_a_database_the_rest_is_looked_at():
    environment = os.environ | {"DATABASE_URL": "postgresql://somebody@127.0.0.1:1/portal"}
    command = [sys.executable, "manage.py", "doctor"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=portal.BASE_DIR)
    assert done.returncode == 1 and not done.stderr
    assert done.stdout.startswith("WRONG  database: The database does not answer") and "  disk: " in done.stdout
    assert "migrations" not in done.stdout


@pytest.mark.parametrize("name", ["backup", "restore", "doctor"])
def test_each_command_says_what_it_does(name):
    command = [sys.executable, "manage.py", name, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=portal.BASE_DIR)
    assert done.returncode == 0 and f"manage.py {name} [-h]" in done.stdout
