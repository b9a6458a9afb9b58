"""When two titles are the same, in whatever script and however they are typed.

PostgreSQL counts what two titles have in common by its letters, and with the locale “C” knows no others than those of
ASCII. So equal titles in Arabic, Cyrillic or Chinese are known by a key that is made here, and kept with the resource.
"""

import hashlib
import re
import unicodedata

# What stands between a title and its subtitle.
SUBTITLE = re.compile(r"\s*:\s|\s[–—-]\s|：")
# After the key of a title without its subtitle.
WITHOUT = ":"


def fold(title: str) -> str:
    """The letters and digits of a title, without case, accents, width, blanks and signs; "" when there are none.

    Vowel signs of Arabic and Hebrew go as well, as most people leave them out; those of Indic scripts stay.
    """
    plain = unicodedata.normalize("NFKC", title).casefold()
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", plain)
        # Categories: https://www.unicode.org/reports/tr44/#General_Category_Values; U+0640 makes a word longer only.
        if unicodedata.category(letter)[0] in "LMN" and not unicodedata.combining(letter) and letter != "\u0640"
    )


def key_of(title: str) -> str:
    """The same for titles that are the same; "" for none."""
    folded = fold(title)
    return hashlib.md5(folded.encode(), usedforsecurity=False).hexdigest() if folded else ""


def keys_of(titles: list[str | None]) -> list[str]:
    """The keys of a title in several languages, each once; with those of the title without its subtitle."""
    whole = {key for title in titles if title and (key := key_of(title))}
    shorter = {f"{key}{WITHOUT}" for title in titles if title and (key := key_without_subtitle(title))}
    return sorted(whole | shorter)


def keys_like(title: str) -> list[str]:
    """The keys of which another title has one if it is the same, or the same but for a subtitle that only one has."""
    whole = key_of(title)
    alike = {whole, f"{whole}{WITHOUT}"} if whole else set()
    return sorted(alike | ({shorter} if (shorter := key_without_subtitle(title)) else set()))


def key_without_subtitle(title: str) -> str:
    main, *subtitle = SUBTITLE.split(title.strip(), maxsplit=1)
    return key_of(main) if subtitle else ""
