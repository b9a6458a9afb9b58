"""Names of people and organizations as many write them: when two of them mean the same.

It errs on the side of the same: somebody who is left out by mistake is named to the editor, with the reason.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# Letters that do not come apart into a letter and an accent.
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})


def listed(text: str) -> set[str]:
    return set(text.split())


# What people leave out or write otherwise: articles, “of”, “and”, and legal forms.
SMALL = listed(
    "the of for and a an le la les l de du des d et un une el los las del y e lo al der die das und von fur "
    "inc ltd limited llc llp plc corp corporation co company gmbh ag ev sa sas sarl sl srl spa bv nv ab as oy asbl "
    "ong ngo vzw"
)
# What an acronym leaves out besides.
BETWEEN = listed("in on to at with pour para por en dans sur aux avec")
SPELLED = {"centre": "center", "organisation": "organization", "programme": "program", "labour": "labor"}
# How the name of a part of an organization begins or ends, in the three languages and in German.
PARTS = listed(
    "department dept departement departamento faculty faculte facultad school ecole escuela division unit unite unidad "
    "section seccion chair catedra chaire laboratory laboratoire laboratorio office oficina bureau branch team "
    "fakultat lehrstuhl"
)
TITLES = listed("dr prof professor professeur professeure profesor profesora mr mrs ms mme m sr sra sir dame")


def words(name: str) -> list[str]:
    """The words of a name without case, accents and signs; initials with points are one word."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", plain.replace(".", "") if re.search(r"\b\w\.\s?\w\.", plain) else plain)


def squeezed(found: list[str]) -> str:
    """The words that count, in one; all of them when none counts."""
    counting = [SPELLED.get(word, word) for word in found if word not in SMALL]
    return "".join(counting or found)


def keys_of_organization(name: str) -> tuple[set[str], set[str]]:
    """Under which keys an organization is known: as a whole, and by the pieces of its name.

    Two are the same when one's whole is the other's, or a piece of it. “X, Department of Law” is X as a whole.
    """
    pieces = [found for piece in re.split(r"[,;:()/|]|\s[-–—]\s", name) if (found := words(piece))]
    wholes = [piece for piece in pieces if not PARTS & set(piece)] or pieces
    whole = squeezed([word for piece in wholes for word in piece])
    everything = squeezed(words(name))
    return set(filter(None, [whole, everything])), set(filter(None, map(squeezed, wholes)))


def acronyms_of(name: str) -> set[str]:
    """What the name of an organization could be shortened to: its initials, with and without the small words.

    An acronym in parentheses is a piece of the name; see `keys_of_organization`.
    """
    found = set()
    for piece in re.split(r"[,;:()/|]|\s[-–—]\s", name):
        for left_out in (set(), SMALL, SMALL | BETWEEN):
            counting = [word for word in words(piece) if word not in left_out]
            if len(counting) > 1:
                found.add("".join(word[0] for word in counting))
    return found


# Desks compare an editor's organization with those of many submitters, mostly the same ones.
@lru_cache(maxsize=4096)
def is_same_organization(one: str, other: str) -> bool:
    (whole, pieces), (others_whole, others_pieces) = keys_of_organization(one), keys_of_organization(other)
    if whole & (others_whole | others_pieces) or pieces & others_whole:
        return True
    return bool(acronyms_of(one) & (others_whole | others_pieces) or acronyms_of(other) & (whole | pieces))


def keys_of_people(line: str) -> set[frozenset[str]]:
    """The people whom a line names: “Prado, Lucía”, “Lucía Prado; Mei Lin”, “Dr Lucía Prado and Mei Lin”.

    A key is the words of a name. Initials are words of one letter: “L. M. Prado”, “Prado LM, Lin M”.
    """
    people = re.split(r";|&|\band\b|\bet\b|\by\b", re.sub(r"\(.*?\)", " ", line))
    several = []
    for each in people:
        pieces = each.split(",")
        several += [piece for piece in pieces if len(words_of_person(piece)) > 1]
        # “Prado, L., Lin, M.” and “Prado, Lucía, Lin, Mei”
        several += [f"{name} {given}" for name, given in pairwise(pieces) if is_given(given) and not is_given(name, 1)]
    # “LIN Mei” is no “L. I. N. Mei”.
    keys = {frozenset(read(each)) - TITLES for each in [*people, *several] for read in (words, words_of_person)}
    return {key for key in keys if key}


def words_of_person(name: str) -> list[str]:
    """Points end a word, and short words in capitals are initials: “L.A. Prado”, “Prado LA”."""
    apart = re.sub(r"\.", ". ", name)
    if not name.isupper():
        apart = re.sub(r"\b[^\W\d_]{2,3}\b", lambda word: " ".join(word[0]) if word[0].isupper() else word[0], apart)
    return [word for piece in apart.split() for word in words(piece)]


def is_given(piece: str, longest: int = 60) -> bool:
    """One first name, or initials; with `longest` 1 initials alone."""
    found = words_of_person(piece)
    return bool(found) and (all(len(word) == 1 for word in found) or (len(found) == 1 and longest > 1))


def could_be_one_person(one: frozenset[str], other: frozenset[str]) -> bool:
    """Do two keys of people go together? “L. Prado” and “Lucía María Prado” do; “Prado” alone says too little.

    They share a whole word; what is left over of the one are initials of the other or the other way round, and at most
    one word of the longer has nothing beside it.
    """
    if one == other:
        return True
    if min(len(one), len(other)) < 2 or not any(len(word) > 1 for word in one & other):
        return False
    left, others = sorted((one - other, other - one), key=len)
    remaining = set(others)
    for word in left:
        beside = next((each for each in remaining if word[0] == each[0] and 1 in (len(word), len(each))), None)
        if not beside:
            return False
        remaining.remove(beside)
    return len(remaining) < 2
