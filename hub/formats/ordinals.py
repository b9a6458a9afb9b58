"""The first of a month: “1er décembre” in French. Django's formats have only the English “S”: st, nd, rd, th.

It is set in one place for all dates, whoever writes them: templates, mails, the administration. The letter keeps its
meaning in every other language.
"""

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language

english = DateFormat.S


def suffix(date: DateFormat) -> str:
    """What follows the day in the active language; for “S” in a format."""
    if (get_language() or "").partition("-")[0] != "fr":
        return english(date)
    return "er" if date.data.day == 1 else ""


def begin() -> None:
    DateFormat.S = suffix
