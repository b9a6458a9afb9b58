"""What the scripts in this folder do. Needs nothing but Python 3.11 or later; brings everything else."""

import argparse
import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
RUNTIME = [ROOT / "requirements.txt"]
EVERYTHING = [ROOT / "requirements.txt", ROOT / "requirements-test.txt"]
UV_LOCK = ROOT / "script" / "uv.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOST = "127.0.0.1"
LANGUAGES = ("fr", "es")


class Problem(Exception):
    """Nothing can go on; the message is one line for the person at the console."""


def say(line: str) -> None:
    print(line, flush=True)


# The commands


def server(arguments: list[str]) -> None:
    """Serve the portal on this machine."""
    parser = argparse.ArgumentParser(
        prog="script/server",
        description="Installs what is missing, prepares the database and serves the portal on this machine.",
        epilog="Without --debug or --production it is a local demo, just as visitors would see it. "
        "Settings are environment variables, listed in the README.",
    )
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--debug", dest="mode", action="store_const", const="debug", help="with Django's debug pages and reloading"
    )
    mode.add_argument(
        "--production",
        dest="mode",
        action="store_const",
        const="production",
        help="without demo content; takes its settings from the environment and refuses what is unsafe",
    )
    chosen = parser.parse_args(arguments)
    # What would stop it in the end is told before the slow work.
    require_free_port(chosen.port)
    require_writable(data_folder(".data"))
    require_reachable_database()
    install(RUNTIME)
    if chosen.mode:
        os.environ["PORTAL_MODE"] = chosen.mode
    if chosen.mode != "production":
        # Addresses in mails and pages lead to this very server.
        os.environ.setdefault("PORTAL_URL", f"http://{HOST}:{chosen.port}")
    become([PYTHON, ROOT / "manage.py", "serve", "--port", str(chosen.port)])


