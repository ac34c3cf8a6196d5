"""Drawings of exercises: one file for all, which browsers keep, used where a page shows one.

A picture that staff have uploaded stands in the place of a drawing where they say so.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from conditions.images.rows import Picture
from conditions.models import Exercise, ExercisePicture

FILE = Path(settings.BASE_DIR) / "static" / "figures.svg"
# The exercises (slugs) that are drawn.
DRAWN = frozenset(re.findall(r'<g id="([a-z0-9-]+)"', FILE.read_text()))


def is_drawn(exercise: Exercise) -> bool:
    """Whether there is a drawing of the exercise."""
    return exercise.slug in DRAWN


def picture_of(exercise: Exercise) -> ExercisePicture | None:
    """What stands in the place of its drawing: the first picture that is meant to; where there
    is no drawing, the first one. From a row loaded with its pictures.
    """
    pictures = list(exercise.pictures.all()) if exercise.pk else []
    meant = [row for row in pictures if row.replaces_drawing]
    return next(iter(meant or ([] if is_drawn(exercise) else pictures)), None)


def are_pictured(exercises: Iterable[Exercise]) -> bool:
    """Whether a page that lists these exercises shows a picture of one."""
    return any(picture_of(exercise) for exercise in exercises)


def beside(exercise: Exercise) -> list[ExercisePicture]:
    """The pictures that its page shows beside the one in the place of the drawing."""
    first = picture_of(exercise)
    return [row for row in exercise.pictures.all() if row != first]


def social(pictures: Iterable[Picture]) -> dict[str, str]:
    """The first picture goes with a link to the page; without any, the clinic's own card does."""
    first = next(iter(pictures), None)
    return {"social_card": f"{settings.BASE_URL}{first.get_absolute_url()}"} if first else {}
