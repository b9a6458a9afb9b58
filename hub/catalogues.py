"""gettext catalogues, extracted and compiled with Babel, so that nobody needs GNU gettext on their machine."""

import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

# What Django calls its functions, and which of their arguments are texts (`c`: the context).
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SOURCES = ("accounts/**/*.py", "consultations/**/*.py", "hub/**/*.py", "templates/**/*.*", "*/templates/**/*.*")
LINE_LENGTH = 100


def compile_catalogues(locale_folder: Path) -> list[Path]:
    """Compile each `.po` below `locale_folder` that is newer than its `.mo`; the files written come back."""
    written = []
    for source in sorted(locale_folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        content = BytesIO()
        write_mo(content, read_catalogue(source))
        replace(compiled, content.getvalue())
        written.append(compiled)
    return written


def update_catalogues(root: Path, languages: list[str]) -> dict[str, list[str]]:
    """Bring the catalogues below `root` up to date with code and templates; what lacks a translation comes back."""
    lacking = {}
    for language in languages:
        path = root / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = updated(path, language, extracted(root))
        content = BytesIO()
        # Without places in the sources, which change with every line added above them.
        write_po(content, catalogue, width=LINE_LENGTH, no_location=True, sort_output=True, ignore_obsolete=True)
        if not path.exists() or path.read_bytes() != content.getvalue():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, content.getvalue())
        lacking[language] = untranslated(catalogue)
    return lacking


def lacking_translation(root: Path, language: str) -> list[str]:
    """The texts in code and templates for which the catalogue of `language` has no finished translation."""
    path = root / "locale" / language / "LC_MESSAGES" / "django.po"
    return untranslated(updated(path, language, extracted(root)))


def updated(path: Path, language: str, template: Catalog) -> Catalog:
    catalogue = read_catalogue(path) if path.exists() else new_catalogue(language)
    # Neither the date nor a guess: a change of the file is a change of a text.
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    return catalogue


def new_catalogue(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="consultation-hub",
        header_comment=f"# The portal in {Locale.parse(language).english_name}.",
        fuzzy=False,
    )


def untranslated(catalogue: Catalog) -> list[str]:
    """The first form of each text that is fuzzy or lacks one of its translated forms."""
    texts = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and (message.fuzzy or not all(forms)):
            texts.append(message.id[0] if message.pluralizable else message.id)
    return texts


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def replace(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it meanwhile sees the one before or the one after."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(fresh, 0o644)
    os.replace(fresh, path)


# Extracting


def extracted(root: Path) -> Catalog:
    """All texts for people in the portal's code and templates, the same ones once."""
    template = Catalog()
    for path in sorted({path for pattern in SOURCES for path in root.glob(pattern) if path.is_file()}):
        source = path.read_text() if path.suffix == ".py" else as_python(path)
        for _, texts, comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=["Translators:"]
        ):
            template.add(texts, auto_comments=comments, context=context)
    return template


def as_python(path: Path) -> str:
    """A template with its texts as calls of gettext, and all the rest as meaningless names."""
    from django.utils.translation.template import templatize

    # Its indentation is that of HTML, which Python's tokenizer would refuse.
    return "\n".join(stripped_lines(templatize(path.read_text(), origin=str(path))))


def stripped_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield line.strip()
