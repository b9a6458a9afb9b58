"""How somebody wants to hear of each kind of event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.following.models import Kind, Pace

# In a few words, so that a phone shows all of them; the page says above that these come in one e-mail.
SHORT = {Pace.DAILY: _("Once a day"), Pace.WEEKLY: _("Once a week")}


class MailSettingsForm(forms.Form):
    """One choice of pace for each kind."""

    def __init__(self, *args, paces: dict[Kind, Pace], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(pace.value, SHORT.get(pace, pace.label)) for pace in Pace]
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=choices, initial=paces[kind])

    @property
    def chosen(self) -> dict[Kind, Pace]:
        return {Kind(name): Pace(value) for name, value in self.cleaned_data.items()}
