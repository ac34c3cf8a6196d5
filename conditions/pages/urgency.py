"""The three urgency cards, the same on every page and before every booking."""

from dataclasses import dataclass, field

from conditions.models import Condition, UrgencyLine


@dataclass(frozen=True)
class Cards:
    """The lines of each card, in order."""

    emergency: list[UrgencyLine] = field(default_factory=list)
    urgent: list[UrgencyLine] = field(default_factory=list)
    routine: list[UrgencyLine] = field(default_factory=list)


def cards(condition: Condition | None = None) -> Cards:
    """The lines for every page and, if given, those added for one condition. One query."""
    found = Cards()
    for line in UrgencyLine.objects.published().standing_on(condition):
        getattr(found, line.level).append(line)
    return found
