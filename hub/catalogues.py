"""gettext catalogues, compiled with Babel so that the portal runs on machines without GNU gettext."""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(locale_folder: Path) -> list[Path]:
    """Compile each `.po` below `locale_folder` that is newer than its `.mo`; the files written come back."""
    written = []
    for source in sorted(locale_folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        # Under another name until it is whole: a server may be reading the one before.
        handle, fresh = tempfile.mkstemp(dir=compiled.parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            write_mo(file, catalogue)
        os.chmod(fresh, 0o644)
        os.replace(fresh, compiled)
        written.append(compiled)
    return written
