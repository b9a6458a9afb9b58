"""Reading the files of the demo content, with a clear sentence for whatever is wrong in them."""

import tomllib
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

LANGUAGES = [code for code, _name in settings.LANGUAGES]
REQUIRED = object()


class DemoProblem(Exception):
    """A file of the demo content is wrong; the message names the file, the place and what is wrong there."""


class Entry:
    """One table of a file. Values are taken out of it one by one; whatever is left in the end is a mistake."""

    def __init__(self, file: Path, place: str, values: dict):
        self.file, self.place, self.values = file, place, dict(values)

    def problem(self, what: str) -> DemoProblem:
        return DemoProblem(f"{self.file.name}, {self.place}: {what}")

    def take(self, name: str, kind: type | tuple[type, ...] = str, default=REQUIRED):
        """The value of `name`, which must be of `kind`."""
        value = self.values.pop(name, default)
        if value is REQUIRED:
            raise self.problem(f"“{name}” is missing.")
        # A bool is an int to Python.
        wrong_bool = isinstance(value, bool) and kind is not bool
        if value is not default and (wrong_bool or not isinstance(value, kind)):
            raise self.problem(f"“{name}” is {value!r}, which is of the wrong kind.")
        return value

    def choose(self, name: str, choices: Collection, default=REQUIRED):
        value = self.take(name, (str, int), default)
        if value is not default and value not in choices:
            raise self.problem(f"“{name}” is {value!r}. It must be one of: {', '.join(map(str, choices))}.")
        return value

    def choose_all(self, name: str, choices: Collection) -> list:
        found = self.take(name, list)
        for value in found:
            if value not in choices:
                raise self.problem(f"“{name}” holds {value!r}. It may hold: {', '.join(map(str, choices))}.")
        return found

    def translations(self, name: str, *, required: bool = True) -> dict[str, str]:
        """The fields of a translated model field, such as `title_en`, with their texts."""
        texts = self.take(name, dict, REQUIRED if required else {})
        table = Entry(self.file, f"{self.place}, {name}", texts)
        found = {f"{name}_{code}": table.take(code).strip() for code in LANGUAGES if required or texts}
        table.end()
        return found

    def end(self) -> None:
        if self.values:
            raise self.problem(f"“{next(iter(self.values))}” is unknown.")


def read(file: Path) -> dict[str, list[Entry]]:
    """The tables of `file` by their name. Raises DemoProblem when it is no TOML."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DemoProblem(f"{file.name} is missing.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DemoProblem(f"{file.name} cannot be read: {error}.") from error
    entries: dict[str, list[Entry]] = {}
    for name, found in tables.items():
        entries[name] = []
        for number, values in enumerate(found if isinstance(found, list) else [found], start=1):
            if not isinstance(values, dict):
                raise DemoProblem(f"{file.name}: “{name}” stands outside of a table.")
            label = values.get("key") or values.get("slug") or values.get("number") or number
            entries[name].append(Entry(file, f"{name} {label}", values))
    return entries
