"""What a browser would send: the fields of a form as they stand in a page."""

import datetime
from html.parser import HTMLParser

import time_machine
from django.core.signing import TimestampSigner
from django.utils import timezone


class FormReader(HTMLParser):
    def __init__(self, form_id: str | None, action: str | None = None):
        super().__init__()
        self.form_id, self.action = form_id, action
        self.inside = False
        self.fields: dict[str, str | list[str]] = {}
        self.text_of = self.select = self.chosen = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            by_action = attrs.get("action") == self.action and attrs.get("method") == "post"
            self.inside = by_action if self.action else attrs.get("id") == self.form_id
        if not self.inside:
            return
        name = attrs.get("name")
        if tag == "input" and name and "disabled" not in attrs:
            kind = attrs.get("type", "text")
            if kind in {"checkbox", "radio"}:
                if "checked" in attrs:
                    self.fields.setdefault(name, []).append(attrs.get("value", "on"))
            elif kind not in {"submit", "button"}:
                self.fields[name] = attrs.get("value", "")
        elif tag == "textarea" and name:
            self.text_of, self.fields[name] = name, ""
        elif tag == "select":
            self.select, self.chosen = name, [] if "multiple" in attrs else ""
        elif tag == "option" and self.select and "selected" in attrs:
            value = attrs.get("value", "")
            self.chosen = [*self.chosen, value] if isinstance(self.chosen, list) else value

    def handle_data(self, data):
        if self.text_of:
            self.fields[self.text_of] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            if self.text_of:
                # Browsers drop the line break that follows the opening tag.
                self.fields[self.text_of] = self.fields[self.text_of].removeprefix("\n").removeprefix("\r\n")
            self.text_of = None
        elif tag == "select" and self.select:
            self.fields[self.select], self.select = self.chosen, None


def fields_of(response, form_id: str) -> dict[str, str | list[str]]:
    """The form with this id in a response, by the names of its fields."""
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    assert reader.fields, f"No form “{form_id}” in the page."
    return reader.fields


def fields_sent_to(page: str, action: str) -> dict[str, str | list[str]]:
    """The form in a page that is sent to this address; nothing when there is none."""
    reader = FormReader(None, action)
    reader.feed(page)
    return reader.fields


def opened_a_minute_ago(signer: TimestampSigner) -> str:
    """What the hidden field of a guarded form says when a person took their time to fill it in."""
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=1)):
        return signer.sign("form")
