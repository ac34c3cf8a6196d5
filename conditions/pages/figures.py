"""Pictures of exercises: one file for all, which browsers keep, used where a page shows one."""

import re
from pathlib import Path

from django.conf import settings

from conditions.models import Exercise

FILE = "figures.svg"


def names() -> frozenset[str]:
    """The exercises (slugs) that have a picture."""
    drawn = (Path(settings.BASE_DIR) / "static" / FILE).read_text()
    return frozenset(re.findall(r'<g id="([a-z0-9-]+)"', drawn))


def is_drawn(exercise: Exercise) -> bool:
    """Whether there is a picture of the exercise."""
    return exercise.slug in names()
