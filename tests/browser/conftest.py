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
def whatever_the_portal_ships(transactional_db):
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
        context.set_default_timeout(30_000)
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


# Contrast takes axe longer than everything else together.
CONTRAST = ["color-contrast", "link-in-text-block"]
RULES = {
    "all": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "colours": {"runOnly": {"type": "rule", "values": CONTRAST}},
}
RULES["structure"] = RULES["all"] | {"rules": {rule: {"enabled": False} for rule in CONTRAST}}
# The style sheets are the portal's own: fetching each once more tells nothing.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
AXE = Axe()


def faults(page, rules: str = "all", *, among: str = "document") -> str:
    """What axe finds on the page, or in what the JavaScript `among` gives, in words; empty when it is clean."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = AxeResults(page.evaluate(f"options => axe.run({among}, options)", RULES[rules] | OPTIONS))
    return found.generate_report() if found.violations_count else ""


# What colours depend on: an element's kind, classes and states, and those of all around it. The topmost elements that
# look like none seen before are kept in `window.unseen`; the answer are the marks of all that are new.
LOOK = """(seen) => {
  const states = ["aria-current", "aria-disabled", "aria-invalid", "disabled", "open", "popover", "type", "dir"];
  const known = new Set(seen), found = new Set();
  window.unseen = [];
  const look = (element, around, isNew) => {
    const own = [element.tagName, element.getAttribute("class"), element.matches(":target, :checked")];
    let mark = around;
    for (const char of [...own, ...states.map((state) => element.getAttribute(state))].join("|")) {
      mark = (Math.imul(mark, 31) + char.charCodeAt(0)) | 0;
    }
    if (!known.has(mark)) {
      found.add(mark);
      if (!isNew) window.unseen.push(element);
      isNew = true;
    }
    for (const child of element.children) look(child, mark, isNew);
  };
  look(document.body, 7, false);
  return [...found];
}"""
