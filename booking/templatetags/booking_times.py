"""What any page may say of bookable times and of the clinic being open."""

from typing import Any, Literal

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from booking import contacts, wording
from booking.calendars import closed, hours, instants
from booking.calendars import places as places_of_clinic
from booking.calendars.free_times import next_slots
from booking.calendars.hours import Rule
from booking.calendars.slots import Slot
from booking.models import VisitType

register = template.Library()


@register.inclusion_tag("booking/includes/next_times.html")
def next_times(condition: Any = None, therapist: Any = None, count: int = 3) -> dict[str, Any]:
    """The next bookable times of the first online visit type, as links."""
    visit_type = VisitType.objects.online().first()
    slots = []
    if visit_type:
        slots = next_slots(visit_type, timezone.now(), therapist=therapist, count=count)
    return {
        "visit_type": visit_type,
        "slots": slots,
        "whose": therapist,
        "choices": f"?for={condition.slug}" if condition else "",
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


@register.simple_tag
def open_now(rules: list[Rule] | Literal[""] = "") -> str:
    """Whether the clinic is open now and until when, or when it opens, in a few words.

    Empty where it does not open soon. `rules` are everyone's working hours, if the page has read
    them already: one query less.
    """
    now = timezone.now()
    is_open, changes_at = hours.opening_at(now, rules or None)
    if changes_at is None:
        return ""
    local = timezone.localtime(changes_at)
    words = {"day": date_format(local, "l"), "time": time_format(local, "P")}
    if is_open:
        return _("open until %(time)s") % words
    if local.date() == hours.today(now):
        return _("opens at %(time)s") % words
    return _("opens %(day)s, %(time)s") % words


@register.inclusion_tag("booking/includes/closed_today.html")
def closed_today(rules: list[Rule] | Literal[""] = "", wide: bool = False) -> dict[str, Any]:
    """That the clinic is closed today, and when it opens again; nothing on any other day.

    `rules` are everyone's working hours, if the page has read them already: one query less. `wide`
    where the page has no margins of its own there.
    """
    now = timezone.now()
    found = closed.closed_today(now, rules or hours.weekly_rules())
    opens_at = found.opens_at if found else None
    again = _("We open again %(when)s.") % {"when": opening_day(opens_at, now)} if opens_at else ""
    return {"closed": found, "again": again.replace("..", "."), "wide": wide}


def opening_day(opens_at: Any, now: Any) -> str:
    """When the clinic opens again: "tomorrow at 8 a.m."; from a week on with the date."""
    days = (hours.today(opens_at) - hours.today(now)).days
    local = timezone.localtime(opens_at)
    words = {"time": wording.clock(local), "day": date_format(local, "l")}
    if days == 0:
        return _("today at %(time)s") % words
    if days == 1:
        return _("tomorrow at %(time)s") % words
    if days < 7:
        return _("on %(day)s at %(time)s") % words
    return _("on %(day)s at %(time)s") % (words | {"day": date_format(local, "l, F j,")})


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
def day_and_time(moment: Any) -> str:
    """Clinic day and time in full, such as "Monday, November 30, 9:30 a.m."."""
    return f"{date_format(moment, 'l, F j')}, {wording.clock(moment)}"


@register.filter(expects_localtime=True)
def clock(moment: Any) -> str:
    """Clinic time of day, such as "9:30 a.m.", in one piece."""
    return wording.clock(moment)


@register.filter
def zone_name(moment: Any) -> str:
    """The clinic's time zone in words, such as "Eastern time"."""
    return wording.zone_name(moment)


@register.filter
def nearness(visit_type: VisitType) -> str:
    """That a visit of the type is too near to be changed online."""
    return wording.nearness(visit_type.change_window_hours)


@register.filter
def late_fee(visit_type: VisitType, is_late: bool) -> str:
    """What a late change of such a visit costs, if anything; `is_late` where it is by now."""
    return wording.late_fee(visit_type.no_show_fee, is_late)


@register.filter
def one_line(text: str) -> str:
    """What a template for HTML says, as a line of a message in plain text."""
    return wording.one_line(text)


@register.filter
def tel(phone: str) -> str:
    """`tel:` address of a telephone number."""
    return contacts.phone_link(phone)
