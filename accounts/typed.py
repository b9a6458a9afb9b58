"""What people type into a line of a form: does it show anything, and is it one line?"""

import unicodedata

# Invisible characters that turn the direction of the text after them.
TURNS_TEXT = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and symbols whose picture is empty: Hangul fillers, Khmer inherent vowels, blank Braille, variation
# selectors, the combining joiner, a null notehead, and the place of a picture that was not pasted along.
EMPTY = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\U0001d159"
EMPTY += "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def is_blank(text: str) -> bool:
    """Does the text look empty: only white space, invisible characters and blank letters?"""
    return all(
        character.isspace() or character in EMPTY or unicodedata.category(character) in {"Cc", "Cf", "Cs"}
        for character in text
    )


def one_line(text: str) -> str:
    """The text without control characters and marks that turn text around, on one line; "" if nothing shows."""
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text if char not in TURNS_TEXT)
    return "" if is_blank(kept) else " ".join(kept.split())
