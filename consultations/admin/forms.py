"""The forms of a consultation: texts, dates on the clock of its own time zone, numbered questions."""

import zoneinfo
from functools import cache

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations import organizing
from consultations.admin.texts import TextsForm
from consultations.models import Consultation, Moderator, Objective
from consultations.wall_clock import WallClockField, moment_of, on_the_wall

HIGHEST_NUMBER = 999
# Numbers that change are parked beyond all others while they are saved, so that two can be swapped.
PARKING = 10_000


@cache
def time_zones() -> list:
    """UTC first, then the zones that are named after places, by continent."""
    places = {}
    for name in sorted(zoneinfo.available_timezones()):
        area, _slash, place = name.partition("/")
        if place and area not in {"Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right"}:
            places.setdefault(area, []).append((name, name.replace("_", " ")))
    return [("UTC", "UTC"), *places.items()]


class ConsultationForm(TextsForm, forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zones,
        initial="UTC",
        help_text=gettext_lazy("The dates below are meant, and shown to everybody, in this time zone."),
    )
    opens_at = WallClockField(label=gettext_lazy("Opens"))
    closes_at = WallClockField(
        label=gettext_lazy("Closes"), help_text=gettext_lazy("The last day at 23:59 is what people expect.")
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Main languages"),
        choices=settings.LANGUAGES,
        initial=organizing.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The languages in which participants are invited to write."),
    )
    objectives = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Objectives covered"),
        queryset=Objective.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needed_texts = ("title",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.is_published:
            self.needed_texts = organizing.NEEDED_TO_PUBLISH
        if self.instance.pk:
            for name in ("opens_at", "closes_at"):
                self.initial[name] = on_the_wall(getattr(self.instance, name), self.instance.zone)

    def clean(self):
        cleaned = super().clean()
        zone = zoneinfo.ZoneInfo(cleaned.get("time_zone", "UTC"))
        for name in ("opens_at", "closes_at"):
            if cleaned.get(name):
                self.place_in_zone(name, zone)
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("It must close after it opens."))
        return cleaned

    def place_in_zone(self, name, zone):
        """Turn the wall clock into a moment; seconds that the form does not show stay as they were."""
        if self.instance.pk and not {name, "time_zone"} & set(self.changed_data):
            self.cleaned_data[name] = getattr(self.instance, name)
            return
        try:
            self.cleaned_data[name] = moment_of(self.cleaned_data[name], zone)
        except ValidationError as problem:
            self.add_error(name, problem)


class ReopenForm(forms.Form):
    """Until when people can contribute again, on the clock of the consultation's time zone."""

    until = WallClockField(label=gettext_lazy("New closing date"))

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = consultation.zone
        self.fields["until"].help_text = _("In the time zone of the consultation: %(zone)s.") % {
            "zone": consultation.time_zone
        }

    def clean_until(self):
        return moment_of(self.cleaned_data["until"], self.zone)


class QuestionForm(TextsForm, forms.ModelForm):
    rows = 3

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "number" not in self.fields:
            return
        if self.is_open_floor:
            for name in ("number", *(f"text_{language}" for language in organizing.LANGUAGES)):
                self.fields[name].disabled = True
                self.fields[name].widget = forms.HiddenInput()
        else:
            number = self.fields["number"]
            number.required = True
            number.validators += [MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)]
            number.widget.attrs |= {"min": 1, "max": HIGHEST_NUMBER}
            number.help_text = _("The highest number comes first on the page.")
            self.needed_texts = ("text",)

    @property
    def is_open_floor(self) -> bool:
        return bool(self.instance.pk) and self.instance.is_open_floor

    def has_changed(self):
        """A new row in which nothing was typed is none, whatever number was suggested for it."""
        if self.instance._state.adding:
            return bool(set(self.changed_data) - {"number"})
        return super().has_changed()

    def _get_validation_exclusions(self):
        # The set of questions is checked as a whole, so that two numbers can be swapped.
        return super()._get_validation_exclusions() | {"number"}


