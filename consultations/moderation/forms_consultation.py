"""Forms for what moderators do with a whole consultation. Whether it may be done is said by the acts."""

import datetime
import uuid

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations import markup
from consultations.forms import TypedText
from consultations.models import Comment, Pause, Question
from consultations.moderation.models import Announcement, FocalPoint, FocalRequest
from consultations.templatetags.discussion import question_name
from consultations.wall_clock import WallClockField, moment_of, on_the_wall

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# A year of letters in one form would be a mistake.
LONGEST_ANNOUNCEMENT = 10_000

GONE = gettext_lazy("This is no longer there. The page has been brought up to date.")


def durations() -> list[tuple[str, str]]:
    return [(str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in (1, 3, 7, 14, 30)]


def reason(label, help_text="", *, required=True) -> TypedText:
    return TypedText(
        label=label,
        help_text=help_text,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason: it is kept with what you do.")},
    )


class ConsultationActForm(forms.Form):
    """One of several forms of a page: what it does is a function of the consultation."""

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.consultation = consultation


class NumberField(forms.IntegerField):
    """The number of a contribution, as people cite it."""

    def __init__(self, **kwargs):
        super().__init__(
            min_value=1,
            max_value=2**62,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12, "autocomplete": "off"}),
            error_messages={
                name: gettext_lazy("Write the number of the contribution, such as 41.")
                for name in ("required", "invalid", "min_value", "max_value")
            },
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("№", "").replace("\u00a0", "").strip()
        return super().to_python(value)


class ContributionForm(ConsultationActForm):
    """An act on the contribution with a number."""

    number = NumberField(label=gettext_lazy("Number of the contribution"))

    def clean_number(self):
        number = self.cleaned_data["number"]
        self.comment = (
            Comment.objects.select_related("question__consultation", "author")
            .filter(pk=number, question__consultation=self.consultation)
            .first()
        )
        if not self.comment:
            raise forms.ValidationError(
                _("There is no contribution № %(number)s in this consultation.") % {"number": number}
            )
        return number


