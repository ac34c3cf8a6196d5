"""The clinic's time zone is named as its people name it."""

from datetime import UTC, datetime

import pytest

from booking.wording import zone_name

WINTER, SUMMER = datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
# The same all the year round.
NAMES = {
    "America/New_York": "Eastern time",
    "America/Indiana/Indianapolis": "Eastern time",
    "America/Toronto": "Eastern time",
    "America/Chicago": "Central time",
    "America/Denver": "Mountain time",
    "America/Boise": "Mountain time",
    "America/Phoenix": "Mountain Standard Time",
    "America/Los_Angeles": "Pacific time",
    "America/Anchorage": "Alaska time",
    "America/Adak": "Hawaii-Aleutian time",
    "Pacific/Honolulu": "Hawaii Time",
    "Pacific/Guam": "Chamorro Standard Time",
    "Pacific/Pago_Pago": "American Samoa Time",
    "America/Puerto_Rico": "Atlantic Standard Time",
    "America/Halifax": "Atlantic time",
    "America/St_Johns": "Newfoundland time",
    "America/Regina": "Central Standard Time",
    "America/Mexico_City": "Central Standard Time",
    "America/Sao_Paulo": "Brasilia Standard Time",
    "Europe/London": "British time",
    "Europe/Dublin": "Irish time",
    "Europe/Berlin": "Central European time",
    "Europe/Athens": "Eastern European time",
    "Africa/Nairobi": "East Africa Time",
    "Africa/Casablanca": "Western European time",  # goes back for the month of Ramadan alone
    "Africa/El_Aaiun": "Western European time",
    "Asia/Kolkata": "India Standard Time",
    "Asia/Shanghai": "China Standard Time",
    "Asia/Tokyo": "Japan Standard Time",
    "Australia/Sydney": "Australian Eastern time",
    "Australia/Brisbane": "Australian Eastern Standard Time",
    "Pacific/Auckland": "New Zealand time",
    # Other names of those above.
    "US/Hawaii": "Hawaii Time",
    "US/Eastern": "Eastern time",
    "EST5EDT": "Eastern time",
    "CST6CDT": "Central time",
    "MST7MDT": "Mountain time",
    "PST8PDT": "Pacific time",
    "EST": "Eastern Standard Time",
    # Nobody's by name.
    "Asia/Amman": "Amman time",
    "Pacific/Bougainville": "Bougainville time",
    "UTC": "Coordinated Universal Time",
    "GMT": "Greenwich Mean Time",
    "Etc/GMT+5": "GMT-05:00",
    "Etc/GMT-3": "GMT+03:00",
    "Factory": "GMT+00:00",
}


@pytest.mark.parametrize("instant", [WINTER, SUMMER], ids=["winter", "summer"])
@pytest.mark.parametrize(("zone", "name"), NAMES.items())
def test_the_zone_is_named_in_words(settings, zone, name, instant):
    settings.TIME_ZONE = zone

    assert zone_name(instant) == name
