"""Names of people and organizations as many write them: when two of them mean the same.

It errs on the side of the same: somebody who is left out by mistake is named to the editor, with the reason.
"""

import re
import unicodedata

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


def is_same_organization(one: str, other: str) -> bool:
    (whole, pieces), (others_whole, others_pieces) = keys_of_organization(one), keys_of_organization(other)
    return bool(whole & (others_whole | others_pieces) or pieces & others_whole)


def keys_of_people(line: str) -> set[frozenset[str]]:
    """The people whom a line names: “Prado, Lucía”, “Lucía Prado; Mei Lin”, “Dr Lucía Prado and Mei Lin”."""
    people = re.split(r";|&|\band\b|\bet\b|\by\b", re.sub(r"\(.*?\)", " ", line))
    several = [piece for each in people for piece in each.split(",") if len(words(piece)) > 1]
    keys = {frozenset(words(each)) - TITLES for each in [*people, *several]}
    return {key for key in keys if key}
