"""How times and hosts are said outside pages: the clinic's zone, the site's name in messages."""

from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ZONES = {
    "EST": gettext_lazy("Eastern time"),
    "EDT": gettext_lazy("Eastern time"),
    "CST": gettext_lazy("Central time"),
    "CDT": gettext_lazy("Central time"),
    "MST": gettext_lazy("Mountain time"),
    "MDT": gettext_lazy("Mountain time"),
    "PST": gettext_lazy("Pacific time"),
    "PDT": gettext_lazy("Pacific time"),
    "AKST": gettext_lazy("Alaska time"),
    "AKDT": gettext_lazy("Alaska time"),
}


def zone_name(instant: datetime) -> str:
    """The clinic's time zone in words: "Eastern time", or elsewhere "Berlin time"."""
    zone = timezone.get_default_timezone_name()
    abbreviation = timezone.localtime(instant, timezone.get_default_timezone()).tzname() or ""
    if zone.startswith("America/") and abbreviation in ZONES:
        return str(ZONES[abbreviation])
    return _("%(city)s time") % {"city": zone.rpartition("/")[2].replace("_", " ")}


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
