"""What any page may say of bookable times and of the clinic being open."""

from collections.abc import Iterable
from datetime import date, time
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking import contacts, wording
from booking.calendars import hours, instants
from booking.calendars import places as places_of_clinic
from booking.calendars.free_times import next_slots
from booking.calendars.slots import Slot
from booking.models import VisitType
from booking.wording import dated

register = template.Library()
# Names and times of day come on a page again and again. Not Django's, which asks each time whether
# a text is safe already: none of these is.
escaped = lru_cache(maxsize=1024)(escape)


@register.inclusion_tag("booking/includes/next_times.html")
def next_times(condition: Any = None, therapist: Any = None) -> dict[str, Any]:
    """The next three bookable times of the first online visit type, as links."""
    visit_type = VisitType.objects.filter(online=True).first()
    slots = []
    if visit_type:
        slots = next_slots(visit_type, timezone.now(), therapist=therapist)
    return {
        "visit_type": visit_type,
        "slots": slots,
        "condition": condition,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_phone_link": settings.CLINIC_PHONE_LINK,
    }


@register.simple_tag
def places() -> dict[int, str]:
    """What `whom` and `where` need to name places, in a clinic with several."""
    return places_of_clinic.names(timezone.now())


@register.filter
def whom(slot: Slot, places: dict[int, str]) -> str:
    """Such as "with Ana Ruiz", or "with Ana Ruiz, Oak Avenue"."""
    return wording.with_whom(slot.therapist.name, places.get(slot.location_id))


@register.filter
def where(slot: Slot, places: dict[int, str]) -> str:
    """Such as "Oak Avenue"; empty in a clinic with one place."""
    return places.get(slot.location_id, "")


@register.simple_tag(takes_context=True)
def open_now(context: Context) -> str:
    """Whether the clinic is open now and until when, in a few words.

    A view that has read everyone's working hours gives them as `working_hours`.
    """
    now = timezone.now()
    is_open, changes_at = hours.opening_at(now, context.get("working_hours"))
    if changes_at is None:
        return ""
    local = timezone.localtime(changes_at)
    day = None if is_open or local.date() == hours.today(now) else local.date()
    return _opening(is_open, day, local.time(), get_language())


@lru_cache(maxsize=256)
def _opening(is_open: bool, day: date | None, wall: time, language: str | None) -> str:
    """That in words: the day only of an opening on another one."""
    words = {"day": day and date_format(day, "l"), "time": time_format(wall, "P")}
    if is_open:
        return _("open until %(time)s") % words
    return (_("opens %(day)s, %(time)s") if day else _("opens at %(time)s")) % words


@register.simple_tag
def options(filter: Any) -> SafeString:
    """The lines of a list that narrows times, joined here as `free_times` are."""
    chosen = filter.chosen
    lines = [f'<option value="">{escape(filter.anything)}</option>'] if filter.anything else []
    for choice in filter.choices:
        mark, name = " selected" if choice is chosen else "", escape(choice.name)
        lines.append(f'<option value="{escape(choice.slug)}"{mark}>{name}</option>')
    return SafeString("\n".join(lines))


@register.simple_tag
def day_links(strip: Iterable[tuple[date, Any]]) -> SafeString:
    """List items with a link to each day that has free times, and how many."""
    free, none = _("%(count)s free"), _("none")
    return SafeString("\n".join(_day_link(*each, free, none) for each in strip))


def _day_link(when: date, day: Any, free: str, none: str) -> str:
    begin, end = (f'<a href="#{day.anchor}">', "</a>") if day else ("<span>", "</span>")
    count = free % {"count": day.count} if day else none
    name = f"{escaped(dated(when, 'D, M'))}&nbsp;{when.day}"
    return f"<li>{begin}{name} <small>{escaped(count)}</small>{end}</li>"


@register.simple_tag
def free_times(days: Iterable[Any], before: str, after: str) -> SafeString:
    """Each day with links to its times, under the parts of the day.

    `before` and `after` is what stands around the target of a time in the address. Joined here: a
    loop in the template takes longer than finding the times.
    """
    begin, end = f'<li><a href="{conditional_escape(before)}', conditional_escape(after)
    return SafeString("".join(_day(day, begin, end) for day in days))


def _day(day: Any, begin: str, end: str) -> str:
    label, anchor = escaped(day.label), day.anchor
    middle = f'{end}"><span class="away">{label}, </span>'
    parts = "".join(_part(part, begin, middle) for part in day.parts.values())
    heading = f'<h2 id="{anchor}">{label}</h2>'
    return f'<section class="day" aria-labelledby="{anchor}">{heading}\n{parts}</section>\n'


def _part(part: Any, begin: str, middle: str) -> str:
    links = "\n".join(
        f"{begin}{escaped(therapist)}/{code}{middle}{escaped(clock)}"
        f"<small>{escaped(who)}</small></a></li>"
        for therapist, code, clock, who in part.offers
    )
    return f'<h3>{escaped(str(part.name))}</h3>\n<ul class="times">{links}</ul>\n'


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
    return contacts.phone_link(phone)
