"""What the admin's first page says of the front desk."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from booking.calendars.doubts import Doubt, of_message_alone
from booking.desk import looking, undo
from booking.desk.forms import PAYMENTS
from booking.desk.notices import of_all_days

register = template.Library()


@register.filter
def settled_by_telling(doubts: Sequence[Doubt]) -> bool:
    """Whether the visit stands, and its patient need only be told anew."""
    return of_message_alone(doubts)


@register.filter
def paid(payment: str) -> str:
    """How a patient pays, as the desk's forms say it; theirs say "I"."""
    return str(dict(PAYMENTS).get(payment, payment))


@register.inclusion_tag("admin/booking/includes/panel.html", takes_context=True)
def desk_panel(context: Context) -> dict[str, Any]:
    """Where to begin, and what should not wait."""
    request = context["request"]
    notices = of_all_days(request.user, timezone.now())
    looking.saw_news(request, notices.changed)
    return {"notices": notices, "perms": context["perms"]}


@register.inclusion_tag("admin/booking/includes/undo.html", takes_context=True)
def way_back(context: Context, tags: str) -> dict[str, Any]:
    """Beside the words that something was done: the button that undoes it, and its e-mail."""
    found = undo.offered(context["request"], tags)
    return {"undo": found, "csrf_token": context.get("csrf_token")}
