"""Line art beside the names of conditions, in lists."""

from typing import Any

from django import template
from django.conf import settings

from conditions.models import Article, Condition

register = template.Library()
# Our own drawings, named by the slug of what they stand beside; an editor's new page has none.
ICONS = {path.stem for path in (settings.BASE_DIR / "static" / "icons").glob("*.svg")}


@register.inclusion_tag("conditions/_icon.html")
def icon(slug: str, row: Condition | Article | None = None) -> dict[str, Any]:
    """The drawing beside a name, which says what it shows; nothing where there is none.

    Of a row loaded with its pictures, the first one stands in its place.
    """
    picture = next(iter(row.pictures.all()), None) if row else None
    return {"picture": picture, "drawing": f"icons/{slug}.svg" if slug in ICONS else ""}
