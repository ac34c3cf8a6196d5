"""Line art beside the names of conditions, in lists."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
# Our own drawings, named by the slug of what they stand beside; an editor's new page has none.
ICONS = {path.stem for path in (settings.BASE_DIR / "static" / "icons").glob("*.svg")}
SIZE = 48  # CSS pixels, square


@register.simple_tag
def icon(slug: str) -> SafeString:
    """The drawing beside a name, which says what it shows; nothing where there is none."""
    if slug not in ICONS:
        return SafeString("")
    return format_html(
        '<img class="icon" src="{}" width="{}" height="{}" alt="" loading="lazy" decoding="async">',
        static(f"icons/{slug}.svg"),
        SIZE,
        SIZE,
    )
