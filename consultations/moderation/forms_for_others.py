"""Forms for posting what others wrote or said, and for making it one's own."""

import datetime
import uuid

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from accounts.models import StakeholderGroup
from accounts.typed import one_line
from consultations import permissions
from consultations.forms import TextForm, TypedText
from consultations.models import Comment, Consultation, Question
from consultations.moderation import on_behalf
from consultations.moderation.forms_consultation import NumberField
from consultations.templatetags.discussion import question_name

# Who answers before a consultation opens answers an announcement of it.
A_YEAR = datetime.timedelta(days=366)


class OnBehalfForm(TextForm):
    """Whose text it is, how it came, and the text."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    question = forms.ModelChoiceField(
        Question.objects.none(),
        label=gettext_lazy("Question"),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose a question."),
            "invalid_choice": gettext_lazy("Choose a question of this consultation."),
        },
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how it came."),
            "invalid_choice": gettext_lazy("Choose how it came."),
        },
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Give the day on which it was received or said."),
            "invalid": gettext_lazy("Give a day, such as 2026-11-30."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person"),
        help_text=gettext_lazy("As it should appear beside the contribution."),
        max_length=120,
        error_messages={"required": gettext_lazy("Write the name of the person.")},
    )
    organization = forms.CharField(label=gettext_lazy("Organization"), max_length=200, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country or area"), required=False)
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.all(),
        label=gettext_lazy("Stakeholder group"),
        required=False,
        empty_label=gettext_lazy("Not said"),
    )
    capacity = forms.ChoiceField(
        label=gettext_lazy("The person speaks"),
        choices=[
            (Comment.Capacity.PERSON, gettext_lazy("for themselves")),
            (Comment.Capacity.ORGANIZATION, gettext_lazy("on behalf of their organization")),
            (Comment.Capacity.STATE, gettext_lazy("on behalf of a State")),
        ],
        widget=forms.RadioSelect,
        initial=Comment.Capacity.PERSON,
        error_messages={"required": gettext_lazy("Choose for whom the person speaks.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        help_text=gettext_lazy(
            "Not shown. The person gets the text, its number, and a code with which it becomes theirs."
        ),
        required=False,
        error_messages={"invalid": gettext_lazy("Write a whole e-mail address, such as name@example.org.")},
    )
    mail_language = forms.ChoiceField(
        label=gettext_lazy("Language in which to write to the person"), choices=settings.LANGUAGES
    )
    consent = forms.BooleanField(
        label=gettext_lazy("The person has agreed that this text is published under this name"),
        help_text=gettext_lazy("Needed for what was spoken. That you noted it is kept."),
        required=False,
    )
    field_order = [
        "submission_key",
        "question",
        "origin",
        "received_on",
        "name",
        "organization",
        "country",
        "group",
        "capacity",
        "email",
        "mail_language",
        "body",
        "language",
        "consent",
    ]

    def __init__(self, *args, consultation: Consultation, user, page_language: str, **kwargs):
        super().__init__(*args, page_language=page_language, **kwargs)
        self.consultation = consultation
        if not self.is_bound:
            self.initial |= {"submission_key": uuid.uuid4(), "mail_language": page_language}
            self.initial.setdefault("received_on", timezone.localdate(timezone=consultation.zone))
        origins = on_behalf.origins_for(user, consultation)
        question, country, origin = self.fields["question"], self.fields["country"], self.fields["origin"]
        question.queryset = consultation.questions.all()
        question.label_from_instance = name_and_state
        if permissions.moderates(user, consultation):
            self.fields["received_on"].help_text = _(
                "What arrived by the day of the closing can still be posted after it."
            )
        origin.choices = [(each.value, ORIGINS[each]) for each in Comment.Origin if each in origins]
        self.initial.setdefault("origin", origins[0])
        country.choices = [("", _("Several, none or not said")), *countries]
        self.fields["body"].label = _("The text")
        self.fields["body"].required = True
        self.fields["body"].error_messages["required"] = _("Write the text first: the field is empty.")
        self.fields["body"].help_text = _("As it was written or said, word for word.")
        self.fields["language"].label = _("Language of the text")

    def clean_submission_key(self):
        if not self.cleaned_data["submission_key"]:
            raise forms.ValidationError(_("The form arrived incomplete. Check your text and send it again."))
        return self.cleaned_data["submission_key"]

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day < (self.consultation.opens_at - A_YEAR).date():
            raise forms.ValidationError(_("This day is long before the consultation opened. Check the year."))
        # Somewhere the day is one ahead.
        if day > timezone.localdate() + datetime.timedelta(days=1):
            raise forms.ValidationError(_("This day is still to come. Give the day on which it was received."))
        return day

    def clean_name(self):
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write the name of the person."))
        return name

    def clean_organization(self):
        return one_line(self.cleaned_data["organization"])

    def clean(self):
        cleaned = super().clean()
        capacity = cleaned.get("capacity")
        if capacity == Comment.Capacity.ORGANIZATION and not cleaned.get("organization"):
            self.add_error("organization", _("Name the organization for which the person speaks."))
        if capacity == Comment.Capacity.STATE and not cleaned.get("country"):
            self.add_error("country", _("Name the State for which the person speaks."))
        if cleaned.get("origin") == Comment.Origin.TRANSCRIPTION and not cleaned.get("consent"):
            self.add_error("consent", _("Ask the person for consent, then tick the box."))
        return cleaned

    @property
    def sender(self) -> on_behalf.Sender:
        names = ("name", "capacity", "organization", "country", "group", "email")
        return on_behalf.Sender(
            language=self.cleaned_data["mail_language"], **{name: self.cleaned_data[name] for name in names}
        )

    @property
    def key(self) -> str:
        """The key to write into the form: the one that was sent when it was a good one, else a fresh one."""
        if self.is_bound:
            sent = self.cleaned_data.get("submission_key") if hasattr(self, "cleaned_data") else None
            return str(sent or uuid.uuid4())
        return str(self.initial["submission_key"])


def name_and_state(question: Question) -> str:
    if question.state == Question.State.OPEN:
        return question_name(question)
    return f"{question_name(question)} ({question.get_state_display()})"


ORIGINS = {
    Comment.Origin.EMAIL: gettext_lazy("By e-mail"),
    Comment.Origin.LETTER: gettext_lazy("By letter"),
    Comment.Origin.TRANSCRIPTION: gettext_lazy("It was spoken, and I wrote it down"),
}


class ClaimForm(forms.Form):
    number = NumberField(label=gettext_lazy("Number of the contribution"))
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Three groups of four letters and digits."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write the code.")},
    )


class DisownForm(forms.Form):
    """Why an organization does not stand by a contribution."""

    reason = TypedText(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The author and the moderators read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
        error_messages={"required": gettext_lazy("Write why your organization does not stand by it.")},
    )
