"""The account pages that only appear on the way through a flow: axe finds nothing, nothing is cut off at 320 px."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import faults


@pytest.mark.parametrize(("scheme", "rules"), [("light", "all"), ("dark", "colours")])
def test_pages_on_the_way(open_page, scheme, rules):
    person = make.person(name="Amina Diarra")
    page = open_page(color_scheme=scheme, viewport={"width": 320, "height": 640})

    def look():
        page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true })")
        assert not faults(page, rules), page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url

    def press(name):
        page.locator("main form").evaluate_all("all => all.forEach((each) => { each.noValidate = true })")
        page.get_by_role("button", name=name, exact=True).click()

    page.goto("/en/accounts/signup/?next=/en/consultations/")
    look()
    press("Create my account")
    expect(page.get_by_role("alert")).to_be_focused()
    look()
    page.goto("/en/accounts/login/code/")
    page.get_by_label("E-mail address").fill(person.email)
    press("Send me a code")
    look()
    press("Log in")
    look()
    press("Start again with another address")
    page.get_by_label("E-mail address").fill(person.email)
    press("Log in")
    look()
    page.get_by_label("Password").fill(make.PASSWORD)
    press("Log in")
    expect(page.get_by_role("link", name="Amina Diarra")).to_be_visible()
    page.goto("/en/accounts/2fa/totp/activate/")
    look()
    page.get_by_label("Password").fill(make.PASSWORD)
    press("Continue")
    look()
    press("Switch it on")
    look()
    for path in ("2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "data/", "delete/", "password/change/", "email/"):
        page.goto(f"/en/accounts/{path}")
        look()
    press("Send me a code")
    look()
    page.goto("/en/accounts/delete/")
    press("Delete my account")
    look()
