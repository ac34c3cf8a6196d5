"""How times, hosts and senders are said outside pages: the zone, the site's name in messages."""

from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_gmt, get_timezone_location, get_timezone_name
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)

# Zones without a place, and the places whose clocks they have: links in the zones' own data.
PLACES = {
    "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}


def zone_name(instant: datetime) -> str:
    """The clinic's time zone as its people say it.

    "Eastern time", or "Mountain Standard Time" where clocks stay as they are; "Amman time" where
    the site's language has no name for it, and the offset where it is no city's either.
    """
    key = settings.TIME_ZONE
    zone = ZoneInfo(PLACES.get(key, key))
    local = timezone.localtime(instant, zone)
    spoken = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    variant: Literal["generic", "standard"]
    variant = "generic" if _changes_clocks(zone, local.year) else "standard"
    name = get_timezone_name(local, "long", locale=spoken, zone_variant=variant)
    offset = get_timezone_gmt(local, "long", locale=spoken)
    if name != offset:
        return name.replace(" Time", " time") if variant == "generic" else name
    if key.startswith("Etc/") or "/" not in key:
        return offset
    return _("%(city)s time") % {"city": get_timezone_location(zone, spoken, return_city=True)}


def _changes_clocks(zone: tzinfo, year: int) -> bool:
    """Whether they do on any day of that year: some go back for the month of Ramadan alone."""
    first = datetime(year, 1, 1, 12, tzinfo=zone)
    days = (first + timedelta(days=number) for number in range(1, 365))
    return any(day.utcoffset() != first.utcoffset() for day in days)


def clock(moment: datetime | time) -> str:
    """A wall time such as "9:30 a.m.", which no line breaks in two."""
    return time_format(moment, "P").replace(" ", "\N{NO-BREAK SPACE}")


def span(starts_at: datetime, ends_at: datetime) -> str:
    """An interval for staff, in clinic time; of whole days `Thu, Dec 24, 2026, all day`."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if _begins_a_day(starts_at) and _begins_a_day(ends_at):
        until = timezone.localtime(ends_at - MINUTE)
        days = [day(first)] if first.date() == until.date() else [day(first), day(until)]
        return _("%(days)s, all day") % {"days": " – ".join(days)}
    same = first.date() == last.date()
    until_words = time_format(last, "P") if same else date_format(last, "D, M j, Y, P")
    return f"{date_format(first, 'D, M j, Y, P')} – {until_words}"


def day(moment: datetime) -> str:
    """A date of clinic time for staff: `Thu, Dec 24, 2026`."""
    return date_format(moment, "D, M j, Y")


def _begins_a_day(moment: datetime) -> bool:
    """Whether it is the first moment of its day, also where the clock skips midnight."""
    before = timezone.localtime(moment - MINUTE)
    return before.date() != timezone.localtime(moment).date()


def with_whom(name: str, place: str | None) -> str:
    """With whom a time is; and where, in a clinic with several places."""
    words = {"name": name, "place": place}
    return (_("with %(name)s, %(place)s") if place else _("with %(name)s")) % words


def nearness(hours: int) -> str:
    """That a visit is nearer than the hours before it in which nobody changes it online."""
    words = ngettext(
        "Your visit is less than %(hours)d hour away.",
        "Your visit is less than %(hours)d hours away.",
        hours,
    )
    return words % {"hours": hours}


def late_fee(fee: Decimal | None, is_late: bool) -> str:
    """What a late change costs, if anything; `is_late` where it is too late by now."""
    if fee is None:
        return ""
    words = _("If you change it, or do not come, you pay $%(fee)s.")
    if not is_late:
        words = _(
            "Until then it is free of charge. After that, or if you do not come, you pay $%(fee)s."
        )
    return words % {"fee": fee}


def site_host() -> str:
    """The host of BASE_URL, as the right side of message and event ids: never with a colon."""
    return (urlsplit(settings.BASE_URL).hostname or "localhost").replace(":", "-")


def mail_address() -> str:
    """The address that e-mail comes from: the setting's, whatever name that brings."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and runs of spaces."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())
