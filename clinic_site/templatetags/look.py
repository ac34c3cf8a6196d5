"""The colours of the site, for what cannot load a style sheet: e-mails."""

from django import template
from django.conf import settings

from clinic_site.look import colours, style_sheet
from clinic_site.look.colours import Shades

register = template.Library()


@register.simple_tag
def shades() -> dict[str, Shades]:
    """The colours of each scheme, `light` and `dark`, by names such as `brand_ink`.

    They are those of the style sheet; the clinic's own take the place of what follows from it.
    """
    light, dark = style_sheet.LIGHT, style_sheet.DARK
    colour = settings.CLINIC_COLOR
    if colour != colours.DEFAULT:
        light, dark = light | colours.light(colour), dark | colours.dark(colour)
    return {"light": _named(light), "dark": _named(dark)}


def _named(shades: Shades) -> Shades:
    """By names that a template can say."""
    return {name.replace("-", "_"): colour for name, colour in shades.items()}
