"""What a page needs of the style sheets; colours for what cannot load one: e-mails."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from booking.brand import colours, palettes
from booking.brand.colours import Shades
from booking.models import Clinic
from clinic_site.look import style_sheet

register = template.Library()


@register.simple_tag(takes_context=True)
def style(context: Context, name: str) -> SafeString:
    """A further style sheet inside the page, by the name of its file without `.css`.

    Nothing for a page that answers no request: no policy would name the sheet's hash.
    """
    if "request" not in context:
        return SafeString()
    return format_html("<style>{}</style>", style_sheet.further(context["request"], name))


@register.simple_tag
def shades(clinic: Clinic) -> dict[str, Shades]:
    """The colours of a clinic in each scheme, `light` and `dark`, by names such as `on_brand`.

    They are those of its pages: of its style, and of its own colour what follows from that.
    """
    light, dark = palettes.palette(clinic.style, clinic.colour)
    return {"light": _named(light), "dark": _named(dark)}


@register.simple_tag
def title_letters(clinic: Clinic) -> str:
    """Weight and letters of large headings where nothing is fetched: for `font-weight` and so on.

    The style's own font is left out; what stands in for it on a page is on most devices.
    """
    light, _dark = palettes.palette(clinic.style, clinic.colour)
    family = light["display"].removeprefix("Title, ")
    return f"font-family: {family}; font-weight: {light['display-weight']};"


def _named(tokens: Shades) -> Shades:
    """Colours alone, as the `#rrggbb` that mail programs know best, by names a template can say."""
    return {
        name.replace("-", "_"): colours.whole(value)
        for name, value in tokens.items()
        if value.startswith("#")
    }
