"""A real Chromium against a real server, for the journeys of people with a purpose."""

import os
import shutil
from importlib import import_module

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def whatever_the_portal_ships(data_of_migrations):
    """The server's threads see what a test made: no transaction around it."""


def chromium_path() -> str:
    found = os.environ.get("PORTAL_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    assert found, "Chromium is missing. Install it (Debian: apt-get install chromium) or name it in PORTAL_CHROMIUM."
    return found


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """open_page(user=None, **options): a page in a browser of its own, of somebody logged in or not.

    Errors in the page's scripts and refusals of the Content-Security-Policy fail the test.
    """
    contexts, complaints = [], []

    def open_one(user=None, **options):
        context = chromium.new_context(
            **{"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}} | options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: "Content Security Policy" in said.text and complaints.append(said.text))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(open_page):
    return open_page()


def session_of(user) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


RULES = {
    "all": {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],
    },
    "colours": {
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
        "resultTypes": ["violations"],
    },
}
AXE = Axe()


def faults(page, rules: str = "all") -> str:
    """What axe finds on the page, in words; empty when it is clean."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = AxeResults(page.evaluate("options => axe.run(document, options)", RULES[rules]))
    return found.generate_report() if found.violations_count else ""
