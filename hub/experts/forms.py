"""Is what was sent about experts and support well formed?"""

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.once import WithKey
from accounts.safeguards import GuardedForm
from accounts.typed import is_blank, one_line
from consultations.forms import DayField, TypedText
from consultations.languages import WRITTEN
from consultations.models import Objective
from hub.experts.models import Expert, Support, SupportRequest
from hub.pages.forms import TypedEmailField, TypedField
from hub.resources.forms import capitalised
from hub.resources.models import LANGUAGES, Region

LONGEST = 5_000
TOO_LONG = _("Shorten the text to %(limit)s characters; it has %(number)s.")
FROM_THE_LIST = _("Choose one of the list.")
OF_MANY = {"invalid_list": FROM_THE_LIST, "invalid_pk_value": FROM_THE_LIST}
# What can be shown or kept to oneself, in the order of the entry.
SHOWN = ("about", "organization", "country", "languages", "objectives", "regions", "support")


class LineField(TypedField):
    """One line of text."""

    def __init__(self, **options):
        super().__init__(**options)
        self.error_messages["max_length"] = _("Shorten this to %(limit_value)d characters.")

    def clean(self, value):
        line = one_line(super().clean(value))
        if self.required and not line:
            raise forms.ValidationError(self.error_messages["required"])
        return line


class LongField(TypedText):
    """Paragraphs of text that show something."""

    def __init__(self, *, empty, is_needed_at_times=False, **options):
        super().__init__(
            max_length=LONGEST,
            strip=False,
            error_messages={"required": empty, "max_length": TOO_LONG},
            widget=forms.Textarea(attrs={"dir": "auto", "class": "short"}),
            **options,
        )
        self.empty = empty
        # Then the page does not call it optional, and its words say when.
        self.is_needed_at_times = is_needed_at_times

    def clean(self, value):
        text = super().clean(value)
        if self.required and is_blank(text):
            raise forms.ValidationError(self.empty)
        return text


class Boxes(forms.MultipleChoiceField):
    """Each choice once, however often it was sent."""

    def clean(self, value):
        return list(dict.fromkeys(super().clean(value)))


def checkboxes(label, choices, *, error_messages=None, **options):
    return Boxes(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": FROM_THE_LIST, "invalid_list": FROM_THE_LIST} | (error_messages or {}),
        **options,
    )


def objectives():
    return forms.ModelMultipleChoiceField(
        label=_("Objectives of the Compact"),
        queryset=Objective.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=OF_MANY | {"invalid_choice": _("Choose among the objectives.")},
    )


