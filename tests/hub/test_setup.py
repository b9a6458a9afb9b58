"""The commands of the project and the embedded database, with what can happen to both."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

from hub import catalogues, database, serving

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "script" / "server"
as_root = os.geteuid() == 0


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made_cluster(open_folder) -> Path:
    """A data folder with a database already made, to be copied: making one takes longer than starting it."""
    with running(open_folder / "made"):
        pass
    return open_folder / "made"


@pytest.fixture
def fresh_folder(open_folder) -> Iterator[Path]:
    """An empty data folder; nothing of it may run at the end."""
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    yield folder
    assert processes_of(folder) == []
    shutil.rmtree(folder)


@pytest.fixture
def data_folder(made_cluster) -> Iterator[Path]:
    """A data folder with a database that does not run, before nor after."""
    yield made_cluster
    assert processes_of(made_cluster) == []


@pytest.fixture
def copied_folder(made_cluster, fresh_folder) -> Path:
    """A data folder with a database of its own, to be spoiled."""
    copy(made_cluster, fresh_folder / "data")
    return fresh_folder / "data"


def copy(source: Path, folder: Path) -> None:
    """Copy a data folder with the owners of its files."""
    subprocess.run(["cp", "-a", source, folder], check=True)


def running(folder: Path, **options):
    options = {"durable": False, "say": lambda line: None} | options
    return database.running(folder, **options)


def answer(folder: Path) -> int:
    """What the database of `folder` answers to a question as the portal's role."""
    settings = database.settings_for(None, folder)
    connection = psycopg2.connect(host=settings["HOST"], user="portal", dbname="portal", connect_timeout=2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 42")
        (found,) = cursor.fetchone()
    connection.close()
    return found


def processes_of(folder: Path) -> list[int]:
    return database.backends((folder / "postgresql").resolve() / "data")


def postmaster_of(folder: Path) -> int:
    return int((folder / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])


def wait_for(condition: Callable[[], object], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


# The embedded database


def test_it_works(data_folder):
    with running(data_folder):
        assert answer(data_folder) == 42
    with pytest.raises(psycopg2.OperationalError):
        answer(data_folder)
    assert not database.socket_folder(data_folder).exists()


def test_the_first_start_makes_the_database_and_says_so(fresh_folder):
    said = []
    with running(fresh_folder, say=said.append):
        assert answer(fresh_folder) == 42
    assert "Making the database …" in said


def test_the_last_user_stops_it(data_folder):
    with running(data_folder):
        with running(data_folder):
            assert answer(data_folder) == 42
        assert answer(data_folder) == 42
    assert processes_of(data_folder) == []


def user_process(folder: Path) -> subprocess.Popen:
    """Another process that uses the database of `folder` until it is told to end."""
    program = (
        "import sys, time; from pathlib import Path; from hub import database\n"
        "with database.running(Path(sys.argv[1]), durable=False): print('running', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, folder], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"running\n"
    return process


def test_it_is_taken_over_after_its_user_was_killed(data_folder):
    with user_process(data_folder) as user:
        user.kill()
    assert processes_of(data_folder)
    with running(data_folder):
        assert answer(data_folder) == 42
    assert processes_of(data_folder) == []


def test_it_stays_for_a_second_process_when_the_first_is_killed(data_folder):
    with user_process(data_folder) as user, running(data_folder):
        user.kill()
        user.wait()
        assert answer(data_folder) == 42


def test_it_starts_at_once_after_it_was_killed(data_folder):
    for _ in range(3):
        with running(data_folder):
            os.kill(postmaster_of(data_folder), signal.SIGKILL)
            with running(data_folder):
                assert answer(data_folder) == 42


def test_it_comes_back_by_itself_while_the_portal_serves(data_folder, monkeypatch):
    monkeypatch.setattr(database, "WATCH_SECONDS", 0.1)
    said = []
    with running(data_folder, revive=True, say=said.append):
        os.kill(postmaster_of(data_folder), signal.SIGKILL)
        wait_for(lambda: said and answers(data_folder))
    assert said == ["The database was killed; it is started again."]


def answers(folder: Path) -> bool:
    try:
        return answer(folder) == 42
    except psycopg2.OperationalError:
        return False


def stale_pid_file(folder: Path, pid: int) -> None:
    lines = [pid, folder / "postgresql" / "data", 1_700_000_000, 5432, "/nowhere", "", "", "ready"]
    (folder / "postgresql" / "data" / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")


def test_a_recycled_process_id_is_not_taken_for_the_server(data_folder):
    stale_pid_file(data_folder, os.getpid())
    with running(data_folder):
        assert answer(data_folder) == 42


def test_a_zombie_is_not_taken_for_the_server(data_folder):
    zombie = subprocess.Popen(["true"])
    # Waits until it has ended without taking its exit code.
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    stale_pid_file(data_folder, zombie.pid)
    with running(data_folder):
        assert answer(data_folder) == 42
    zombie.wait()


def test_the_server_of_another_folder_is_not_taken_for_this_one(data_folder, copied_folder):
    other = copied_folder
    with running(other):
        stale_pid_file(data_folder, postmaster_of(other))
        with running(data_folder):
            assert postmaster_of(data_folder) != postmaster_of(other)
        assert answer(other) == 42


def test_an_empty_pid_file_of_a_full_disk_does_not_hinder(data_folder):
    (data_folder / "postgresql" / "data" / "postmaster.pid").write_text("")
    with running(data_folder):
        assert answer(data_folder) == 42


def test_a_half_made_database_is_made_anew(copied_folder):
    cluster = copied_folder / "postgresql" / "data"
    cluster.rename(cluster.with_name("data.new"))
    (cluster.with_name("data.new") / "global" / "pg_control").unlink()
    with running(copied_folder):
        assert answer(copied_folder) == 42


def test_a_request_to_end_while_it_starts_leaves_nothing(data_folder, monkeypatch):
    class Ended(Exception):
        pass

    def interrupted(*arguments):
        raise Ended

    monkeypatch.setattr(database.Server, "_wait_while", interrupted)
    server = database.Server(data_folder, durable=False, say=print)
    monkeypatch.setattr(server, "_settle", lambda: None)
    monkeypatch.setattr(database, "Server", lambda *arguments, **options: server)
    with pytest.raises(Ended), running(data_folder):
        pass
    assert processes_of(data_folder) == []
    assert server.process.returncode is not None


def test_no_mode_of_a_folder_above_changes(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    folder = private / "data"
    before = modes_above(folder)
    said = []
    with running(folder, say=said.append):
        assert answer(folder) == 42
        assert modes_above(folder) == before
        home = (folder / "postgresql").resolve()
        assert home.stat().st_mode & 0o777 == 0o700
    if as_root:
        assert home.parent == database.SYSTEM_FOLDER
        assert any("cannot enter" in line and str(home) in line for line in said)
        shutil.rmtree(home)


def modes_above(folder: Path) -> list[int]:
    return [parent.stat().st_mode for parent in folder.parents]


def test_the_socket_is_private_and_asks_who_is_there(data_folder):
    with running(data_folder):
        sockets = database.socket_folder(data_folder)
        assert sockets.stat().st_mode & 0o777 == 0o700
        rules = (data_folder / "postgresql" / "data" / "pg_hba.conf").read_text().split("\n")
        assert rules == ["local all all peer map=portal", ""]
        # The portal's own role cannot become the superuser's equal.
        settings = database.settings_for(None, data_folder)
        connection = psycopg2.connect(host=settings["HOST"], user="portal", dbname="portal")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False, False)
        connection.close()


@pytest.mark.skipif(not as_root, reason="only root can try as another account")
def test_another_account_of_the_machine_stays_outside(data_folder):
    nobody = pwd.getpwnam("nobody")
    with running(data_folder) as server:
        sockets = database.socket_folder(data_folder)
        sockets.chmod(0o755)
        (sockets / ".s.PGSQL.5432").chmod(0o777)
        command = [server.programs / "psql", "-h", sockets, "-U", "postgres", "-c", "SELECT 1"]
        found = subprocess.run(command, user=nobody.pw_uid, group=nobody.pw_gid, capture_output=True, text=True)
        assert "Peer authentication failed" in found.stderr


@pytest.mark.skipif(not as_root, reason="only root can try as another account")
def test_root_serves_the_owner_of_a_data_folder(copied_folder):
    nobody = pwd.getpwnam("nobody")
    subprocess.run(["chown", "-R", f"{nobody.pw_uid}:{nobody.pw_gid}", copied_folder], check=True)
    with running(copied_folder):
        assert answer(copied_folder) == 42
        assert Path(f"/proc/{postmaster_of(copied_folder)}").stat().st_uid == nobody.pw_uid
    assert {path.stat().st_uid for path in [copied_folder, *copied_folder.rglob("*")]} == {nobody.pw_uid}


@pytest.mark.parametrize("name", ["a b", "l’été-%41", "quote\"and'quote", "deep/" + "very-long-name/" * 12])
def test_any_folder_will_do(made_cluster, fresh_folder, name):
    folder = fresh_folder / name / "data"
    folder.parent.mkdir(parents=True)
    copy(made_cluster, folder)
    with running(folder):
        assert answer(folder) == 42
        sockets = database.socket_folder(folder)
        assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= 107
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert processes_of(folder) == []


def test_a_data_folder_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(database.DatabaseProblem, match="The data folder cannot be used"), running(tmp_path / "data"):
        pass


def test_a_server_that_refuses_to_start_is_one_sentence(copied_folder):
    (copied_folder / "postgresql" / "data" / "global" / "pg_control").unlink()
    complaint = r"cannot be started: .*pg_control.* See .*server\.log"
    with pytest.raises(database.DatabaseProblem, match=complaint), running(copied_folder):
        pass


def test_a_database_of_another_version_is_left_alone(copied_folder):
    (copied_folder / "postgresql" / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(database.DatabaseProblem, match="made by PostgreSQL 15"), running(copied_folder):
        pass


# A database of one's own


def test_the_address_of_a_database_becomes_settings():
    settings = database.settings_for("postgresql://ana:p%40ss@db.example.org:5433/hub?sslmode=require", Path("/data"))
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example.org", 5433, "hub")
    assert (settings["USER"], settings["PASSWORD"]) == ("ana", "p@ss")
    assert settings["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}
    assert not database.is_embedded(settings, Path("/data"))


@pytest.mark.parametrize(
    "url", ["sqlite:///hub.db", "mysql://ana@db/hub", "nonsense", "postgresql://db:port/hub", "postgresql://db"]
)
def test_an_unsuitable_address_is_one_sentence(url):
    with pytest.raises(database.DatabaseProblem, match="DATABASE_URL"):
        database.settings_for(url, Path("/data"))


def test_a_closed_port_is_one_sentence():
    settings = database.settings_for(f"postgresql://ana@127.0.0.1:{free_port()}/hub", Path("/data"))
    with pytest.raises(database.DatabaseProblem, match=r"does not answer: .*refused"):
        database.require_usable(settings)


def test_a_server_that_never_answers_is_one_sentence_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://ana@127.0.0.1:{silent.getsockname()[1]}/hub?connect_timeout=2"
        # The line never ends by itself: without a limit this test would not either.
        with pytest.raises(database.DatabaseProblem, match="does not answer"):
            database.require_usable(database.settings_for(url, Path("/data")))


def test_an_old_postgresql_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as old:
        threading.Thread(target=greet_as_postgresql_14, args=[old], daemon=True).start()
        url = f"postgresql://ana@127.0.0.1:{old.getsockname()[1]}/hub?sslmode=disable"
        with pytest.raises(database.DatabaseProblem, match="is PostgreSQL 14; the portal needs PostgreSQL 15"):
            database.require_usable(database.settings_for(url, Path("/data")))


@pytest.fixture
def in_latin_1():
    """The address of a database that knows only letters of western Europe."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE DATABASE in_latin_1 TEMPLATE template0 ENCODING 'LATIN1' "
            "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        here = connection.settings_dict
        yield f"postgresql://{here['USER']}@{quote(here['HOST'], safe='')}:{here['PORT']}/in_latin_1"
        cursor.execute("DROP DATABASE in_latin_1 WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_hold_all_letters_is_one_line(in_latin_1, tmp_path):
    environment = {"PORTAL_DATA_DIR": str(tmp_path), "DATABASE_URL": in_latin_1, "PORTAL_MODE": "demo"}
    said = complaint(sys.executable, ROOT / "manage.py", "serve", "--port", str(free_port()), **environment)
    assert said.startswith("The database “in_latin_1” is encoded in LATIN1") and "--encoding=UTF8" in said
    for command in (["doctor"], ["migrate"], ["check", "--database", "default"]):
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command],
            env=os.environ | environment, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1, command
        assert "encoded in LATIN1" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def greet_as_postgresql_14(listening: socket.socket) -> None:
    """What a server says to one client on connecting: come in, who I am, ready."""
    connection, _ = listening.accept()
    with connection:
        connection.recv(1024)
        said = {"server_version": "14.9", "client_encoding": "UTF8", "DateStyle": "ISO, MDY"}
        greeting = message(b"R", b"\0\0\0\0")
        for name, value in said.items():
            greeting += message(b"S", f"{name}\0{value}\0".encode())
        connection.sendall(greeting + message(b"K", b"\0\0\0\1\0\0\0\1") + message(b"Z", b"I"))
        connection.recv(1024)


def message(kind: bytes, content: bytes) -> bytes:
    return kind + (len(content) + 4).to_bytes(4) + content


# The commands


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def complaint(*arguments: str | Path, **environment: str | None) -> str:
    """The one line that the command says on failing.

    It has 15 seconds for it on a machine of its own; here it shares one with a browser and other tests.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "DATABASE_URL"}}
    merged = {name: value for name, value in (inherited | environment).items() if value is not None}
    failed = subprocess.run(
        arguments, env=merged, cwd=ROOT, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert failed.returncode not in {0, None}
    lines = failed.stderr.strip().splitlines()
    assert len(lines) == 1, failed.stderr
    return lines[0]


def test_a_taken_port_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = complaint(SCRIPT, "--port", port, PORTAL_DATA_DIR=str(tmp_path))
    assert said == f"Port {port} cannot be used: another program uses it. Choose another with --port."


def test_an_impossible_port_is_one_line(tmp_path):
    assert "Port 70000 does not exist" in complaint(SCRIPT, "--port", "70000", PORTAL_DATA_DIR=str(tmp_path))


def test_an_unwritable_data_folder_is_one_line(tmp_path):
    # Not even root can make a folder there, nor below a file.
    (tmp_path / "file").write_text("")
    for folder in ("/proc/portal", str(tmp_path / "file" / "data")):
        assert folder in complaint(SCRIPT, "--port", str(free_port()), PORTAL_DATA_DIR=folder)


def test_an_unreachable_database_is_one_line(tmp_path):
    port = free_port()
    url = f"postgresql://ana:secret@127.0.0.1:{port}/hub"
    said = complaint(SCRIPT, "--port", str(free_port()), PORTAL_DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert said == f"The database at 127.0.0.1:{port} (DATABASE_URL) cannot be reached: Connection refused."


def test_a_database_that_never_answers_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://ana:secret@127.0.0.1:{silent.getsockname()[1]}/hub?connect_timeout=2"
        manage = [sys.executable, ROOT / "manage.py", "serve", "--port", str(free_port())]
        said = complaint(*manage, PORTAL_DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert said.startswith("The database does not answer")
    assert "secret" not in said


def test_an_old_python_is_one_line(tmp_path):
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    (tmp_path / "sh").symlink_to(shutil.which("sh"))
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    said = complaint(SCRIPT, PATH=str(tmp_path), PORTAL_PYTHON=None)
    assert said.startswith("Python 3.11 or later is needed")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "0123456789abcdefghij" * 3}, "PORTAL_URL"),
        ({"SECRET_KEY": "0123456789abcdefghij" * 3, "PORTAL_URL": "http://hub.example"}, "PORTAL_URL"),
        (
            {"SECRET_KEY": "0123456789abcdefghij" * 3, "PORTAL_URL": "https://hub.example", "ALLOWED_HOSTS": "*"},
            "ALLOWED_HOSTS",
        ),
        ({"ANSWERED_KEPT_MONTHS": "0"}, "ANSWERED_KEPT_MONTHS"),
        ({"ANSWERED_KEPT_MONTHS": "121"}, "ANSWERED_KEPT_MONTHS"),
        ({"ANSWERED_KEPT_MONTHS": "two years"}, "ANSWERED_KEPT_MONTHS"),
    ],
)
def test_production_refuses_what_is_unsafe_in_one_line(tmp_path, environment, named):
    manage = [sys.executable, ROOT / "manage.py", "serve", "--port", str(free_port())]
    if named == "ANSWERED_KEPT_MONTHS":
        environment = {"SECRET_KEY": "0123456789abcdefghij" * 3, "PORTAL_URL": "https://hub.example"} | environment
    said = complaint(*manage, PORTAL_MODE="production", PORTAL_DATA_DIR=str(tmp_path), **environment)
    assert said.startswith(named)


def test_a_browser_that_is_not_there_is_one_line(tmp_path):
    said = complaint(ROOT / "script" / "test", PORTAL_CHROMIUM="/nowhere/chromium", PORTAL_DATA_DIR=str(tmp_path))
    assert said == "PORTAL_CHROMIUM names /nowhere/chromium, which is no program that can be run."


def test_help_needs_neither_database_nor_installation(tmp_path):
    shown = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True, check=True)
    assert "--production" in shown.stdout
    folder = tmp_path / "data"
    environment = os.environ | {"PORTAL_DATA_DIR": str(folder)}
    manage = [sys.executable, ROOT / "manage.py"]
    for arguments in (["migrate", "--help"], ["help"], ["check"]):
        subprocess.run([*manage, *arguments], env=environment, check=True, capture_output=True)
    assert not (folder / "postgresql").exists()


# Serving


@pytest.fixture
def served(data_folder):
    """Starts `manage.py serve` as the leader of a process group of its own, as script/server does."""
    started = []
    environment = os.environ | {"PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(data_folder)}

    def start(port: int) -> subprocess.Popen:
        command = [sys.executable, ROOT / "manage.py", "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        started.append(process)
        wait_for(lambda: process.poll() is not None or status(port) == 200)
        assert process.returncode is None
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)


def status(port: int) -> int | None:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def group_of(process: subprocess.Popen) -> list[int]:
    """The living processes of the group that `process` leads."""
    members = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _, group = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:3]
            if int(group) == process.pid and state != "Z":
                members.append(int(name))
    return members


def background_workers(process: subprocess.Popen) -> list[int]:
    """The processes that work in the background beside the server `process`."""
    found = []
    for pid in group_of(process):
        # A process may end between the two looks.
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"\0work\0" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def test_serving_survives_a_kill_and_ends_without_a_trace(served, data_folder):
    port = free_port()
    killed = served(port)
    killed.kill()
    killed.wait()
    # Its workers end with it, or the port would stay taken; one that had only begun looks for it when it has loaded
    # everything, which on a busy machine takes a while.
    wait_for(lambda: group_of(killed) == [])
    again = served(port)
    (background,) = background_workers(again)
    os.kill(background, signal.SIGKILL)
    wait_for(lambda: background_workers(again) not in ([], [background]))

    os.killpg(again.pid, signal.SIGTERM)
    again.wait(timeout=60)
    assert group_of(again) == []
    assert processes_of(data_folder) == []


def test_visitors_on_slow_lines_keep_nobody_waiting(served, data_folder):
    port = free_port()
    process = served(port)
    head = b"POST /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf of what"
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    for line in slow:
        line.sendall(head)
    # Whoever waits for them waits to the end of the test: they never send the rest.
    assert status(port) == 200

    # Nor do they hinder the end.
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=60)
    for line in slow:
        line.close()
    assert group_of(process) == []


def test_a_request_is_received_to_its_end_before_it_is_answered():
    def application(environ, start_response):
        return [environ["wsgi.input"].read()]

    class Pieces(BytesIO):
        """Gives what has come so far, as a line does."""

        def read(self, size=-1):
            return super().read(min(size, 7))

    answer = serving.ReceivedFirst(application)
    assert answer({"CONTENT_LENGTH": "26", "wsgi.input": Pieces(b"abcdefghijklmnopqrstuvwxyz!")}, None) == [
        b"abcdefghijklmnopqrstuvwxyz"
    ]
    assert answer({"CONTENT_LENGTH": "26", "wsgi.input": Pieces(b"broken off")}, None) == [b"broken off"]
    assert answer({"wsgi.input": BytesIO()}, None) == [b""]


# Translations


@pytest.fixture
def project(tmp_path):
    """A small project with one text in code and two in a template."""
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "views.py").write_text('# Translators: a greeting\nx = pgettext("noon", "Good day")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}\n    <p>It's {{ x }} (an open bracket\n  <p>{% translate 'Hello' %}\n"
        "{% blocktranslate count n=n %}{{ n }} answer{% plural %}{{ n }} answers{% endblocktranslate %}"
    )
    return tmp_path


def test_texts_are_found_in_code_and_templates(project):
    lacking = catalogues.update_catalogues(project, ["fr"])
    assert sorted(lacking["fr"]) == ["%(n)s answer", "Good day", "Hello"]
    written = (project / "locale/fr/LC_MESSAGES/django.po").read_text()
    assert 'msgctxt "noon"' in written
    assert "#. Translators: a greeting" in written
    assert "#:" not in written
    assert "fuzzy" not in written


def test_updating_keeps_translations_and_drops_what_is_gone(project):
    catalogues.update_catalogues(project, ["fr"])
    path = project / "locale/fr/LC_MESSAGES/django.po"
    path.write_text(path.read_text().replace('msgid "Hello"\nmsgstr ""', 'msgid "Hello"\nmsgstr "Bonjour"'))
    (project / "hub" / "views.py").write_text('x = gettext("Hello again")\n')
    assert sorted(catalogues.update_catalogues(project, ["fr"])["fr"]) == ["%(n)s answer", "Hello again"]
    assert "Bonjour" in path.read_text()
    assert "Good day" not in path.read_text()
    written = path.stat().st_mtime_ns
    catalogues.update_catalogues(project, ["fr"])
    assert path.stat().st_mtime_ns == written
    assert sorted(catalogues.lacking_translation(project, "fr")) == ["%(n)s answer", "Hello again"]


def test_catalogues_are_compiled_when_they_changed(project):
    catalogues.update_catalogues(project, ["fr"])
    assert len(catalogues.compile_catalogues(project / "locale")) == 1
    assert catalogues.compile_catalogues(project / "locale") == []
    path = project / "locale/fr/LC_MESSAGES/django.po"
    os.utime(path, ns=(time.time_ns() + 10**9,) * 2)
    assert len(catalogues.compile_catalogues(project / "locale")) == 1


def test_no_lock_file_records_where_packages_come_from():
    for name in ("requirements.txt", "requirements-test.txt", "script/uv.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text