class QuestionFormSet(BaseInlineFormSet):
    """The questions of one consultation. What people have contributed to cannot be deleted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.next_number = max((question.number or 0 for question in self.get_queryset()), default=0) + 1
        self.initial_extra = [{"number": self.next_number + ahead} for ahead in range(self.extra)]

    @property
    def empty_form(self):
        form = super().empty_form
        form.initial["number"] = self.next_number + self.extra
        return form

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if not (question := form.instance).pk or "DELETE" not in form.fields:
            return
        # Known already, so that no row asks for it again.
        question.consultation = self.instance
        if self.instance.is_published and not question.is_open_floor:
            # Addresses that were public stay; mails, the record and other contributions say the number too.
            form.fields["number"].disabled = True
            form.fields["number"].help_text = _("Fixed since the consultation was published: links and mails say it.")
        delete = form.fields["DELETE"]
        if question.is_open_floor:
            delete.disabled = True
            delete.label = _("Every consultation keeps its open floor")
        elif question.comment_count:
            delete.disabled = True
            delete.label = ngettext(
                "Cannot be deleted: it has %(number)s contribution",
                "Cannot be deleted: it has %(number)s contributions",
                question.comment_count,
            ) % {"number": question.comment_count}
        elif question.is_used:
            delete.disabled = True
            delete.label = _("Cannot be deleted: people have contributed, or have begun to write")

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not form.cleaned_data.get("DELETE")
        ]
        numbers = set()
        for form in kept:
            number = form.cleaned_data.get("number")
            if number in numbers:
                form.add_error("number", _("Another question has this number."))
            numbers.add(number)
        self.check_against_others(kept)
        if self.instance.is_published and numbers <= {None}:
            raise ValidationError(_("A published consultation needs one question at least."))

    def check_against_others(self, kept):
        """Somebody may have made a question since the form was shown."""
        if not self.instance.pk:
            return
        shown = [form.instance.pk for form in self.initial_forms]
        others = set(self.instance.questions.exclude(pk__in=shown).values_list("number", flat=True))
        for form in kept:
            if form.cleaned_data.get("number") in others:
                form.add_error("number", _("Another question has this number."))

    def save_existing_objects(self, commit=True):
        if commit:
            moving = [form.instance.pk for form in self.initial_forms if {"number", "DELETE"} & set(form.changed_data)]
            self.instance.questions.filter(pk__in=moving, number__isnull=False).update(number=F("number") + PARKING)
        return super().save_existing_objects(commit)


class ModeratorForm(forms.ModelForm):
    class Meta:
        model = Moderator
        fields = ["user", "organization"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            user = self.fields["user"]
            # Two people may have one name.
            user.label_from_instance = lambda person: f"{person.name} ({person.email})"
            user.widget.can_add_related = user.widget.can_change_related = user.widget.can_view_related = False


class ModeratorFormSet(BaseInlineFormSet):
    """The moderators of a consultation, or the consultations of a moderator: each once.

    Django looks for what is there twice among the rows of the form alone.
    """

    def clean(self):
        super().clean()
        other = "consultation" if self.fk.name == "user" else "user"
        named = set()
        if self.instance.pk:
            shown = [form.instance.pk for form in self.initial_forms]
            rows = Moderator.objects.filter(**{self.fk.name: self.instance}).exclude(pk__in=shown)
            named.update(rows.values_list(f"{other}_id", flat=True))
        for form in self.forms:
            wanted = getattr(form.instance, f"{other}_id")
            if form in self.deleted_forms or wanted is None:
                continue
            if wanted in named and other not in form.errors:
                form.add_error(other, _("This person is a moderator of this consultation already."))
            named.add(wanted)


def phase_in_words(consultation: Consultation) -> str:
    return capfirst(Consultation.Phase(consultation.phase).label)
