"""Who says what in which thread: the lots of a discussion, drawn before anything is written."""

import random
from array import array
from dataclasses import dataclass, field

LANGUAGE_SHARES = {"en": 52, "fr": 24, "es": 21, "und": 3}
LANGUAGES = tuple(LANGUAGE_SHARES)
# The rest of a person's contributions are in any of the languages.
OWN_LANGUAGE = 0.9

# How many of the people, from the first on, moderate.
MODERATORS = 2

# A new comment begins a thread, answers one of the last ones, or any: threads grow by what they have,
# so that few become very long and most stay short.
BEGINS_THREAD = 0.3
ANSWERS_RECENT = 0.5
RECENT = 40
ANSWERS_ROOT = 0.35
MAX_DEPTH = 12

ASKS = 0.05
MODERATOR_ANSWERS_QUESTION = 0.4
MODERATOR_ANSWERS = 0.03
WITHDRAWN = 0.01


@dataclass
class Plan:
    """A whole discussion by position: columns of numbers, in the order of time. Positions begin at 0."""

    parents: array = field(default_factory=lambda: array("q"))
    roots: array = field(default_factory=lambda: array("q"))
    depths: bytearray = field(default_factory=bytearray)
    authors: array = field(default_factory=lambda: array("l"))
    languages: bytearray = field(default_factory=bytearray)
    asks: bytearray = field(default_factory=bytearray)
    withdrawn: bytearray = field(default_factory=bytearray)
    replies: array = field(default_factory=lambda: array("l"))
    answered: bytearray = field(default_factory=bytearray)


def draw(size: int, seed: int, people: int) -> Plan:
    """Draw the lots of a discussion; the first MODERATORS of the people are its moderators."""
    chance = random.Random(seed)  # noqa: S311
    plan = Plan(replies=array("l", bytes(size * array("l").itemsize)), answered=bytearray(size))
    codes = range(len(LANGUAGE_SHARES))
    shares = list(LANGUAGE_SHARES.values())
    own_languages = chance.choices(codes, shares, k=people)
    for position in range(size):
        parent = draw_parent(chance, plan, position)
        root = position if parent < 0 else plan.roots[parent]
        asked = parent >= 0 and plan.asks[parent]
        if parent >= 0 and chance.random() < (MODERATOR_ANSWERS_QUESTION if asked else MODERATOR_ANSWERS):
            author = int(chance.random() * MODERATORS)
        else:
            # A few write much, most write once or twice.
            author = MODERATORS + int((people - MODERATORS) * chance.random() ** 2)
        is_own = chance.random() < OWN_LANGUAGE
        plan.parents.append(parent)
        plan.roots.append(root)
        plan.depths.append(1 if parent < 0 else plan.depths[parent] + 1)
        plan.authors.append(author)
        plan.languages.append(own_languages[author] if is_own else chance.choices(codes, shares)[0])
        plan.asks.append(author >= MODERATORS and parent < 0 and chance.random() < ASKS)
        plan.withdrawn.append(chance.random() < WITHDRAWN)
        if parent >= 0:
            plan.replies[root] += 1
            if author < MODERATORS and not plan.withdrawn[position]:
                plan.answered[root] = 1
    return plan


def draw_parent(chance: random.Random, plan: Plan, position: int) -> int:
    """The position of what the comment at `position` answers; -1 for a new thread."""
    if position == 0 or chance.random() < BEGINS_THREAD:
        return -1
    if chance.random() < ANSWERS_RECENT:
        parent = max(0, position - 1 - int(chance.expovariate(1 / RECENT)))
    else:
        parent = int(chance.random() * position)
    if plan.depths[parent] >= MAX_DEPTH or chance.random() < ANSWERS_ROOT:
        return plan.roots[parent]
    return parent
