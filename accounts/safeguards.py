"""Forms that are open to people without an account: does what arrives look like a person's?"""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

# Programs fill in forms at once; nobody reads a form, chooses and types a sentence faster than this.
FASTEST_SECONDS = 3


class Trap(forms.CharField):
    """A field that people do not see and programs like to fill in.

    Shown empty again, so that a person whose browser filled it in is let through at the second try.
    """

    def __init__(self):
        super().__init__(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    def bound_data(self, data, initial):
        return ""


class GuardedForm(forms.Form):
    """A form with a field that people do not see and a signed time; give `timed` for people without an account.

    The template writes both with `includes/guard.html`.
    """

    website = Trap()

    automatic = _("This looked like an automatic message and was not sent yet. Check your text and send it again.")
    # Each kind of form has its own salt: the time of one does not open another.
    signer: signing.TimestampSigner

    def __init__(self, *args, timed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.timed = timed

    def clean(self):
        cleaned = super().clean()
        if self.timed and not self.errors and (cleaned.get("website") or self.is_too_fast()):
            # Said, not swallowed: a person whose browser filled in everything sends it a second time.
            raise forms.ValidationError(self.automatic)
        return cleaned

    def is_too_fast(self) -> bool:
        """Whether less time has passed since the form was shown than a person needs, or nobody was shown it."""
        try:
            self.signer.unsign(self.data.get("opened", ""))
        except signing.BadSignature:
            return True
        try:
            self.signer.unsign(self.data["opened"], max_age=FASTEST_SECONDS)
        except signing.SignatureExpired:
            return False
        return True

    @property
    def opened_at(self) -> str:
        """When the form was first shown, signed: the one that was sent when it is ours, else of this moment."""
        sent = self.data.get("opened", "") if self.is_bound else ""
        try:
            self.signer.unsign(sent)
        except signing.BadSignature:
            return self.signer.sign("form")
        return sent
