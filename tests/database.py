"""A pytest plugin: the embedded database runs as long as the tests do, in a data folder of its own.

Loaded before any other plugin, because Django's settings are read by the next one.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub import catalogues, database

ROOT = Path(__file__).resolve().parent.parent

os.environ["PORTAL_MODE"] = "test"
os.environ.setdefault("PORTAL_DATA_DIR", str(ROOT / ".data-test"))
# Playwright's event loop runs in the thread of the tests, which makes Django refuse its ordinary queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

running = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    config.stash[running] = ExitStack()
    # With xdist the workers follow the process that starts them, and share its server.
    if not hasattr(config, "workerinput"):
        catalogues.compile_catalogues(ROOT / "locale")
        # Static files come from the sources, but whitenoise misses the folder of the collected ones.
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if database.is_embedded(settings.DATABASES["default"], settings.DATA_DIR):
        config.stash[running].enter_context(database.running(settings.DATA_DIR, durable=False))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[running].close()
