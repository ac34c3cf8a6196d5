"""Line art beside the names of conditions, in lists."""

from django import template
from django.conf import settings

register = template.Library()
# Our own drawings, named by the slug of what they stand beside; an editor's new page has none.
ICONS = {path.stem for path in (settings.BASE_DIR / "static" / "icons").glob("*.svg")}


@register.inclusion_tag("conditions/_icon.html")
def icon(slug: str) -> dict[str, str]:
    """The drawing beside a name, which says what it shows; nothing where there is none."""
    return {"drawing": f"icons/{slug}.svg" if slug in ICONS else ""}
