"""What holds for all forms of the portal."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


def test_forms_are_checked_by_the_portal_in_the_language_of_the_page():
    """A browser's own bubbles speak the browser's language, and are gone after seconds."""
    checked_by_browsers = [
        f"{path.relative_to(TEMPLATES)}: {form}"
        for path in TEMPLATES.rglob("*.html")
        for form in re.findall(r'<form class="(?:form|case-act)[^\n]*', path.read_text())
        if 'method="post"' in form and "novalidate" not in form
    ]
    assert not checked_by_browsers


def test_it_works(client):
    page = client.post("/es/contact/", {"message": ""})
    assert page.status_code == 422 and re.search(r"<form [^>]*novalidate[^>]*>", page.text)
    assert 'class="notice notice-error' in page.text and 'href="#id_message"' in page.text