class QuestionStateForm(ConsultationActForm):
    question = forms.ModelChoiceField(
        Question.objects.none(),
        label=gettext_lazy("Question"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a question."), "invalid_choice": GONE},
    )
    state = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[
            (Question.State.CLOSED, gettext_lazy("Close it: nobody can post, everything stays readable")),
            (Question.State.OPEN, gettext_lazy("Open it again")),
        ],
        widget=forms.RadioSelect,
        initial=Question.State.CLOSED,
        error_messages={"required": gettext_lazy("Choose what to do.")},
    )
    reason = reason(
        gettext_lazy("Reason"),
        gettext_lazy("Kept in the record, and told to all who follow the question or the consultation."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["question"]
        field.queryset = self.consultation.questions.all()
        field.label_from_instance = lambda each: f"{question_name(each)} ({each.get_state_display()})"


class RescheduleForm(ConsultationActForm):
    closes_at = WallClockField(
        label=gettext_lazy("New closing date"),
        error_messages={
            "required": gettext_lazy("Give the date and the time."),
            "incomplete": gettext_lazy("Give the date and the time."),
        },
    )
    reason = reason(
        gettext_lazy("Reason"), gettext_lazy("Kept in the record, and told to all who follow the consultation.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["closes_at"]
        field.help_text = _("In the time zone of the consultation: %(zone)s. All who follow it are told.") % {
            "zone": self.consultation.time_zone
        }
        later = max(self.consultation.closes_at, timezone.now()) + datetime.timedelta(weeks=1)
        self.initial.setdefault("closes_at", on_the_wall(later, self.consultation.zone).replace(hour=23, minute=59))

    def clean_closes_at(self):
        return moment_of(self.cleaned_data["closes_at"], self.consultation.zone)


class CloseForm(ConsultationActForm):
    reason = reason(
        gettext_lazy("Reason"), gettext_lazy("Kept in the record, and told to all who follow the consultation.")
    )


class PauseForm(ContributionForm):
    duration = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=durations,
        initial="7",
        error_messages={"required": gettext_lazy("Choose for how long.")},
    )
    reason = reason(
        gettext_lazy("Reason"),
        gettext_lazy("The participant reads it in an e-mail, as you write it. Kept in the record, too."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _("One that this participant wrote in this consultation.")

    @property
    def days(self) -> datetime.timedelta:
        return datetime.timedelta(days=int(self.cleaned_data["duration"]))


class LiftPauseForm(ConsultationActForm):
    pause = forms.ModelChoiceField(
        Pause.objects.none(), widget=forms.HiddenInput, error_messages={"required": GONE, "invalid_choice": GONE}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pause"].queryset = self.consultation.pauses.select_related("consultation")


class PinForm(ContributionForm):
    reason = reason(gettext_lazy("Reason"), gettext_lazy("Kept in the record, and told to its author."), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _("The one that begins the thread.")


class UnpinForm(ContributionForm):
    pass


class FocalPointForm(ConsultationActForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        help_text=gettext_lazy(
            "They get an e-mail, and are a focal point once they have agreed, with an account that they have or make."
        ),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write the e-mail address of the person."),
            "invalid": gettext_lazy("Write an e-mail address, such as name@example.org."),
        },
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class TakeBackFocalRequestForm(ConsultationActForm):
    request = forms.ModelChoiceField(
        FocalRequest.objects.none(), widget=forms.HiddenInput, error_messages={"required": GONE, "invalid_choice": GONE}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request"].queryset = self.consultation.focal_requests.select_related("consultation")


class RemoveFocalPointForm(ConsultationActForm):
    focal_point = forms.ModelChoiceField(
        FocalPoint.objects.none(), widget=forms.HiddenInput, error_messages={"required": GONE, "invalid_choice": GONE}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["focal_point"].queryset = self.consultation.focal_points.select_related("consultation", "user")


class AnnouncementForm(forms.Form):
    """A message in three languages, of which one is needed and the others are missed aloud."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Announcement.Kind.choices,
        initial=Announcement.Kind.OTHER,
        error_messages={"required": gettext_lazy("Choose a kind.")},
    )
    is_incomplete = forms.BooleanField(
        label=gettext_lazy("Publish it although a language is missing"),
        help_text=gettext_lazy("Readers of that language get the text in another one, marked as such."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("submission_key", uuid.uuid4())
        for code, name in settings.LANGUAGES:
            self.fields[f"title_{code}"] = TypedText(
                label=format_lazy(gettext_lazy("Title ({language})"), language=name),
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"lang": code}),
            )
            self.fields[f"text_{code}"] = TypedText(
                label=format_lazy(gettext_lazy("Text ({language})"), language=name),
                required=False,
                strip=False,
                max_length=LONGEST_ANNOUNCEMENT,
                widget=forms.Textarea(attrs={"lang": code, "class": "short"}),
            )
        # After the texts, where it is asked.
        self.fields["is_incomplete"] = self.fields.pop("is_incomplete")

    def clean_submission_key(self):
        if not self.cleaned_data["submission_key"]:
            raise forms.ValidationError(_("The form arrived incomplete. Check your text and send it again."))
        return self.cleaned_data["submission_key"]

    def clean(self):
        cleaned = super().clean()
        missing = []
        for code in LANGUAGES:
            title, text = cleaned.get(f"title_{code}", ""), cleaned.get(f"text_{code}", "")
            has_text = not markup.is_blank(text)
            if title and not has_text and f"text_{code}" not in self.errors:
                self.add_error(f"text_{code}", _("Write the text that belongs to this title."))
            elif has_text and not title and f"title_{code}" not in self.errors:
                self.add_error(f"title_{code}", _("Write a title for this text."))
            elif not has_text:
                missing.append(code)
        if len(missing) == len(LANGUAGES):
            self.add_error(f"title_{LANGUAGES[0]}", _("Write a title and a text in one language at least."))
        elif missing and not cleaned.get("is_incomplete"):
            names = dict(settings.LANGUAGES)
            self.add_error(
                "is_incomplete",
                _("Not written in: %(languages)s. Add it, or tick the box to publish without it.")
                % {"languages": ", ".join(str(names[code]) for code in missing)},
            )
        return cleaned

    @property
    def texts(self) -> dict:
        """Kind, titles and texts, in languages that have them."""
        found = {"kind": self.cleaned_data["kind"]}
        for code in LANGUAGES:
            if title := self.cleaned_data[f"title_{code}"]:
                found |= {f"title_{code}": title, f"text_{code}": self.cleaned_data[f"text_{code}"]}
        return found

    @property
    def key(self) -> str:
        """The key to write into the form: the one that was sent when it was a good one, else a fresh one."""
        if self.is_bound:
            sent = self.cleaned_data.get("submission_key") if hasattr(self, "cleaned_data") else None
            return str(sent or uuid.uuid4())
        return str(self.initial["submission_key"])


class WithdrawAnnouncementForm(forms.Form):
    reason = reason(gettext_lazy("Reason"), gettext_lazy("Kept in the record."))
