"""Texts in three languages: side by side in forms, and what is not translated yet in lists."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations import organizing
from consultations.admin import history

LANGUAGE_NAMES = dict(settings.LANGUAGES)


def columns(*names: str) -> list[tuple[str, ...]]:
    """The lines of a fieldset with one text each, its languages side by side."""
    return [tuple(f"{name}_{language}" for language in organizing.LANGUAGES) for name in names]


class TextsForm:
    """Mixed into a model form: says of each text in which language it is, and which ones are not translated yet."""

    # Texts that must be there in one language at least.
    needed_texts: tuple[str, ...] = ()
    rows = 5

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in organizing.texts_of(self._meta.model):
            texts = organizing.written(self.instance, name)
            for language, text in texts.items():
                if field := self.fields.get(f"{name}_{language}"):
                    is_missing = not text and any(texts.values())
                    self.say_language(field, name, language, is_missing)

    def say_language(self, field, name, language, is_missing):
        field.label = history.text_in_language(self._meta.model, name, language)
        if is_missing:
            field.label = format_html('{} <span class="untranslated">{}</span>', field.label, _("not translated"))
        # The explanation is the same for the three columns.
        if language != organizing.LANGUAGES[0]:
            field.help_text = ""
        field.widget.attrs["lang"] = language
        if "rows" in field.widget.attrs:
            field.widget.attrs["rows"] = self.rows

    def clean(self):
        cleaned = super().clean()
        for name in self.needed_texts:
            columns = [f"{name}_{language}" for language in organizing.LANGUAGES]
            if not any((self.cleaned_data.get(column) or "").strip() for column in columns):
                self.add_error(columns[0], _("Write this text in one language at least."))
        return cleaned


def missing_in_words(missing: dict[str, list[str]]) -> str:
    """“French: 3 texts missing”, a line for each language that lacks some."""
    if not missing:
        return _("complete")
    lines = []
    for language, names in missing.items():
        sentence = ngettext(
            "%(language)s: %(number)s text missing", "%(language)s: %(number)s texts missing", len(names)
        )
        lines.append((", ".join(names), sentence % {"language": LANGUAGE_NAMES[language], "number": len(names)}))
    return format_html_join(" ", '<span class="untranslated" title="{}">{}</span>', lines)


class TranslationFilter(admin.SimpleListFilter):
    """Lists what is not translated into one language, or what is complete."""

    title = gettext_lazy("translations")
    parameter_name = "untranslated"

    def lookups(self, request, model_admin):
        names = LANGUAGE_NAMES.items()
        lacking = [(code, _("texts missing in %(language)s") % {"language": name}) for code, name in names]
        return [*lacking, ("none", _("complete"))]

    def lacking(self, model, language: str) -> Q:
        return organizing.lacks_translation(model, language)

    def queryset(self, request, queryset):
        if self.value() in LANGUAGE_NAMES:
            return queryset.filter(self.lacking(queryset.model, self.value()))
        if self.value() == "none":
            for language in organizing.LANGUAGES:
                queryset = queryset.exclude(self.lacking(queryset.model, language))
        return queryset
