"""What was changed in the administration, kept by the names of the fields and told in the reader's language."""

import json

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from modeltranslation.translator import NotRegistered

from consultations import organizing

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class KeepsNamesOfFields:
    """Mixed into a model admin: its history says which fields changed, not what they were called that day."""

    def construct_change_message(self, request, form, formsets, add=False):
        message = super().construct_change_message(request, form, formsets, add)
        rows = [row for formset in formsets or [] for row in formset.changed_objects]
        for entry in message:
            if "changed" not in entry:
                continue
            if "object" in entry["changed"]:
                row, fields = rows.pop(0)
                entry["changed"] |= {"fields": fields, "model": row._meta.label_lower}
            else:
                entry["changed"]["fields"] = form.changed_data
        return message

    def log_act(self, request, row, title) -> None:
        """Note something that was done by a button; its title is translated for whoever reads."""
        with override(None):
            self.log_change(request, row, str(title))


def in_words(entry: LogEntry, model: type[models.Model]) -> str:
    """What happened, for the history of a row of `model`; entries of earlier versions hold labels and marks."""
    if not entry.change_message.startswith("["):
        return _(entry.change_message) if entry.change_message else ""
    try:
        told = json.loads(entry.change_message)
    except json.JSONDecodeError:
        return entry.change_message
    for each in told:
        if "changed" in each:
            about = model_of(each["changed"].get("model", "")) or model
            each["changed"]["fields"] = [name_of(about, field) for field in each["changed"]["fields"]]
    return LogEntry(change_message=json.dumps(told)).get_change_message()


def model_of(label: str) -> type[models.Model] | None:
    """The model of a row that was changed along with another; nothing when there is none of that name any more."""
    return next((each for each in apps.get_models() if each._meta.label_lower == label), None)


def name_of(model: type[models.Model], field: str) -> str:
    """What people call a field, such as “Title (French)”."""
    text, _underscore, language = field.rpartition("_")
    if language in LANGUAGE_NAMES and text in translated_texts(model):
        return text_in_language(model, text, language)
    try:
        return str(capfirst(model._meta.get_field(field).verbose_name))
    except FieldDoesNotExist:
        return _(strip_tags(field))


def translated_texts(model: type[models.Model]) -> list[str]:
    try:
        return organizing.texts_of(model)
    except NotRegistered:
        return []


def text_in_language(model: type[models.Model], text: str, language: str) -> str:
    return _("%(text)s (%(language)s)") % {
        "text": capfirst(str(model._meta.get_field(text).verbose_name)),
        "language": LANGUAGE_NAMES[language],
    }
