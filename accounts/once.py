"""The same form sent twice, as by a double click or after a page that did not come, acts once.

A form carries a key that nobody else has (`WithKey`), and the view asks `is_first` in the transaction in which it acts:
of two requests with the same key and the same words the second waits for the first. Other words under the same key, as
after going back to change something, are a form of their own. Only a digest is kept, for a day.
"""

import datetime
import uuid

from django import forms
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Usage

REMEMBERED = datetime.timedelta(days=1)


class KeyField(forms.UUIDField):
    """A key that is missing or was tampered with is no error of whoever typed the rest: that form gets a new one."""

    def clean(self, value):
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class WithKey(forms.Form):
    """A form with a key of its own."""

    submission_key = KeyField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission_key", uuid.uuid4())

    @property
    def digest(self) -> str:
        """Of the key and all that was typed, once the form is valid."""
        typed = [(name, self.data.getlist(name)) for name in self.fields if name != "submission_key"]
        return f"{self.cleaned_data['submission_key']} {typed}"


def is_first(action: str, digest: str) -> bool:
    """Was this not sent before? It is noted with the transaction in which it is asked, or not at all."""
    key = f"once:{action}:{salted_hmac('accounts.once', digest, algorithm='sha256').hexdigest()[:40]}"
    until = timezone.now() + REMEMBERED
    _row, is_new = Usage.objects.get_or_create(key=key, defaults={"used": 1, "allowed": 1, "until": until})
    return is_new
