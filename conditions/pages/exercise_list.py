"""The list of exercises: by part of the body and by how one begins, of all or of one condition."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from conditions.models import Condition, ConditionExercise, Exercise
from conditions.pages import figures, parts
from conditions.pages.parts import Group


class Card(NamedTuple):
    """An exercise, and what the condition that the list is for says of it."""

    exercise: Exercise
    use: ConditionExercise | None = None


class Region(NamedTuple):
    """Cards under one heading, in groups by how one begins.

    `area` and its pictures are None and empty over what a condition has for later.
    """

    value: str
    label: str
    groups: list[Group]
    area: Any = None
    pictures: Sequence[Any] = ()

    @property
    def total(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def context(
    exercises: Sequence[Exercise],
    conditions: Iterable[Condition] = (),
    used: Sequence[ConditionExercise] = (),
    asked: str = "",
) -> dict[str, Any]:
    """What the list shows, of exercises loaded with their pictures and those of their areas.

    `conditions` are the ones to choose among; `used` the uses by the one in the address, of which
    `asked` is what stands there: unknown, if nothing is used.
    """
    cards = _of_condition(exercises, used) if used else [Card(row) for row in exercises]
    regions = [*_by_area(cards), *_for_later(cards)]
    pictured = figures.are_pictured(card.exercise for card in cards)
    return parts.listing(
        "exercises",
        regions=regions,
        condition=used[0].condition if used else None,
        conditions=conditions,
        is_unknown=bool(asked and not used),
        count=len(cards),
        all_count=len(exercises),
        pictured=pictured or any(region.pictures for region in regions),
        safety=parts.safety(),
    )


def _of_condition(exercises: Iterable[Exercise], used: Iterable[ConditionExercise]) -> list[Card]:
    """In the order of the condition's page."""
    loaded = {row.pk: row for row in exercises}
    return [Card(loaded[use.exercise_id], use) for use in used if use.exercise_id in loaded]


def _by_area(cards: Iterable[Card]) -> list[Region]:
    """What one may begin with."""
    now = {card.exercise: card for card in cards if not (card.use and card.use.is_later)}
    found = []
    for group in parts.by_area(now):
        area = group.rows[0].area
        groups = _by_position([now[row] for row in group.rows])
        found.append(Region(group.value, group.label, groups, area, area.pictures.all()))
    return found


def _for_later(cards: Iterable[Card]) -> list[Region]:
    """What a condition has for later, apart from what one may begin with."""
    later = [card for card in cards if card.use and card.use.is_later]
    phases = ConditionExercise.Phase
    return [
        Region(phase.value, str(phase.label), _by_position(rows))
        for phase in phases
        if (rows := [card for card in later if card.use and card.use.phase == phase])
    ]


def _by_position(cards: Sequence[Card]) -> list[Group]:
    """In the order of the positions; what has none comes last, without a heading if alone."""
    places = [*Exercise.Position, ""]
    labels = {"": _("More exercises") if any(card.exercise.position for card in cards) else ""}
    return [
        Group(place, labels.get(place, getattr(place, "label", "")), rows)
        for place in places
        if (rows := [card for card in cards if card.exercise.position == place])
    ]
