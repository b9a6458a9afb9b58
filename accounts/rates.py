"""How limits are written in the settings: `10/10m/person 60/d/person 120/10m/address`.

Imports neither Django nor the settings, because the settings are made with it.
"""

import re
from dataclasses import dataclass

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
# person: whoever is logged in; address: where the request comes from; name: the e-mail address typed into a form.
SCOPES = ("person", "address", "name", "name+address")
RATE = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})?([smhd])/([a-z+]+)")


@dataclass(frozen=True)
class Rate:
    """At most `amount` times in `seconds`, counted from the first time, for each `per`."""

    amount: int
    seconds: int
    per: str


def parse(text: str) -> tuple[Rate, ...]:
    """The rates that `text` names; none for “off”. Raises ValueError with a sentence for whoever wrote it."""
    return () if text.strip() == "off" else tuple(map(parse_one, text.split()))


def parse_one(text: str) -> Rate:
    found = RATE.fullmatch(text)
    if not found or found[4] not in SCOPES:
        raise ValueError(
            f"“{text}” is no limit. Write for example 10/10m/person (ten in ten minutes), with s, m, h or d "
            f"and one of {', '.join(SCOPES)}; or “off”."
        )
    amount, number, unit, per = found.groups()
    return Rate(int(amount), int(number or 1) * SECONDS[unit], per)
