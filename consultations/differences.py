"""What changed between two versions of a text, word by word, in bounded time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word, a run of white space, or one other sign.
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing takes time by the product of the numbers of pieces; what is more is shown as replaced.
PRODUCT = 400_000


@dataclass(frozen=True)
class Piece:
    """Some text that is the same in both versions (""), added ("ins") or removed ("del")."""

    change: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order; those not removed make `after`, those not added `before`."""
    left = PRODUCT
    pieces: list[Piece] = []
    # Lines first, so that words are compared where something changed and nowhere else.
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for change, removed, added in compare(old, new, left):
        if change == "equal":
            pieces.append(Piece("", removed))
            continue
        words = TOKEN.findall(removed), TOKEN.findall(added)
        product = len(words[0]) * len(words[1])
        if 0 < product <= left:
            left -= product
            for part, was, became in compare(*words, product):
                pieces += [Piece("", was)] if part == "equal" else [Piece("del", was), Piece("ins", became)]
        else:
            pieces += [Piece("del", removed), Piece("ins", added)]
    return joined(pieces)


def compare(old: list[str], new: list[str], limit: int) -> Iterator[tuple[str, str, str]]:
    """(kind of change, text before, text after) for each stretch; one for the whole where it would take too long."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield "equal", "".join(old[:start]), "".join(new[:start])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if len(old_middle) * len(new_middle) > limit:
        yield "replace", "".join(old_middle), "".join(new_middle)
    else:
        for kind, a, b, c, d in SequenceMatcher(None, old_middle, new_middle, autojunk=False).get_opcodes():
            yield kind, "".join(old_middle[a:b]), "".join(new_middle[c:d])
    if end:
        yield "equal", "".join(old[len(old) - end :]), "".join(new[len(new) - end :])


def joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, and a space between two changed words changed with them.

    “one two” that became “three four” reads as one change, not as two around an unchanged space.
    """
    runs: list[dict[str, str]] = []
    for piece in pieces:
        if not piece.text:
            continue
        if not piece.change:
            follows_change = bool(runs) and "" not in runs[-1]
            if follows_change and piece.text.isspace() and "\n" not in piece.text:
                runs[-1] = {name: runs[-1].get(name, "") + piece.text for name in ("del", "ins")}
            elif runs and "" in runs[-1]:
                runs[-1][""] += piece.text
            else:
                runs.append({"": piece.text})
        elif runs and "" not in runs[-1]:
            runs[-1][piece.change] = runs[-1].get(piece.change, "") + piece.text
        else:
            runs.append({piece.change: piece.text})
    return [Piece(change, run[change]) for run in runs for change in ("", "del", "ins") if run.get(change)]