class ExpertForm(forms.Form):
    """A person's own entry. Each field has a tick of its own beside it: show it, or keep it."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Always shown. It may be another than in your profile."),
        error_messages={"required": _("Write the name under which you want to be found.")},
    )
    about = LongField(
        label=_("What governments and organizations can ask you about"),
        help_text=_("A few sentences in your own words: what you know well, and from where. Up to 5,000 characters."),
        empty=_("Write in a few words what you can be asked about."),
    )
    text_language = forms.ChoiceField(
        label=_("Language of this text"),
        choices=capitalised(WRITTEN),
        error_messages={"required": FROM_THE_LIST, "invalid_choice": FROM_THE_LIST},
    )
    organization = LineField(label=_("Organization"), required=False, max_length=200)
    country = forms.ChoiceField(
        label=_("Country or area"), required=False, error_messages={"invalid_choice": _("Choose the country or area.")}
    )
    languages = checkboxes(_("Languages in which you can be asked"), capitalised(LANGUAGES[:-1]))
    objectives = objectives()
    regions = forms.ModelMultipleChoiceField(
        label=_("Regions that you know"),
        queryset=Region.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=OF_MANY | {"invalid_choice": _("Choose one of the regions.")},
    )
    support = checkboxes(_("Support that you offer"), capitalised(Support.choices))
    agrees = forms.BooleanField(
        label=_("I agree that everybody can see my name and what I have ticked to be shown."),
        error_messages={"required": _("Tick that you agree; without it we cannot list you.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country or area")), *countries]
        for name in SHOWN:
            self.fields[f"shows_{name}"] = forms.BooleanField(
                label=_("Show “%(field)s” in the directory") % {"field": self.fields[name].label}, required=False
            )

    @property
    def pairs(self):
        """Each field with its tick."""
        return [(self[name], self[f"shows_{name}"]) for name in SHOWN]

    @classmethod
    def initial_of(cls, expert: Expert) -> dict:
        names = ["name", "text_language", *SHOWN, *(f"shows_{name}" for name in SHOWN)]
        initial = {name: getattr(expert, name) for name in names if name not in {"objectives", "regions"}}
        if expert.pk:
            initial |= {"objectives": expert.objectives.all(), "regions": expert.regions.all(), "agrees": True}
        return initial

    def entry(self, user) -> Expert:
        """The entry as typed, not saved."""
        names = ["name", "text_language", *SHOWN, *(f"shows_{name}" for name in SHOWN)]
        fields = {name: self.cleaned_data[name] for name in names if name not in {"objectives", "regions"}}
        return Expert(user=user, **fields)


class FilterForm(forms.Form):
    """How the directory is narrowed. A choice that does not exist counts as none."""

    objective = forms.CharField(label=_("Objective"), required=False)
    region = forms.CharField(label=_("Region"), required=False)
    language = forms.CharField(label=_("Language"), required=False)
    support = forms.CharField(label=_("Support"), required=False)

    def __init__(self, data):
        super().__init__(data)
        self.choices = {
            "objective": [(str(each.number), f"{each.number}. {each.name}") for each in Objective.objects.all()],
            "region": [(each.slug, each.name) for each in Region.objects.all()],
            "language": capitalised(LANGUAGES[:-1]),
            "support": capitalised(Support.choices),
        }
        for name, choices in self.choices.items():
            any_label = {
                "objective": _("Any objective"),
                "region": _("Any region"),
                "language": _("Any language"),
                "support": _("Any support"),
            }[name]
            self.fields[name].widget = forms.Select(choices=[("", any_label), *choices])

    @property
    def chosen(self) -> dict[str, str]:
        return {
            name: self.data[name]
            for name, choices in self.choices.items()
            if self.data.get(name) in {value for value, _label in choices}
        }


class ContactExpertForm(WithKey, GuardedForm):
    """A question to an expert. Give `timed` for visitors without an account."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name, so that the expert knows who asks.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organization = LineField(label=_("Your organization"), required=False, max_length=200)
    email = TypedEmailField(
        label=_("Your e-mail address"),
        help_text=_("The expert answers to this address."),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address, so that the expert can answer you."),
            "invalid": _("Write the e-mail address in full, such as name@example.org."),
            "max_length": _("Shorten the e-mail address to %(limit_value)d characters."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = LongField(
        label=_("Your question"),
        help_text=_("Up to 5,000 characters."),
        empty=_("Write your question first: the field is empty."),
    )
    signer = signing.TimestampSigner(salt="expert")


class SupportForm(WithKey):
    """What a government or an organization asks for."""

    kind = forms.ChoiceField(
        label=_("On behalf of whom do you ask?"),
        choices=capitalised(SupportRequest.Kind.choices),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose on behalf of whom you ask."),
            "invalid_choice": _("Choose on behalf of whom you ask."),
        },
    )
    organization = LineField(
        label=_("Name of the authority or organization"),
        max_length=200,
        error_messages={"required": _("Write the name of the authority or organization.")},
    )
    country = forms.ChoiceField(
        label=_("Country or area"),
        error_messages={
            "required": _("Choose the country or area."),
            "invalid_choice": _("Choose the country or area."),
        },
    )
    objectives = objectives()
    support = checkboxes(_("Support that you need"), capitalised(Support.choices))
    message = LongField(
        label=_("What do you need?"),
        help_text=_("What you want to do, what there is already, and what you would like help with."),
        empty=_("Write what you need: the field is empty."),
    )
    needed_by = DayField(label=_("Needed by"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country or area")), *countries]

    def clean_needed_by(self):
        day = self.cleaned_data["needed_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("Choose a day that lies ahead, or leave the field empty."))
        return day


class DecisionForm(forms.Form):
    """An editor's decision about an entry."""

    decision = forms.ChoiceField(
        choices=[("list", ""), ("decline", "")],
        error_messages={"required": _("Choose a decision."), "invalid_choice": _("Choose a decision.")},
    )
    reason = LongField(label=_("Reason, if you decline"), required=False, empty="", is_needed_at_times=True)
    seen = forms.CharField(required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "decline" and is_blank(cleaned.get("reason", "")):
            self.add_error("reason", _("Write the reason: the person gets it by e-mail."))
        return cleaned


class AnswerForm(forms.Form):
    """An editor's words on a request for support."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=capitalised(
            [each for each in SupportRequest.State.choices if each[0] != SupportRequest.State.WITHDRAWN]
        ),
        error_messages={"required": FROM_THE_LIST, "invalid_choice": FROM_THE_LIST},
    )
    words = LongField(label=_("Words to the sender"), required=False, empty="")
    seen = forms.CharField(widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """What somebody writes to the editors about their own request for support."""

    words = LongField(label=_("Your words to the editors"), empty=_("Write something first: the field is empty."))
