"""In which language is a contribution written?"""

import re
import unicodedata
from threading import Lock
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

OTHER = "und"
WRITTEN = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), (OTHER, _("another language"))]

# Below this many characters even a good guess is often wrong.
SHORTEST = 60
# What follows adds nothing to the certainty, and its normalised probability would even fall.
LONGEST = 3000
SURE = 0.8
RULED_OUT = 0.1

# So near to English, French or Spanish that they would only take certainty from them: Nigerian Pidgin, Walloon,
# Occitan, Aragonese, Extremaduran, Ligurian, Venetian; and what nobody writes here: Latin, Esperanto, Volapük,
# and “no language”.
SET_ASIDE = {"pcm", "wa", "oc", "an", "ext", "lij", "vec", "la", "eo", "vo", "zxx"}

QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}", re.IGNORECASE)


def recognise(text: str) -> str | None:
    """The language as in WRITTEN, or None where it would be a guess: a short text, or names and numbers."""
    text = " ".join(ADDRESS.sub(" ", QUOTED.sub(" ", text[: 2 * LONGEST])).split())[:LONGEST]
    letters = [character for character in text if character.isalpha()]
    # English, French and Spanish are written in Latin letters, so a few others are enough to know.
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if len(letters) >= 4 and latin < len(letters) / 2:
        return OTHER
    if len(text) < SHORTEST or len(letters) < SHORTEST / 2:
        return None
    probabilities = dict(identifier().rank(text))
    ours = {code: probabilities[code] for code, _name in WRITTEN if code != OTHER}
    likeliest = max(ours, key=ours.get)
    if ours[likeliest] >= SURE:
        return likeliest
    return OTHER if sum(ours.values()) <= RULED_OUT else None


_identifier: "LanguageIdentifier | None" = None
_loading = Lock()


def identifier() -> "LanguageIdentifier":
    """The model, loaded when it is first asked for: more than half a second, and about 100 MB with numpy."""
    global _identifier
    with _loading:
        if _identifier is None:
            from py3langid.langid import MODEL_FILE, LanguageIdentifier

            loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            loaded.set_languages(set(loaded.labels) - SET_ASIDE)
            _identifier = loaded
    return _identifier
