"""What any page may say of bookable times and of the clinic being open."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html_join
from django.utils.safestring import SafeString

from booking import calendars, hours, instants, phones, wording
from booking.models import VisitType

register = template.Library()
LINK = '<li><a href="{0}{1}{4}"><span class="away">{5}, </span>{2}<small>{3}</small></a></li>'


@register.inclusion_tag("booking/includes/next_times.html")
def next_times(condition: Any = None, therapist: Any = None) -> dict[str, Any]:
    """The next three bookable times of the first online visit type, as links."""
    visit_type = VisitType.objects.filter(online=True).first()
    slots = []
    if visit_type:
        slots = calendars.next_slots(visit_type, timezone.now(), therapist=therapist)
    return {
        "visit_type": visit_type,
        "slots": slots,
        "condition": condition,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_phone_link": settings.CLINIC_PHONE_LINK,
    }


@register.inclusion_tag("booking/includes/open_now.html")
def open_now() -> dict[str, Any]:
    """Whether the clinic is open now and until when, in a few words."""
    now = timezone.now()
    opening = hours.opening_at(now)
    same_day = opening.changes_at and hours.today(opening.changes_at) == hours.today(now)
    return {"opening": opening, "same_day": same_day}


@register.simple_tag
def time_links(offers: Iterable[Any], day: str, before: str, after: str) -> SafeString:
    """List items with a link to each offer; `before` and `after` its target in the address.

    Joined here: a loop in the template takes longer than finding the times.
    """
    before, after, day = conditional_escape(before), conditional_escape(after), escape(day)
    return format_html_join("\n", LINK, ((before, *offer, after, day) for offer in offers))


@register.filter
def instant(moment: Any) -> str:
    """The code of an instant as addresses write it."""
    return instants.code(moment)


@register.filter
def short_time(moment: Any) -> str:
    """Clinic day and time, such as "Mon, Nov 30, 9 a.m.", that break before the time alone."""
    local = timezone.localtime(moment)
    day = date_format(local, "M j").replace(" ", "\N{NO-BREAK SPACE}")
    return f"{date_format(local, 'D')}, {day}, {wording.clock(local)}"


@register.filter(expects_localtime=True)
def clock(moment: Any) -> str:
    """Clinic time of day, such as "9:30 a.m.", in one piece."""
    return wording.clock(moment)


@register.filter
def zone_name(moment: Any) -> str:
    """The clinic's time zone in words, such as "Eastern time"."""
    return wording.zone_name(moment)


@register.filter
def tel(phone: str) -> str:
    """`tel:` address of a telephone number."""
    return phones.link(phone)
