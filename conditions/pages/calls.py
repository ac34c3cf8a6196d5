"""Whom to call about a sign, where it is neither 911 nor one's doctor.

The text of a line ends with it: "the wound is red (call your surgeon)". So every list of signs says
it, wherever it stands. A page has room for more: there the lines that end alike make a card.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from conditions.models import UrgencyLine

WHOM = re.compile(r"(?P<sign>.+) \((?P<whom>call [^()]+)\)")
# One line alone is no card: it says for itself whom to call.
FEWEST = 2


class Sign(NamedTuple):
    """A sign without whom to call about it, and the line that tells of it."""

    text: str
    line: UrgencyLine


class Call(NamedTuple):
    """Whom to call ("call your surgeon"), and about which signs."""

    whom: str
    signs: list[Sign]


def calls(lines: Iterable[UrgencyLine]) -> list[Call]:
    """The cards that these lines make, in the order of their first lines; none from most lines."""
    found: dict[str, list[Sign]] = defaultdict(list)
    for line in lines:
        if match := WHOM.fullmatch(line.text):
            found[match["whom"]].append(Sign(match["sign"], line))
    return [Call(whom, signs) for whom, signs in found.items() if len(signs) >= FEWEST]


def of_this_card(lines: Iterable[UrgencyLine]) -> list[UrgencyLine]:
    """The lines that stay on the card they are from, since no card of their own takes them."""
    rows = list(lines)
    taken = {call.whom for call in calls(rows)}
    return [row for row in rows if not ((m := WHOM.fullmatch(row.text)) and m["whom"] in taken)]
