"""The three urgency cards: on every page, each with what its part of the body adds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conditions.models import BodyArea, Condition, Content, UrgencyLine
from conditions.models.urgency import UrgencyLineQuerySet


@dataclass(frozen=True)
class Cards:
    """The lines of each card, in order, under "… if you have `lead` and:"."""

    lead: str
    emergency: list[UrgencyLine] = field(default_factory=list)
    urgent: list[UrgencyLine] = field(default_factory=list)
    routine: list[UrgencyLine] = field(default_factory=list)


class Signs(NamedTuple):
    """Emergency lines that are asked together, and of which pain; "" of any."""

    title: str
    lines: list[UrgencyLine]
    is_of_a_page: bool = False  # of one condition, not of a part of the body


def cards(condition: Condition | None = None, drafts: bool = False) -> Cards:
    """The general lines with those of the condition's areas and its own; without a condition,
    with those that no single part of the body owns.

    One query, and one for the areas where they are not loaded yet.
    """
    lead = any_pain()
    if condition:
        own = [area.lead for area in condition.areas.all()][:1]
        lead = condition.warning_lead or "".join(own) or lead
    return _sorted(lead, _shown(condition, drafts).standing_on(condition))


def cards_of_areas(
    areas: Sequence[BodyArea], page: Content | None = None, drafts: bool = False
) -> Cards:
    """The general lines and those of these areas, as that page shows them. One query."""
    leads = {area.lead for area in areas}
    lead = leads.pop() if len(leads) == 1 else any_pain()
    return _sorted(lead, _shown(page, drafts).of_areas(areas))


def cards_of_any_body() -> Cards:
    """The general lines and those of the whole body: what fits on the first page of the site,
    where nobody has said yet that anything hurts. One query.
    """
    whole = BodyArea.objects.filter(is_whole_body=True)
    return _sorted(any_pain(), UrgencyLine.objects.published().of_areas(whole))


def _shown(page: Content | None, drafts: bool) -> UrgencyLineQuerySet:
    """What is public, or with drafts what will be once the page is signed: a page that is signed
    shows what it shows to readers.
    """
    found = UrgencyLine.objects.shown(drafts)
    return found.without_proposals() if page and page.is_signed_off() else found


def emergencies() -> list[Signs]:
    """Every emergency line, for staff who ask of any pain: first those where no part of the body
    is known, then by area, then those of one public condition. Two queries.
    """
    lines = UrgencyLine.objects.published().filter(level=UrgencyLine.Level.EMERGENCY)
    found: dict[tuple[int, str], list[UrgencyLine]] = {}
    for line in lines.select_related("condition").prefetch_related("areas"):
        for place in _places(line):
            found.setdefault(place, []).append(line)
    return [
        Signs(capfirst(pain), found[rank, pain], is_of_a_page=rank == 2)
        for rank, pain in sorted(found)
    ]


def _places(line: UrgencyLine) -> set[tuple[int, str]]:
    """Where a line is asked: which of the three, and of which pain; nowhere for a draft page."""
    if line.condition:
        return {(2, line.condition.title)} if line.condition.is_published else set()
    areas = line.areas.all()
    return {(0, "") if area.is_whole_body else (1, area.lead) for area in areas} or {(0, "")}


def any_pain() -> str:
    """What stands in "if you have … and:" where no part of the body is known."""
    return _("pain")


def _sorted(lead: str, lines: Iterable[UrgencyLine]) -> Cards:
    found = Cards(lead)
    for line in lines:
        getattr(found, line.level).append(line)
    return found
