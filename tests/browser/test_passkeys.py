"""A passkey is added, replaces the password, and confirms who one is; with Chromium's virtual device."""

import pytest
from playwright.sync_api import expect

from tests import make


@pytest.fixture
def page(open_page, live_server):
    # Passkeys belong to a host name; an address in digits is none.
    page = open_page(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.verify = lambda works: devtools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": device["authenticatorId"], "isUserVerified": works}
    )
    return page


def log_in(page, person):
    page.goto("/en/accounts/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def test_a_passkey_from_first_to_last(page):
    person = make.person(name="Amina Diarra")
    log_in(page, person)
    page.goto("/en/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of the passkey").fill("My telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()

    page.goto("/en/accounts/profile/")
    page.get_by_role("button", name="Log out").click()
    page.goto("/en/accounts/login/?next=/en/accounts/2fa/webauthn/")
    page.verify(works=False)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Your browser did not pass on a passkey.")
    page.verify(works=True)
    page.get_by_role("button", name="Log in with a passkey").click()
    # Logged in without a password, and where one wanted to be.
    expect(page.get_by_role("heading", name="My telephone")).to_be_visible()
    expect(page.get_by_text("replaces the password")).to_be_visible()

    page.get_by_role("link", name="Remove — My telephone").click()
    page.get_by_role("link", name="With my passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_a_passkey_as_the_second_step(page):
    person = make.person(name="Amina Diarra")
    log_in(page, person)
    page.goto("/en/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Log in with it alone").uncheck()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    page.goto("/en/accounts/profile/")
    page.get_by_role("button", name="Log out").click()
    log_in(page, person)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("link", name="Amina Diarra")).to_be_visible()

    page.goto("/en/accounts/reauthenticate/?next=/en/accounts/profile/")
    page.get_by_role("link", name="With my passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
