"""Instants in addresses: `YYYYMMDDTHHMMZ`, always UTC, so that no clock change blurs them."""

import re
from datetime import UTC, datetime
from functools import lru_cache

# The years keep every zone's local time inside the calendar.
FORM = re.compile(r"(19|2[0-9])\d{6}T\d{4}Z", re.ASCII)


def parse(code: str) -> datetime:
    """The instant of a code. Raises ValueError where it is none."""
    if not FORM.fullmatch(code):
        raise ValueError(code)
    return datetime.strptime(code, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)


@lru_cache(maxsize=8192)  # a page has hundreds, and the next page the same
def code(instant: datetime) -> str:
    """The code of an instant."""
    # As two numbers: `strftime` takes three times as long.
    utc = instant.astimezone(UTC)
    day = utc.year * 10_000 + utc.month * 100 + utc.day
    return f"{day}T{utc.hour * 100 + utc.minute:04}Z"


class InstantConverter:
    """Path converter `<instant:…>`; what is no instant is a 404."""

    regex = FORM.pattern.replace("(", "(?:")

    def to_python(self, value: str) -> datetime:
        return parse(value)

    def to_url(self, value: datetime) -> str:
        return code(value)
