"""For how long what is known of patients is kept, on the privacy page."""

from typing import Any

from django import template

from booking.models import Retention

register = template.Library()


@register.inclusion_tag("booking/includes/retention.html")
def kept_for() -> dict[str, Any]:
    """What is kept, and for how long, as the clinic has set it. One query."""
    return {"lines": Retention.objects.current().lines}
