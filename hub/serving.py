"""granian as this portal runs it; docs/decisions/0001-server.md says why it is this server."""

import importlib
import multiprocessing.connection
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

HOST = "127.0.0.1"
# For all workers together. Each thread keeps a database connection, of which PostgreSQL grants 100 unless told
# otherwise; and each visitor on a slow line who sends a form occupies one.
THREADS = 80
# More than any form of the portal accepts: the answer that says so reaches only a visitor who may finish sending.
RECEIVED_BYTES = 32 * 1024 * 1024
IN_MEMORY_BYTES = 1024 * 1024
# Then a request that is still being answered is cut off; service managers wait 10 seconds or longer for all of it.
WORKER_STOP_SECONDS = 6


def serve(port: int, workers: int) -> None:
    """Serve the portal until asked to end."""
    Granian(
        "hub.wsgi",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        # HTTP/2 without TLS is of no use behind a proxy, and one protocol less is less to attack.
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=THREADS // workers,
        workers_kill_timeout=WORKER_STOP_SECONDS,
        respawn_failed_workers=True,
        # Below an error it warns that there are many threads.
        log_level=LogLevels.error,
    ).serve(target_loader=load_in_worker)


def load_in_worker(module: str) -> Callable:
    """The portal for one of granian's workers, which ends when the process that started it is killed."""
    # Workers that outlive it would keep the port, and the next start would find it taken.
    end_with_parent()
    return ReceivedFirst(importlib.import_module(module).application)


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, in whatever way."""
    threading.Thread(target=wait_for_end_of_parent, daemon=True).start()


def wait_for_end_of_parent() -> None:
    if parent := multiprocessing.parent_process():
        multiprocessing.connection.wait([parent.sentinel])
    else:
        started_by = os.getppid()
        while os.getppid() == started_by:
            time.sleep(0.2)
    os._exit(1)


class ReceivedFirst:
    """A WSGI application that passes a request on to `application` only when it was received to its end.

    So that nobody holds a database connection while their form crawls in over a slow line, and so that the answer
    to a form that is too large reaches its sender: a browser that is interrupted while sending shows none.
    """

    def __init__(self, application: Callable) -> None:
        self.application = application

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        if length.isdigit() and 0 < int(length) <= RECEIVED_BYTES:
            environ["wsgi.input"] = received(environ["wsgi.input"], int(length))
        return self.application(environ, start_response)


def received(stream: BinaryIO, length: int) -> BinaryIO:
    """All that a visitor sends, or what came of it before the line broke."""
    body = BytesIO() if length <= IN_MEMORY_BYTES else tempfile.TemporaryFile()  # noqa: SIM115 (read by the application)
    while length > 0 and (piece := stream.read(min(length, 65536))):
        body.write(piece)
        length -= len(piece)
    body.seek(0)
    return body
