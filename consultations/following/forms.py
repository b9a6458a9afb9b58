"""How somebody wants to hear of each kind of event."""

from django import forms

from consultations.following.models import Kind, Pace


class MailSettingsForm(forms.Form):
    """One choice of pace for each kind."""

    def __init__(self, *args, paces: dict[Kind, Pace], **kwargs):
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=Pace.choices, initial=paces[kind])

    @property
    def chosen(self) -> dict[Kind, Pace]:
        return {Kind(name): Pace(value) for name, value in self.cleaned_data.items()}
