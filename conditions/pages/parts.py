"""What the templates of content pages are given; previews of drafts use the same.

With `drafts` a page is as it would be once all that stands on it is signed, and marks what is not.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from conditions.models import (
    Article,
    ArticleSection,
    BodyArea,
    Cause,
    Condition,
    ConditionExercise,
    ConditionTreatment,
    Exercise,
    Page,
    SafetyLine,
    State,
)
from conditions.pages import figures, in_short, program, structured, urgency, uses
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


class Section(NamedTuple):
    """A section of an article, and the exercises that follow it."""

    row: ArticleSection
    exercises: list[Exercise]
    is_first: bool  # of those that exercises follow


class Move(NamedTuple):
    """An exercise on a sheet, with a row of boxes to tick for each time of the day.

    `use` is what the sheet's condition, if it has one, says of it.
    """

    exercise: Exercise
    rounds: range
    safety: Safety
    use: ConditionExercise | None


MOST_ROUNDS = 3  # rows of boxes: who moves more often ticks a box again


def listing(name: str, **rows: Any) -> dict[str, Any]:
    """Context of a list of pages: "conditions", "articles" or "exercises"."""
    return {"reading": Reading(), "structured": structured.of_list(name), **rows}


def of_articles(articles: Iterable[Article]) -> dict[str, Any]:
    """Context of the list of articles, loaded with their pictures. What part of the body each is
    about is said where there are several: the same words on each say nothing.
    """
    rows = list(articles)
    labels = {row.label for row in rows if row.label}
    return listing("articles", articles=rows, labelled=len(labels) > 1)


def of_condition(condition: Condition, drafts: bool = False) -> dict[str, Any]:
    """Context of a condition page, from a row loaded `with_parts()`."""
    treatments = list(condition.treatment_uses.all())
    group = ConditionTreatment.Group
    return {
        "condition": condition,
        "structured": structured.of_condition(condition),
        "page": condition,
        "book_for": condition.slug,
        "short": in_short.rows(condition),
        "pictured": condition.pictures.all()
        or figures.are_pictured(use.exercise for use in condition.uses.all()),
        **figures.social(condition.pictures.all()),
        "reading": Reading(),
        "cards": urgency.cards(condition, drafts),
        "preview": drafts,
        "safety": safety(),
        "causes": grouped(condition.causes.all(), Cause.Group, "group"),
        "offered": [row for row in treatments if row.group == group.OFFERED],
        "not_advised": [
            row for row in treatments if row.group == group.NOT_ADVISED and row.is_shown
        ],
        "phases": grouped(condition.uses.all(), ConditionExercise.Phase, "phase"),
    }


def of_article(article: Article, drafts: bool = False) -> dict[str, Any]:
    """Context of an article, from a row loaded `with_parts()`."""
    return {
        "article": article,
        "short": in_short.rows(article),
        "pictured": article.pictures.all() or figures.are_pictured(article.exercises.all()),
        **figures.social(article.pictures.all()),
        "structured": structured.of_article(article),
        "page": article,
        "reading": Reading(),
        "cards": urgency.cards_of_areas(list(article.areas.all()), article, drafts),
        "preview": drafts,
        "safety": safety(),
        "causes": grouped(article.causes.all(), Cause.Group, "group"),
        "sections": sections(article),
    }


def sections(article: Article) -> list[Section]:
    """What an article says, and which of its exercises follow; how to be safe comes with the first
    of them.
    """
    found: list[Section] = []
    for row in article.sections.all():
        follows = row.followed_by == ArticleSection.Part.EXERCISES
        own = [move for move in article.exercises.all() if move.area_id == row.area_id]
        is_first = follows and not any(each.is_first for each in found)
        found.append(Section(row, own if follows else [], is_first))
    return found


def of_exercise(exercise: Exercise, drafts: bool = False) -> dict[str, Any]:
    """Context of an exercise page, from a row loaded `with_page_parts()`."""
    used_by = list(exercise.uses.all())
    return {
        "exercise": exercise,
        "as_shown": [use for use in used_by if not use.differs],
        "later": [use for use in used_by if use.is_later],
        "changed": [use for use in used_by if use.differs and not use.is_later],
        "pictured": exercise.pictures.all(),
        "drawn": figures.is_drawn(exercise) and not exercise.pictures.all(),
        "pictures": figures.beside(exercise),
        **figures.social(exercise.pictures.all()),
        "structured": structured.of_exercise(exercise),
        "page": exercise,
        "reading": Reading(),
        "cards": urgency.cards_of_areas([exercise.area], exercise, drafts),
        "preview": drafts,
        "safety": safety(),
    }


def of_program_form(
    form: program.ProgramForm,
    exercises: Iterable[Exercise],
    unknown: int,
    used: Sequence[ConditionExercise] = (),
) -> dict[str, Any]:
    """Context of the form; `unknown` exercises of the address are left out of its ticks.

    `used` are the uses by the condition that the sheet is for.
    """
    told = uses.by_exercise(used)
    ticks = {str(tick.data["value"]): tick for tick in form["exercise"]}
    return {
        "form": form,
        "pictured": figures.are_pictured(exercises),
        "unknown": unknown,
        "most": program.MOST_EXERCISES,
        "structured": structured.of_program(),
        "condition": used[0].condition if used else None,
        "regions": [
            group._replace(rows=[(row, ticks[row.slug], told.get(row.slug)) for row in group.rows])
            for group in by_area(exercises)
        ],
    }


def of_program(
    exercises: Sequence[Exercise], unknown: int, used: Sequence[ConditionExercise] = ()
) -> dict[str, Any]:
    """Context of a sheet, from rows loaded with their areas, steps and safety lines.

    `used` are the uses by the condition that the sheet is for; they bring their condition along.
    """
    condition = used[0].condition if used else None
    path = program.path(exercises, condition.slug if condition else "")
    told = uses.by_exercise(used)
    shown = [condition, *exercises] if condition else exercises
    return {
        "condition": condition,
        "differs": [] if condition else uses.conditions_that_differ(exercises),
        "moves": [move(row, told.get(row.slug)) for row in exercises],
        "pictured": figures.are_pictured(exercises),
        "unknown": unknown,
        "page": next((row for row in shown if row.state != State.APPROVED), None),
        "path": path,
        "code": program.code(structured.address(path)),
        "cards": urgency.cards(condition)
        if condition
        else urgency.cards_of_areas([row.area for row in exercises]),
        "safety": safety(),
    }


def move(exercise: Exercise, use: ConditionExercise | None = None) -> Move:
    """An exercise as a sheet shows it, from a row loaded with its safety lines."""
    dosed = use.dosed if use else exercise
    rounds = min(dosed.times_a_day or 1, MOST_ROUNDS)
    return Move(exercise, range(rounds), by_kind(exercise.safety_lines.all()), use)


def of_page(page: Page, drafts: bool = False) -> dict[str, Any]:
    """Context of one of the clinic's own pages, from a row loaded `with_parts()`."""
    return {"page": page, "reading": Reading(), "preview": drafts}


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


def by_area(exercises: Iterable[Exercise]) -> list[Group]:
    """Exercises, loaded with their areas, under the part of the body, each in its own order."""
    found: dict[BodyArea, list[Exercise]] = {}
    for exercise in exercises:
        found.setdefault(exercise.area, []).append(exercise)
    in_order = sorted(found, key=lambda area: (area.order, area.title))
    return [Group(area.slug, area.title, found[area]) for area in in_order]


def grouped(rows: Iterable[Any], choices: Any, field: str) -> list[Group]:
    """Rows by the value of a choice field, in the order of the choices, empty groups left out."""
    order: Sequence[str] = choices.values
    found = sorted(rows, key=lambda row: order.index(getattr(row, field)))
    return [
        Group(value, str(choices(value).label), list(members))
        for value, members in groupby(found, key=lambda row: getattr(row, field))
    ]
