import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from hub import catalogues

ROOT = Path(settings.BASE_DIR)
LANGUAGES = ["fr", "es"]

# What a translation must hand on unchanged: named values, tags, and the {n} that scripts fill in.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^>]+>")


@cache
def translations(language: str) -> list[tuple[list[str], str]]:
    """Each translated form beside the texts that it may stand for: the text, or its singular and plural."""
    pairs = []
    for message in catalogues.read_catalogue(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"):
        if message.id:
            texts = list(message.id) if message.pluralizable else [message.id]
            forms = message.string if message.pluralizable else [message.string]
            pairs += [(texts, form) for form in forms]
    return pairs


def words(form: str) -> str:
    """A translation as it is read: without its tags, and with its values as one letter."""
    form = re.sub(r"<[^>]+>", "", form)
    return re.sub(r"%\(\w+\)[a-z]|\{\w*\}", "x", form).replace("%%", "%")


def those(language: str, pattern: str) -> list[str]:
    return [form for _, form in translations(language) if re.search(pattern, words(form))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_portal_is_translated(language):
    lacking = catalogues.lacking_translation(ROOT, language)
    assert not lacking, "\n".join(["Run script/messages and translate:", *lacking])


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_tags(language):
    wrong = [
        form
        for texts, form in translations(language)
        if sorted(PLACEHOLDER.findall(form)) not in [sorted(PLACEHOLDER.findall(text)) for text in texts]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_begin_and_end_with_the_same_space(language):
    def margins(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [form for texts, form in translations(language) if margins(form) not in map(margins, texts)]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_contributions_do_not_break_off(language):
    assert those(language, r"№(?!\N{NO-BREAK SPACE})") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language):
    assert those(language, r"[“”\"]|^[^«]*»|«[^»]*$") == []


def test_french_has_its_no_break_spaces():
    # A colon within a time or an address has none.
    assert those("fr", r"[^\N{NO-BREAK SPACE}](?:[;?!%»]|:(?=\s|$))") == []
    assert those("fr", r"«(?!\N{NO-BREAK SPACE})") == []


def test_no_template_writes_a_colon_that_no_translation_can_space():
    inside = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
    colon = re.compile(r"[}>]:(?=\s|<|$)", re.MULTILINE)
    templates = [path for path in Path(settings.BASE_DIR, "templates").rglob("*.*") if path.is_file()]
    assert [path.name for path in templates if colon.search(inside.sub("", path.read_text(encoding="utf-8")))] == []


def test_spanish_opens_its_questions_and_exclamations():
    assert those("es", r"^[^¿]*\?|¿[^?]*$|^[^¡]*!|¡[^!]*$") == []
    assert those("es", r"[^\N{NO-BREAK SPACE}]%") == []


def test_a_text_without_finished_translation_is_found(tmp_path):
    sources, catalogue = tmp_path / "templates", tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    sources.mkdir()
    catalogue.parent.mkdir(parents=True)
    (sources / "page.html").write_text(
        '{% load i18n %}{% translate "Done" %}{% translate "New" %}{% translate "Guessed" %}'
        "{% blocktranslate count n=n %}{{ n }} word{% plural %}{{ n }} words{% endblocktranslate %}"
    )
    catalogue.write_text(
        'msgid ""\nmsgstr "Language: fr\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        'msgid "Done"\nmsgstr "Fait"\n\n'
        '#, fuzzy\nmsgid "Guessed"\nmsgstr "Peut-être"\n\n'
        'msgid "%(n)s word"\nmsgid_plural "%(n)s words"\nmsgstr[0] "%(n)s mot"\nmsgstr[1] ""\n'
    )
    assert sorted(catalogues.lacking_translation(tmp_path, "fr")) == ["%(n)s word", "Guessed", "New"]
