"""Drawn portraits, for therapists of the demo: nobody can photograph who does not exist."""

import re
from pathlib import Path

from django import template
from django.conf import settings

from booking.models import Therapist

register = template.Library()
FILE = Path(settings.BASE_DIR) / "static" / "drawings" / "portraits.svg"
DRAWN = frozenset(re.findall(r'<g id="([a-z-]+)"', FILE.read_text()))


@register.filter
def is_drawn(therapist: Therapist) -> bool:
    """Whether a drawing may stand in for a photograph. Never for a person who is real."""
    return settings.DEMO and therapist.slug in DRAWN
