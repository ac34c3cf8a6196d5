"""The signs of an emergency, for pages that are about no one condition."""

from django import template

from conditions.models import UrgencyLine

register = template.Library()


@register.simple_tag
def emergency_lines() -> list[UrgencyLine]:
    """The emergency lines of every page, in order; empty only where no content is loaded.

    One query. Each line ends the sentence "Call 911 … if you have back pain and:".
    """
    return list(UrgencyLine.objects.published().emergency())
