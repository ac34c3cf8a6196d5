"""Whom to call about a sign, where it is neither 911 nor one's doctor; and which are for a doctor
only where none is for 911.

The text of a line ends with it: "the wound is red (call your surgeon)". So every list of signs says
it, wherever it stands. A page has room for more: there the lines that end alike make a card, or a
list of their own under what they end with.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from conditions.models import UrgencyLine

WHOM = re.compile(r"(?P<sign>.+) \((?P<whom>call [^()]+)\)")
UNLESS_911 = ", and no sign calls for 911"
# One line alone is no card and no list: it says for itself what it ends with.
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


def unless_911(lines: Iterable[UrgencyLine]) -> list[Sign]:
    """The signs that these lines name for where none calls for 911; none from one line alone."""
    signs = [
        Sign(line.text.removesuffix(UNLESS_911), line)
        for line in lines
        if line.text.endswith(UNLESS_911)
    ]
    return signs if len(signs) >= FEWEST else []


def of_this_card(lines: Iterable[UrgencyLine]) -> list[UrgencyLine]:
    """The lines that stay in the list they are from, since none of their own takes them."""
    rows = list(lines)
    apart = [sign.line for call in calls(rows) for sign in call.signs]
    apart += [sign.line for sign in unless_911(rows)]
    return [row for row in rows if row not in apart]
