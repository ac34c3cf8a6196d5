"""What any page may say of bookable times and of the clinic being open."""

from collections.abc import Iterable
from datetime import date
from html import escape  # Django's does the same, after asking of each text whether it is lazy
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from booking import calendars, hours, instants, phones, wording
from booking.models import VisitType
from booking.wording import dated

register = template.Library()
DAY = '<li><a href="#{}">{}&nbsp;{} <small>{}</small></a></li>'
FULL_DAY = "<li><span>{}&nbsp;{} <small>{}</small></span></li>"


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
    words = {"day": date_format(local, "l"), "time": time_format(local, "P")}
    if is_open:
        return _("open until %(time)s") % words
    same_day = local.date() == hours.today(now)
    return (_("opens at %(time)s") if same_day else _("opens %(day)s, %(time)s")) % words


@register.simple_tag
def options(filter: Any) -> SafeString:
    """The lines of a list that narrows times, joined here as `time_links` are."""
    chosen = filter.chosen
    lines = [f'<option value="">{escape(str(filter.anything))}</option>'] if filter.anything else []
    for choice in filter.choices:
        mark, name = " selected" if choice is chosen else "", escape(str(choice.name))
        lines.append(f'<option value="{escape(choice.slug)}"{mark}>{name}</option>')
    return SafeString("\n".join(lines))


@register.simple_tag
def day_links(strip: Iterable[tuple[date, Any]]) -> SafeString:
    """List items with a link to each day that has free times, and how many."""
    free, none = _("%(count)s free"), _("none")
    return SafeString(
        "\n".join(
            format_html(DAY, day.anchor, dated(date, "D, M"), date.day, free % {"count": day.count})
            if day
            else format_html(FULL_DAY, dated(date, "D, M"), date.day, none)
            for date, day in strip
        )
    )


@register.simple_tag
def time_links(offers: Iterable[Any], day: str, before: str, after: str) -> SafeString:
    """List items with a link to each offer; `before` and `after` its target in the address.

    Joined here, and what all share escaped once: a loop in the template takes longer than finding
    the times.
    """
    begin = format_html('<li><a href="{}', before)
    middle = format_html('{}"><span class="away">{}, </span>', after, day)
    return SafeString(
        "\n".join(
            f"{begin}{escape(target)}{middle}{escape(clock)}<small>{escape(who)}</small></a></li>"
            for target, clock, who in offers
        )
    )


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
