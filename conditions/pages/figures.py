"""Pictures of exercises: one file for all, which browsers keep, used where a page shows one."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conditions.models import Exercise

FILE = "figures.svg"


@cache
def names() -> frozenset[str]:
    """The exercises (slugs) that have a picture."""
    drawn = (Path(settings.BASE_DIR) / "static" / FILE).read_text()
    return frozenset(re.findall(r'<g id="([a-z0-9-]+)"', drawn))


def picture(exercise: Exercise) -> SafeString:
    """The picture, in the colours of the page around it; nothing for an exercise without one."""
    if exercise.slug not in names():
        return SafeString("")
    return format_html(
        '<svg class="movement" viewBox="0 0 480 184" role="img" aria-label="{}">'
        '<use href="{}#{}"/></svg>',
        exercise.picture_text,
        static(FILE),
        exercise.slug,
    )
