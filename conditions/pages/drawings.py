"""The site's own drawings: of the body, one for each area and for some conditions; of what an
article is about; in three panels what to do or to bring; and how an exercise is made easier,
harder, or done right.

Each has its words, for people who cannot see it or as its caption, as its title in the file.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from django.conf import settings

from conditions.models import Article, BodyArea, Cause, Condition, Exercise

FOLDER = Path(settings.BASE_DIR) / "static" / "drawings"
SVG = "{http://www.w3.org/2000/svg}"


class Drawing(NamedTuple):
    """One drawing: its id in its file, and what it shows."""

    name: str
    title: str
    file: str = "drawings/areas.svg"


class Spot(NamedTuple):
    """An area of the map with what is treated there; `at` is None where the map has no place."""

    number: int
    area: BodyArea
    conditions: list[Condition]
    at: tuple[int, int] | None

    @property
    def x(self) -> int | None:
        return self.at[0] if self.at else None

    @property
    def y(self) -> int | None:
        return self.at[1] if self.at else None


class Frame(NamedTuple):
    """What of the map is shown: where it begins from the left, and how wide it is."""

    left: int
    width: int

    @property
    def is_one_side(self) -> bool:
        return self.width == 300


FRONT, BACK, BOTH = Frame(0, 300), Frame(300, 300), Frame(0, 600)


def titles(file: str) -> dict[str, str]:
    """What each drawing of the file shows, by its id."""
    root = ElementTree.parse(FOLDER / file).getroot()
    found = root.iterfind(f"{SVG}defs/{SVG}g")
    return {each.attrib["id"]: str(each.findtext(f"{SVG}title")) for each in found}


def places() -> dict[str, tuple[int, int]]:
    """Where on the map of the body the number of an area stands, by its slug."""
    drawn = (FOLDER / "body.svg").read_text()
    found = re.findall(r'<g id="at-([\w-]+)" data-x="(\d+)" data-y="(\d+)"', drawn)
    return {slug: (int(x), int(y)) for slug, x, y in found}


TITLES = titles("areas.svg")
# The drawings that show what a cause is, not only where it hurts.
EXPLAINING = frozenset({"disc-problems", "lumbar-spinal-stenosis", "spine-osteoarthritis"})
# The files whose drawings are each of one page or section, by its slug.
BY_SLUG = {
    name: titles(f"{name}.svg")
    for name in ("articles", "visit", "easier", "harder", "well-done", "on-the-way")
}
PLACES = places()


def of(slugs: Iterable[str]) -> Drawing | None:
    """The drawing for the first of these slugs that has one."""
    return next((Drawing(slug, TITLES[slug]) for slug in slugs if slug in TITLES), None)


def of_article(article: Article) -> Drawing | None:
    """What an article is about, if it is drawn."""
    return _in("articles", article.slug)


def to_do(condition: Condition) -> Drawing | None:
    """What to do today with a condition, in three panels, if it is drawn."""
    return of([f"{condition.slug}-now"])


def of_cause(cause: Cause) -> Drawing | None:
    """The drawing of a cause or of what explains it, if it shows what the cause is."""
    explained_by = cause.explained_by
    explaining = EXPLAINING & {explained_by.slug} if explained_by else frozenset()
    return of([cause.slug, *explaining])


def of_section(slug: str) -> Drawing | None:
    """What a section of a page of the clinic's own tells, in three panels, if it is drawn."""
    return _in("visit", slug)


def of_easier(exercise: Exercise) -> Drawing | None:
    """How an exercise is made easier, if it is drawn."""
    return _in("easier", exercise.slug)


def of_harder(exercise: Exercise) -> Drawing | None:
    """How an exercise is made harder, if it is drawn."""
    return _in("harder", exercise.slug)


def on_the_way(exercise: Exercise) -> Drawing | None:
    """What comes between an exercise's start and its end, if it is drawn."""
    return _in("on-the-way", exercise.slug)


def of_well_done(exercise: Exercise) -> Drawing | None:
    """An exercise done right beside the usual slip, if they are drawn."""
    return _in("well-done", exercise.slug)


def _in(name: str, slug: str) -> Drawing | None:
    title = BY_SLUG[name].get(slug)
    return Drawing(slug, title, f"drawings/{name}.svg") if title else None


def frame(spots: Iterable[Spot]) -> Frame:
    """The side of the body on which all the numbers stand, or both sides."""
    behind = {spot.at[0] >= BACK.left for spot in spots if spot.at}
    if len(behind) != 1:
        return BOTH
    return BACK if behind == {True} else FRONT


def spots(conditions: Iterable[Condition]) -> list[Spot]:
    """Areas in their order with their conditions, numbered; of rows loaded with their areas. A
    condition of several areas stands under the first alone: once is enough to find it.
    """
    found: dict[BodyArea, list[Condition]] = {}
    for condition in conditions:
        areas = sorted(condition.areas.all(), key=_place)
        for area in areas[:1]:
            found.setdefault(area, []).append(condition)
    in_order = sorted(found, key=_place)
    return [
        Spot(number, area, found[area], PLACES.get(area.slug))
        for number, area in enumerate(in_order, 1)
    ]


def _place(area: BodyArea) -> tuple[int, str]:
    return area.order, area.title
