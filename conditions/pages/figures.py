"""Pictures of exercises: one file for all, which browsers keep, used where a page shows one."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

from conditions.models import Exercise

FILE = "figures.svg"


# Twenty kilobytes that only a new release changes: read once, not for each exercise of a page.
@cache
def names() -> frozenset[str]:
    """The exercises (slugs) that have a picture."""
    drawn = (Path(settings.BASE_DIR) / "static" / FILE).read_text()
    return frozenset(re.findall(r'<g id="([a-z0-9-]+)"', drawn))


def is_drawn(exercise: Exercise) -> bool:
    """Whether there is a picture of the exercise."""
    return exercise.slug in names()
