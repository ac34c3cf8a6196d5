"""What narrows the times of `/book/`: a list for each, where there is more than one choice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from booking.calendars.hours import Rule
from booking.calendars.preferences import Preferences
from booking.models import Therapist, VisitType, Weekday
from booking.models.day_parts import DAY_PARTS
from booking.views.choices import chosen

# Names of the locations by primary key; none where there is but one to treat at.
Places = Mapping[int, str]


class Choice(NamedTuple):
    """One line of a list: what stands in the address, in words, and what it stands for."""

    slug: str
    name: str
    meant: Any  # a primary key, a weekday or a part of the day
    row: Therapist | None = None  # of a therapist, for the face


class Person(NamedTuple):
    """A link to one therapist's times; to everyone's where there is no `row`."""

    name: str
    address: str
    is_chosen: bool
    row: Therapist | None


def short_name(name: str, names: Iterable[str]) -> str:
    """The first name, where nobody shares it and it is one; else all of it."""
    first, *others = name.split()
    shared = sum(each.split()[0] == first for each in names) > 1
    return name if shared or not others or first.endswith(".") else first


class Filter(NamedTuple):
    """One list. `anything` is its first line, or "" where one is always chosen."""

    name: str
    label: str
    anything: str
    choices: tuple[Choice, ...]
    chosen: Choice | None = None
    is_unknown: bool = False  # it was asked for something that is not there

    def asked_for(self, slug: str) -> "Filter":
        """This filter with the choice of that slug, if there is one."""
        chosen = next((choice for choice in self.choices if choice.slug == slug), None)
        return self._replace(chosen=chosen, is_unknown=chosen is None and slug != "")

    @property
    def meant(self) -> Any:
        return self.chosen.meant if self.chosen else None


class Filters:
    """The filters of one request, checked against what there is; what is unknown is left out."""

    leaving_out = ("therapist", "day", "part", "location")  # those that leave times out

    def __init__(
        self, asked: Mapping[str, str], filters: Iterable[Filter], carried: Mapping[str, str]
    ) -> None:
        """`carried` goes into every address and narrows nothing, such as the condition."""
        self.by_name = {each.name: each.asked_for(asked.get(each.name, "")) for each in filters}
        self.carried = carried

    @property
    def offered(self) -> list[Filter]:
        """The lists in which there is something to choose; therapists stand as `people`."""
        return [
            each
            for each in self.by_name.values()
            if len(each.choices) > 1 and each.name != "therapist"
        ]

    def people(self, since: str) -> Iterator[Person]:
        """Everyone, then each therapist, if there are several to choose from.

        Each with the query string of their times from the date `since` on.
        """
        found = self.by_name["therapist"]
        if len(found.choices) < 2:
            return
        kept = self.choices | {"from": since}
        yield Person(_("Anyone"), chosen(kept, therapist=""), not found.chosen, None)
        names = [choice.name for choice in found.choices]
        for choice in found.choices:
            address = chosen(kept | {"therapist": choice.slug})
            name = short_name(choice.name, names)
            yield Person(name, address, choice == found.chosen, choice.row)

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, as addresses say it."""
        found = {each.name: each.chosen.slug for each in self.by_name.values() if each.chosen}
        return found | dict(self.carried)

    @property
    def leaving_nothing_out(self) -> dict[str, str]:
        """The choices without those that leave times out."""
        return {name: slug for name, slug in self.choices.items() if name not in self.leaving_out}

    @property
    def hidden(self) -> dict[str, str]:
        """What was chosen in lists that are not offered."""
        shown = {each.name for each in self.offered}
        return {name: slug for name, slug in self.choices.items() if name not in shown}

    @property
    def narrowing(self) -> list[str]:
        """In words, what leaves times out."""
        found = [self.by_name[name].chosen for name in self.leaving_out]
        return [choice.name for choice in found if choice]

    @property
    def unseen(self) -> str:
        """What leaves times out and stands in a list that may be folded, in words."""
        found = [self.by_name[name].chosen for name in self.leaving_out if name != "therapist"]
        return ", ".join(choice.name for choice in found if choice)

    @property
    def summary(self) -> str:
        """Each of them in words: "any therapist, Monday, any time"."""
        asked = [each for each in self.offered if each.name in self.leaving_out]
        words = [each.chosen.name if each.chosen else each.anything.lower() for each in asked]
        return ", ".join(words)

    @property
    def places(self) -> Places:
        """What each time has to name, in a clinic with several places."""
        choices = self.by_name["location"].choices
        return {each.meant: each.name for each in choices} if len(choices) > 1 else {}

    @property
    def unknown(self) -> list[Filter]:
        """Those that were asked for something that is not there."""
        return [each for each in self.by_name.values() if each.is_unknown]

    @property
    def preferences(self) -> Preferences:
        meant = {name: each.meant for name, each in self.by_name.items()}
        return Preferences(meant["therapist"], meant["location"], meant["day"], meant["part"])


def filters(
    visit_types: Sequence[VisitType],
    therapists: Iterable[Therapist],
    rules: Iterable[Rule],
    window: tuple[date, date],
) -> Iterator[Filter]:
    """All of them: from who works when and where in the window. No query.

    Without visit types the visit is booked: then it is not to be chosen.
    """
    whose = {row.pk for row in therapists}
    theirs = (rule for rule in rules if rule.therapist_id in whose)
    held = [rule for rule in theirs if rule.holds_between(*window)]
    whom = tuple(Choice(row.slug, row.name, row.pk, row) for row in therapists)
    yield Filter("therapist", _("Therapist"), _("Any therapist"), whom)
    yield Filter("day", _("Day"), _("Any day"), tuple(_days(held)))
    yield Filter("part", _("Time of day"), _("Any time"), tuple(_parts(held)))
    yield Filter("location", _("Place"), _("Any place"), tuple(_places(held)))
    if visit_types:
        visits = tuple(Choice(row.slug, row.name, row.pk) for row in visit_types)
        yield Filter("visit", _("Visit"), "", visits)


def _days(rules: list[Rule]) -> Iterator[Choice]:
    worked = {rule.weekday for rule in rules}
    for day in Weekday:
        if day.value in worked:
            yield Choice(day.name.lower(), str(day.label), day.value)


def _parts(rules: list[Rule]) -> Iterator[Choice]:
    for part in DAY_PARTS:
        if any(part.is_reached(rule.opens, rule.closes) for rule in rules):
            yield Choice(part.slug, str(part.name), part)


def _places(rules: list[Rule]) -> list[Choice]:
    places = (Choice(rule.place, rule.place_name, rule.location_id) for rule in rules)
    return sorted(dict.fromkeys(places), key=_by_name)


def _by_name(choice: Choice) -> str:
    return choice.name.casefold()
