"""Is what was sent about places on the roster well formed?"""

from django import forms
from django.core.files.base import File
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.typed import is_blank
from consultations.models import Objective
from hub.experts.forms import LineField, LongField, checkboxes
from hub.resources.files import FileRefused, Format
from hub.resources.models import LANGUAGES, Region
from hub.review import cv
from hub.review.models import Member

# Nobody has worked longer.
MOST_YEARS = 70
# What is kept as typed, besides the objectives and the CV.
FIELDS = (
    *("position", "organization", "country", "region", "background", "is_internal", "years", "languages"),
    *("profile", "publications", "interests", "gender"),
)


class ApplicationForm(forms.Form):
    """What somebody tells of themselves to come onto the roster, or changes later.

    `found` is the kind of document of the CV, once the form is valid and one was chosen.
    """

    found: Format | None = None

    position = LineField(
        label=_("Your present position"),
        max_length=200,
        error_messages={"required": _("Write what you do at present.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    organization = LineField(
        label=_("Organization"),
        required=False,
        max_length=200,
        help_text=_("You are never asked about what your own organization has submitted."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    is_internal = forms.BooleanField(
        label=_("I work for the organization that runs the hub"),
        required=False,
        help_text=_("Each submission is read by people from inside and from outside of it."),
    )
    country = forms.ChoiceField(
        label=_("Country or area"), error_messages={"required": _("Choose the country or area where you work.")}
    )
    region = forms.ModelChoiceField(
        label=_("Region that you know best"),
        queryset=Region.objects.exclude(slug="global"),
        to_field_name="slug",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the region that you know best."),
            "invalid_choice": _("Choose one of the regions."),
        },
    )
    background = forms.ChoiceField(
        label=_("Background"),
        choices=[(value, capfirst(label)) for value, label in Member.Background.choices],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the background that fits you best."),
            "invalid_choice": _("Choose one of the backgrounds."),
        },
    )
    years = forms.IntegerField(
        label=_("Years of experience in migration"),
        min_value=0,
        max_value=MOST_YEARS,
        help_text=_("Five or more are expected. Practice counts as much as publications."),
        error_messages={
            "required": _("Write for how many years you have worked on migration."),
            "invalid": _("Write the years as a whole number, such as 8."),
            "min_value": _("Write the years as a whole number, such as 8."),
            "max_value": _("Write the years as a whole number up to 70."),
        },
    )
    objectives = forms.ModelMultipleChoiceField(
        label=_("Objectives of the Compact that you can judge"),
        queryset=Objective.objects.all(),
        to_field_name="number",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those in which you would find what is wrong or missing in a text. Two or three are plenty."),
        error_messages={
            "required": _("Choose at least one objective."),
            "invalid_choice": _("Choose among the objectives."),
            "invalid_pk_value": _("Choose among the objectives."),
        },
    )
    languages = checkboxes(
        _("Languages in which you can review"),
        [(code, capfirst(name)) for code, name in LANGUAGES[:-1]],
        help_text=_("Those in which you read easily. You write your review in English, French or Spanish."),
        error_messages={
            "required": _("Choose at least one language."),
            "invalid_choice": _("Choose among the languages."),
        },
    )
    profile = LongField(
        label=_("What would you bring to a review?"),
        help_text=_(
            "What you know well, and from where. Links to two pieces of your work help. Up to 5,000 characters."
        ),
        empty=_("Write in a few words what you would bring to a review."),
    )
    publications = LongField(
        label=_("Publications"),
        required=False,
        empty="",
        help_text=_("One on each line, with a link where there is one."),
    )
    interests = LongField(
        label=_("Interests that could influence your judgement"),
        required=False,
        empty="",
        help_text=_("Employers, funders, organizations that you advise. You are asked again before each review."),
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        required=False,
        choices=[("", _("I prefer not to say")), *((value, capfirst(label)) for value, label in Member.Gender.choices)],
        help_text=_("Only to see whether the roster is balanced. It is shown as a number among others."),
        error_messages={"invalid_choice": _("Choose one of the answers.")},
    )
    cv = forms.FileField(
        label=_("CV"),
        help_text=_("PDF, DOCX or ODT, up to 5 MB. Only you and the editors can read it."),
        allow_empty_file=True,
        error_messages={
            "required": _("Choose the file with your CV."),
            "missing": _("Choose the file with your CV."),
            "invalid": _("The file did not arrive. Choose it again."),
            "max_length": _("The name of the file is too long. Rename it, and choose it again."),
        },
    )
    seen = forms.ChoiceField(choices=[("", ""), *Member.State.choices], required=False, widget=forms.HiddenInput)

    def __init__(self, *args, has_cv: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country or area")), *countries]
        self.fields["languages"].required = True
        self.fields["cv"].widget = forms.FileInput(attrs={"accept": ".pdf,.docx,.odt"})
        if has_cv:
            self.fields["cv"].required = False
            self.fields["cv"].label = _("Another CV")
            self.fields["cv"].help_text = _(
                "PDF, DOCX or ODT, up to 5 MB. It takes the place of the one that you have sent."
            )

    def clean_cv(self) -> File | None:
        upload = self.cleaned_data["cv"]
        if upload:
            try:
                self.found = cv.check(upload)
            except FileRefused as problem:
                raise forms.ValidationError(problem.message) from None
        return upload

    def clean(self):
        cleaned = super().clean()
        if self.errors and cleaned.get("cv"):
            self.add_error(
                "cv", _("Choose the file with your CV again: browsers do not keep it when a form comes back.")
            )
        return cleaned

    @property
    def texts(self) -> dict:
        """What is kept as typed."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    @classmethod
    def initial_of(cls, member: Member) -> dict:
        initial = {name: getattr(member, name) for name in FIELDS if name != "region"}
        return initial | {
            "region": member.region.slug,
            "objectives": [each.number for each in member.objectives.all()],
        }


class PauseForm(forms.Form):
    """A member pauses; what waits for them stays with them unless they give it back."""

    gives_back = forms.BooleanField(
        label=_("Give back the invitations and reviews that wait for me; somebody else is asked."), required=False
    )


class DecisionForm(forms.Form):
    """An editor's decision about an application."""

    decision = forms.ChoiceField(choices=[("internal", ""), ("external", ""), ("decline", "")])
    reason = LongField(
        label=_("Words to the applicant"),
        required=False,
        empty="",
        help_text=_("Needed if you decline. They come by e-mail, with the decision."),
        is_needed_at_times=True,
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "decline" and is_blank(cleaned.get("reason", "")):
            self.add_error("reason", _("Write the reason: the person gets it by e-mail."))
        return cleaned


class RemovalForm(forms.Form):
    """An editor takes a member off the roster."""

    reason = LongField(
        label=_("Reason"),
        empty=_("Write the reason: the person gets it by e-mail."),
        help_text=_("The person gets it by e-mail."),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """How the list of members is narrowed. A choice that does not exist counts as none."""

    state = forms.CharField(label=_("State"), required=False)
    seat = forms.CharField(label=_("Internal or external"), required=False)
    objective = forms.CharField(label=_("Objective"), required=False)
    region = forms.CharField(label=_("Region"), required=False)
    language = forms.CharField(label=_("Language"), required=False)

    def __init__(self, data):
        super().__init__(data)
        self.choices = {
            "state": [
                ("", _("On the roster")),
                ("available", _("On the roster and not paused")),
                ("paused", _("Paused")),
                ("declined", _("Declined")),
                ("left", _("Left or removed")),
            ],
            "seat": [("", _("Both")), ("internal", _("Internal")), ("external", _("External"))],
            "objective": [
                ("", _("Any objective")),
                *((str(each.number), f"{each.number}. {each.name}") for each in Objective.objects.all()),
            ],
            "region": [
                ("", _("Any region")),
                *((each.slug, each.name) for each in Region.objects.exclude(slug="global")),
            ],
            "language": [("", _("Any language")), *((code, capfirst(name)) for code, name in LANGUAGES[:-1])],
        }
        for name, choices in self.choices.items():
            self.fields[name].widget = forms.Select(choices=choices)

    @property
    def chosen(self) -> dict[str, str]:
        return {
            name: self.data[name]
            for name, choices in self.choices.items()
            if self.data.get(name) and self.data[name] in {value for value, _label in choices}
        }
