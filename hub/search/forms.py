"""What a searcher may ask for besides words. All of it stands in the address.

What is not understood is left out, and said to be.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import DayField
from consultations.languages import WRITTEN
from consultations.models import Consultation
from consultations.templatetags.discussion import translated
from hub.search.finding import Narrowed
from hub.search.kinds import CHOICES


class NarrowingForm(forms.Form):
    """Kind, language, consultation and dates."""

    kind = forms.CharField(required=False)
    written = forms.CharField(label=_("Language of the text"), required=False)
    consultation = forms.CharField(label=_("Consultation"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(self, data):
        super().__init__(data)
        published = Consultation.objects.published().order_by("-opens_at", "slug")
        self.consultations = {each.slug: each for each in published}
        self.fields["written"].widget = forms.Select(choices=[("", _("Any language")), *WRITTEN])
        titles = [(slug, str(translated(each, "title"))) for slug, each in self.consultations.items()]
        self.fields["consultation"].widget = forms.Select(choices=[("", _("Any consultation")), *titles])

    def clean_kind(self):
        if self.cleaned_data["kind"] not in ("", *CHOICES):
            raise forms.ValidationError(_("There is no such kind of result, so all kinds are shown."))
        return self.cleaned_data["kind"]

    def clean_written(self):
        if self.cleaned_data["written"] not in ("", *dict(WRITTEN)):
            raise forms.ValidationError(_("There is no such language to choose, so any language counts."))
        return self.cleaned_data["written"]

    def clean_consultation(self):
        if self.cleaned_data["consultation"] not in ("", *self.consultations):
            raise forms.ValidationError(_("There is no such consultation, so any consultation counts."))
        return self.cleaned_data["consultation"]

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("This date is before the first one, so neither counts. Exchange the two."))
            del self.cleaned_data["since"]

    @property
    def chosen(self) -> Narrowed:
        """What was understood; the form must be checked before."""
        values = self.cleaned_data
        consultation = self.consultations.get(values.get("consultation"))
        return Narrowed(
            kind=values.get("kind", ""),
            language=values.get("written", ""),
            consultation=consultation.pk if consultation else None,
            since=values.get("since"),
            until=values.get("until"),
        )