def test(arguments: list[str]) -> None:
    """Run every test; the arguments go to pytest."""
    os.environ["PORTAL_DATA_DIR"] = str(data_folder(".data-test"))
    require_writable(Path(os.environ["PORTAL_DATA_DIR"]))
    require_reachable_database()
    os.environ["PORTAL_CHROMIUM"] = browser()
    # Beside no source, so that whoever wants none there has none; but the many programs that the tests start would
    # each take a second to compile what the one before compiled.
    os.environ["PYTHONPYCACHEPREFIX"] = str(data_folder(".data-test") / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    install(EVERYTHING)
    if not any(re.match(r"-n|--numprocesses|--pdb|-s$", argument) for argument in arguments):
        # One more than there are processors, as tests of the browser wait for it; and stealing keeps all at work to
        # the end, where the long ones would leave others idle.
        arguments = ["-n", str(min(processors(), 5) + 1), "--dist", "worksteal", *arguments]
    become([PYTHON, "-m", "pytest", *arguments])


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lint(arguments: list[str]) -> None:
    """Check the style of code and templates; with --fix, correct what can be corrected."""
    install(EVERYTHING)
    fix = "--fix" in arguments
    checks = [
        ["ruff", "check", *(["--fix"] if fix else []), "."],
        ["ruff", "format", *([] if fix else ["--check"]), "."],
        ["djlint", "--lint", "--quiet", "templates"],
    ]
    # All of them run, so that one round shows everything there is to correct.
    if [check for check in checks if run_tool(*check)]:
        sys.exit(1)


def lock(arguments: list[str]) -> None:
    """Remake the locked lists of dependencies; with --upgrade, to the newest versions allowed."""
    install(RUNTIME)
    compile_lock(["pyproject.toml", "--all-extras"], EVERYTHING[1], arguments)
    # The same versions in both, so that what is tested is what is served.
    compile_lock(["pyproject.toml", "--constraints", EVERYTHING[1]], RUNTIME[0], arguments)
    uv_wanted = "uv\n" if arguments else re.search(r"uv==\S+", UV_LOCK.read_text())[0] + "\n"
    compile_lock(["-"], UV_LOCK, arguments, input=uv_wanted)


def messages(arguments: list[str]) -> None:
    """Bring the catalogues up to date with the texts in code and templates."""
    install(RUNTIME)
    become([PYTHON, ROOT / "manage.py", "update_catalogues", *arguments])


# What would stop everything


def data_folder(default: str) -> Path:
    return Path(os.environ.get("PORTAL_DATA_DIR") or ROOT / default).absolute()


def require_free_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise Problem(f"Port {port} does not exist. Choose one from 1 to 65535 with --port.")
    with socket.socket() as probe:
        # Connections of the last run that linger are no obstacle; another server that listens is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror
            raise Problem(f"Port {port} cannot be used: {reason}. Choose another with --port.") from error


def require_writable(folder: Path) -> None:
    probe = folder / f".writable-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise Problem(f"The folder {folder} cannot be written to: {error.strerror}.") from error


def require_reachable_database() -> None:
    """Knock at the server that DATABASE_URL names; whether it lets us in shows later."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return
    try:
        address = urllib.parse.urlsplit(url)
        host, port = address.hostname, address.port or 5432
    except ValueError as error:
        raise Problem(f"DATABASE_URL cannot be read: {error}.") from error
    if host and not host.startswith("%2F"):
        try:
            socket.create_connection((host, port), timeout=5).close()
        except OSError as error:
            reason = error.strerror or "no answer within 5 seconds"
            raise Problem(f"The database at {host}:{port} (DATABASE_URL) cannot be reached: {reason}.") from error


# Installing


def install(locks: list[Path]) -> None:
    """Bring the virtual environment to what the last of `locks` lists; do nothing if it is there already."""
    wanted = hashlib.sha256(locks[-1].read_bytes()).hexdigest()
    stamp = ENVIRONMENT / f"installed-{locks[-1].name}"
    with one_at_a_time():
        if stamp.exists() and stamp.read_text() == wanted and environment_works():
            return
        require_writable(ROOT)
        make_environment()
        say("Installing the dependencies …")
        # A stamp of the other list would be wrong as soon as this one changes a version.
        for other in ENVIRONMENT.glob("installed-*"):
            other.unlink()
        install_list(locks[-1])
        stamp.write_text(wanted)
        if locks == EVERYTHING:
            # The longer list holds the shorter one.
            runtime = ENVIRONMENT / f"installed-{RUNTIME[0].name}"
            runtime.write_text(hashlib.sha256(RUNTIME[0].read_bytes()).hexdigest())


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock on this very file, so that two commands never install at once."""
    with open(__file__, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command installs the dependencies; waiting for it …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def environment_works() -> bool:
    """Whether the virtual environment's Python runs, and is new enough."""
    check = "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    try:
        return succeeds([PYTHON, "-c", check])
    except OSError:
        return False


def make_environment() -> None:
    if environment_works():
        return
    say("Making the virtual environment .venv …")
    # Without pip, which some systems pack apart: uv brings the packages.
    run([sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT])


def install_list(requirements: Path) -> None:
    """Install with uv, which takes a second; with pip where only pip knows the way to the packages."""
    arguments = ["--quiet", "--require-hashes", "-r", requirements]
    by_uv = [uv(), "pip", "install", "--python", PYTHON, *arguments]
    # A proxy that signs in its own name is known to the system alone, a mirror of one's own perhaps to pip alone.
    for settings in (uv_settings(), uv_settings() | {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}):
        if subprocess.run(by_uv, env=settings, capture_output=True).returncode == 0:
            return
    run([*pip(), "install", "--disable-pip-version-check", *arguments])


def uv() -> Path | str:
    """The installer uv: the machine's own, or one put into the virtual environment with pip."""
    own = ENVIRONMENT / "bin" / "uv"
    if own.exists():
        return own
    if found := shutil.which("uv"):
        return found
    run([*pip(), "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", UV_LOCK])
    return own


def pip() -> list:
    """How to call a pip that installs into the virtual environment."""
    own = [PYTHON, "-m", "pip"]
    if succeeds([*own, "--version"]) or succeeds([PYTHON, "-m", "ensurepip", "--default-pip"]):
        return own
    # Debian and its kin pack ensurepip apart; a pip of the system can install into our environment.
    of_the_system = [sys.executable, "-m", "pip", "--python", PYTHON]
    if succeeds([*of_the_system, "--version"]):
        return of_the_system
    package = f"python3.{sys.version_info.minor}-venv"
    if not install_with_apt(package):
        raise Problem(f"This Python has neither pip nor ensurepip. Install the package {package}, or uv.")
    run([PYTHON, "-m", "ensurepip", "--default-pip"])
    return own


def succeeds(command: list) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def uv_settings() -> dict[str, str]:
    settings = {"UV_LINK_MODE": "copy", "UV_PYTHON_DOWNLOADS": "never"} | os.environ
    home = Path(os.environ.get("UV_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    while not home.exists():
        home = home.parent
    if not os.access(home, os.W_OK):
        # An account without a home of its own.
        settings["UV_CACHE_DIR"] = str(ENVIRONMENT / "cache")
    return settings


def compile_lock(source: list, target: Path, arguments: list[str], **options) -> None:
    command = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate"]
    # No address of a registry in the file: whoever installs chooses their own.
    command += ["--no-emit-index-url", "--no-emit-find-links", "--output-file", target, *source, *arguments]
    run([uv(), *command], env=uv_settings(), text=True, stdout=subprocess.DEVNULL, **options)


def browser() -> str:
    """The path of Chromium, brought by the system's package manager when it is missing and that is allowed."""
    if named := os.environ.get("PORTAL_CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise Problem(f"PORTAL_CHROMIUM names {named}, which is no program that can be run.")
        return named
    if not (found := find_browser()) and install_with_apt("chromium", "fonts-liberation"):
        found = find_browser()
    if not found:
        raise Problem(
            "The browser tests need Chromium and none was found. Install it (on Debian: apt-get install chromium), "
            "or name its path in PORTAL_CHROMIUM."
        )
    return found


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_with_apt(*packages: str) -> bool:
    """Install packages of the system where that is allowed: as root, on Debian and its kin."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing with apt-get: {', '.join(packages)} …")
    settings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    steps = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]]
    for step in steps:
        done = subprocess.run(step, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


# Running programs


def run(command: list, **options) -> None:
    """Run `command`; raises Problem with the end of what it said when it fails."""
    done = subprocess.run(command, stderr=subprocess.PIPE, **({"text": True} | options))
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        raise Problem(f"{Path(command[0]).name} {command[1]} failed; see above.")


def run_tool(name: str, *arguments: str) -> int:
    say(f"{name} {' '.join(arguments)}")
    return subprocess.run([ENVIRONMENT / "bin" / name, *arguments], cwd=ROOT).returncode


def become(command: list) -> None:
    """Go on as `command`, so that signals reach it and its exit code is ours."""
    os.chdir(ROOT)
    os.execv(command[0], [str(part) for part in command])


def end_in_order(number: int, frame: object) -> None:
    """Turn a request to end into an exception, which also ends the program that is being waited for."""
    raise SystemExit(128 + number)


def main() -> None:
    signal.signal(signal.SIGTERM, end_in_order)
    commands = {"server": server, "test": test, "lint": lint, "lock": lock, "messages": messages}
    try:
        commands[sys.argv[1]](sys.argv[2:])
    except Problem as problem:
        sys.exit(str(problem))
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename}" if error.filename else str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
