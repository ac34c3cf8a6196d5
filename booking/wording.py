"""How times and hosts are said outside pages: the clinic's zone, the site's name in messages."""

from datetime import datetime, time, tzinfo
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import get_timezone_name
from django.conf import settings
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

MIDWINTER, MIDSUMMER = (1, 1), (7, 1)  # or the other way round, south of the equator


def zone_name(instant: datetime) -> str:
    """The clinic's time zone as its people say it.

    "Eastern time", or "Mountain Standard Time" where clocks stay as they are; "Berlin time" where
    readers of the site's language have no name of their own for it.
    """
    zone = timezone.get_default_timezone()
    local = timezone.localtime(instant, zone)
    spoken = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    # What CLDR has no short name for, that language's people do not name: "GMT+1".
    short = get_timezone_name(local, "short", locale=spoken, zone_variant="generic")
    if any(letter.isdigit() for letter in short):
        city = timezone.get_default_timezone_name().rpartition("/")[2].replace("_", " ")
        return _("%(city)s time") % {"city": city}
    if not _changes_clocks(zone, local.year):
        return get_timezone_name(local, "long", locale=spoken, zone_variant="standard")
    name = get_timezone_name(local, "long", locale=spoken, zone_variant="generic")
    return name.replace(" Time", " time")


def _changes_clocks(zone: tzinfo, year: int) -> bool:
    offsets = {datetime(year, *day, tzinfo=zone).utcoffset() for day in (MIDWINTER, MIDSUMMER)}
    return len(offsets) > 1


def clock(moment: datetime | time) -> str:
    """A wall time such as "9:30 a.m.", which no line breaks in two."""
    return time_format(moment, "P").replace(" ", "\N{NO-BREAK SPACE}")


def with_whom(name: str, place: str | None) -> str:
    """With whom a time is; and where, in a clinic with several places."""
    words = {"name": name, "place": place}
    return (_("with %(name)s, %(place)s") if place else _("with %(name)s")) % words


def site_host() -> str:
    """The host of BASE_URL, as the right side of message and event ids: never with a colon."""
    return (urlsplit(settings.BASE_URL).hostname or "localhost").replace(":", "-")


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and runs of spaces."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())
