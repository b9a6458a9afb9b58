"""Keeping a worker beside the web server."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

# Longer than a worker needs to stop in order.
STOP_SECONDS = 5
RESTART_SECONDS = 1
# A worker that stopped in order was asked to, most likely together with the server, which takes a little longer.
RESTART_AFTER_STOP_SECONDS = 8


@contextmanager
def worker_beside(say: Callable[[str], None]) -> Iterator[None]:
    """Keep one `manage.py work` running inside the block, whatever kills it."""
    keeper = Keeper(say)
    # Not from the thread: a server that forks at that moment hands its child the pipe by which we learn that the
    # worker has begun, and we would wait for the end of that child.
    keeper.start_worker()
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class Keeper(threading.Thread):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(daemon=True)
        self.say = say
        self.leaving = threading.Event()
        self.starting = threading.Lock()
        self.process: subprocess.Popen | None = None

    def run(self) -> None:
        while True:
            code = self.process.wait()
            if self.leaving.wait(RESTART_SECONDS if code else RESTART_AFTER_STOP_SECONDS):
                return
            self.say("The background worker has ended; it is started again.")
            try:
                self.start_worker()
            except OSError as error:
                # No memory or no processes to spare: the next round tries again.
                self.say(f"The background worker could not be started: {error.strerror}.")

    def start_worker(self) -> None:
        command = [sys.executable, settings.BASE_DIR / "manage.py", "work", "--parent", str(os.getpid())]
        with self.starting:
            if not self.leaving.is_set():
                self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        with self.starting:
            self.leaving.set()
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.join()
