"""What the templates of content pages are given; previews of drafts use the same."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from conditions.models import (
    Article,
    Cause,
    Condition,
    Exercise,
    Page,
    SafetyLine,
    State,
    Treatment,
)
from conditions.pages import program, structured, urgency
from conditions.pages.reading import Reading


class Group(NamedTuple):
    """Rows under one heading."""

    value: str
    label: str
    rows: list[Any]


class Safety(NamedTuple):
    """When to stop and when to ask first."""

    stop: list[SafetyLine]
    ask: list[SafetyLine]


class Move(NamedTuple):
    """An exercise on a sheet, with a row of boxes to tick for each time of the day."""

    exercise: Exercise
    rounds: range
    safety: Safety


MOST_ROUNDS = 3  # rows of boxes: who moves more often ticks a box again


def listing(name: str, **rows: Any) -> dict[str, Any]:
    """Context of a list of pages: "conditions", "articles" or "exercises"."""
    return {"reading": Reading(), "structured": structured.of_list(name), **rows}


def of_condition(condition: Condition) -> dict[str, Any]:
    """Context of a condition page, from a row loaded `with_parts()`."""
    treatments = list(condition.treatments.all())
    return {
        "condition": condition,
        "structured": structured.of_condition(condition),
        "page": condition,
        "book_for": condition.slug,
        "reading": Reading(),
        "cards": urgency.cards(condition),
        "safety": safety(),
        "causes": grouped(condition.causes.all(), Cause.Group, "group"),
        "offered": [t for t in treatments if t.group == Treatment.Group.OFFERED],
        "not_advised": [t for t in treatments if t.group == Treatment.Group.NOT_ADVISED],
        "regions": by_region(condition.exercises.all()),
    }


def of_article(article: Article) -> dict[str, Any]:
    """Context of an article, from a row loaded `with_parts()`."""
    return {
        "article": article,
        "structured": structured.of_article(article),
        "page": article,
        "reading": Reading(),
        "cards": urgency.cards_of_areas(list(article.areas.all())),
        "safety": safety(),
        "causes": grouped(article.causes.all(), Cause.Group, "group"),
        "lower": [e for e in article.exercises.all() if e.region == Exercise.Region.LOWER],
        "upper": [e for e in article.exercises.all() if e.region == Exercise.Region.UPPER],
    }


def of_exercise(exercise: Exercise) -> dict[str, Any]:
    """Context of an exercise page, from a row loaded `with_page_parts()`."""
    return {
        "exercise": exercise,
        "structured": structured.of_exercise(exercise),
        "page": exercise,
        "reading": Reading(),
        "cards": urgency.cards(),
        "safety": safety(),
    }


def of_program_form(
    form: program.ProgramForm, exercises: Iterable[Exercise], unknown: int
) -> dict[str, Any]:
    """Context of the form; `unknown` exercises of the address are left out of its ticks."""
    ticks = {str(tick.data["value"]): tick for tick in form["exercise"]}
    return {
        "form": form,
        "unknown": unknown,
        "most": program.MOST_EXERCISES,
        "structured": structured.of_program(),
        "regions": [
            group._replace(rows=[(row, ticks[row.slug]) for row in group.rows])
            for group in by_region(exercises)
        ],
    }


def of_program(exercises: Sequence[Exercise], unknown: int) -> dict[str, Any]:
    """Context of a sheet, from rows loaded with their steps and safety lines."""
    path = program.path(exercises)
    return {
        "moves": [move(row) for row in exercises],
        "unknown": unknown,
        "page": next((row for row in exercises if row.state != State.APPROVED), None),
        "path": path,
        "code": program.code(structured.address(path)),
        "cards": urgency.cards(),
        "safety": safety(),
    }


def move(exercise: Exercise) -> Move:
    """An exercise as a sheet shows it, from a row loaded with its safety lines."""
    rounds = min(exercise.times_a_day or 1, MOST_ROUNDS)
    return Move(exercise, range(rounds), by_kind(exercise.safety_lines.all()))


def of_page(page: Page) -> dict[str, Any]:
    """Context of one of the clinic's own pages, from a row loaded `with_parts()`."""
    return {"page": page, "reading": Reading()}


def safety() -> Safety:
    """The safety lines of every exercise. One query."""
    return by_kind(SafetyLine.objects.filter(exercise=None))


def by_kind(rows: Iterable[SafetyLine]) -> Safety:
    """Safety lines under "Stop if" and "Ask first if", each in its own order."""
    lines = list(rows)
    return Safety(
        stop=[line for line in lines if line.kind == SafetyLine.Kind.STOP],
        ask=[line for line in lines if line.kind == SafetyLine.Kind.ASK],
    )


def by_region(exercises: Iterable[Exercise]) -> list[Group]:
    """Exercises under "Lower back" and "Upper back", each in its own order."""
    return grouped(exercises, Exercise.Region, "region")


def grouped(rows: Iterable[Any], choices: Any, field: str) -> list[Group]:
    """Rows by the value of a choice field, in the order of the choices, empty groups left out."""
    order: Sequence[str] = choices.values
    found = sorted(rows, key=lambda row: order.index(getattr(row, field)))
    return [
        Group(value, str(choices(value).label), list(members))
        for value, members in groupby(found, key=lambda row: getattr(row, field))
    ]
