"""Compare granian, as the portal runs it, with gunicorn on the portal's own pages.

    .venv/bin/python benchmarks/servers.py [--seconds 5] [--rounds 3]

Both serve the demo content with two workers from one database. Figures depend on the machine, ratios hardly;
rounds alternate between the servers, so that whatever else the machine does falls on both. Uses `wrk` when it is
installed, and a few threads of Python otherwise, which take their share of the same processor.
"""

import argparse
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hub import database  # noqa: E402

DATA_FOLDER = ROOT / ".data-benchmark"
PAGES = {"health check": "/healthz", "question page": "/en/consultations/{slug}/questions/1/"}
VISITORS = 16
SLOW_LINES = 40
PORTS = {"granian": 8411, "gunicorn": 8412}
WORKERS = 2
THREADS = 40


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5, help="how long each measurement takes")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with database.running(DATA_FOLDER), tempfile.TemporaryDirectory() as packages:
        prepare(packages)
        servers = start(packages)
        try:
            slug = first_consultation()
            for name, address in PAGES.items():
                measure(name, address.format(slug=slug), chosen.seconds, chosen.rounds)
            for name, port in PORTS.items():
                print(f"{name}: {delay_behind_slow_lines(port):.2f} s behind {SLOW_LINES} half-sent forms")
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait()


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PORTAL_MODE": "demo", "PORTAL_DATA_DIR": str(DATA_FOLDER), "LOG_LEVEL": "ERROR"} | more


def prepare(packages: str) -> None:
    for command in (
        ["migrate", "-v0"],
        ["createcachetable"],
        ["load_demo", "-v0"],
        ["collectstatic", "-v0", "--noinput"],
    ):
        subprocess.run([sys.executable, ROOT / "manage.py", *command], env=environment(), check=True)
    uv = ROOT / ".venv" / "bin" / "uv"
    subprocess.run([uv, "pip", "install", "-q", "-p", sys.executable, "--target", packages, "gunicorn"], check=True)


def start(packages: str) -> list[subprocess.Popen]:
    granian = f"from hub.serving import serve; serve({PORTS['granian']}, workers={WORKERS})"
    gunicorn = ["-w", str(WORKERS), "--threads", str(THREADS), "-b", f"127.0.0.1:{PORTS['gunicorn']}"]
    servers = [
        subprocess.Popen([sys.executable, "-c", granian], cwd=ROOT, env=environment()),
        subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--log-level", "error", *gunicorn, "hub.wsgi"],
            cwd=ROOT,
            env=environment(PYTHONPATH=packages),
        ),
    ]
    for port in PORTS.values():
        while True:
            try:
                fetch(port, "/healthz")
                break
            except OSError:
                time.sleep(0.2)
    return servers


def fetch(port: int, address: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address)
    response = connection.getresponse()
    assert response.status == 200, f"{address} answers {response.status}"
    return response.read().decode()


def first_consultation() -> str:
    page = fetch(PORTS["granian"], "/en/consultations/")
    return re.search(r'href="/en/consultations/([\w-]+)/"', page)[1]


def measure(name: str, address: str, seconds: float, rounds: int) -> None:
    rates = {server: [] for server in PORTS}
    for _ in range(rounds):
        for server, port in PORTS.items():
            rates[server].append(requests_per_second(port, address, seconds))
    medians = {server: statistics.median(found) for server, found in rates.items()}
    ratio = medians["granian"] / medians["gunicorn"]
    figures = ", ".join(f"{server} {rate:.0f}" for server, rate in medians.items())
    print(f"{name}: {figures} requests/s; granian does {ratio:.2f} times as many as gunicorn", flush=True)


def requests_per_second(port: int, address: str, seconds: float) -> float:
    url = f"http://127.0.0.1:{port}{address}"
    if wrk := shutil.which("wrk"):
        command = [wrk, "-t1", f"-c{VISITORS}", f"-d{seconds:.0f}s", url]
        shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return float(re.search(r"Requests/sec:\s+([\d.]+)", shown)[1])
    done = [0] * VISITORS
    end = time.monotonic() + seconds

    def visit(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < end:
            connection.request("GET", address)
            connection.getresponse().read()
            done[number] += 1

    visitors = [threading.Thread(target=visit, args=[number]) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return sum(done) / seconds


def delay_behind_slow_lines(port: int) -> float:
    """Seconds that a reader waits while SLOW_LINES visitors send a form and have come half the way."""
    head = b"POST /en/contact/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW_LINES)]
    for line in lines:
        line.sendall(head + b"Content-Length: 1000\r\n\r\nbody=half")
    time.sleep(1)
    begun = time.monotonic()
    fetch(port, "/healthz")
    waited = time.monotonic() - begun
    for line in lines:
        line.close()
    return waited


if __name__ == "__main__":
    main()
