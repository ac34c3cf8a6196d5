"""Instants in addresses: `YYYYMMDDTHHMMZ`, always UTC, so that no clock change blurs them."""

import re
from datetime import UTC, datetime

# The years keep every zone's local time inside the calendar.
FORM = re.compile(r"(19|2[0-9])\d{6}T\d{4}Z", re.ASCII)


def parse(code: str) -> datetime:
    """The instant of a code. Raises ValueError where it is none."""
    if not FORM.fullmatch(code):
        raise ValueError(code)
    return datetime.strptime(code, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)


def code(instant: datetime) -> str:
    """The code of an instant."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%MZ}"


class InstantConverter:
    """Path converter `<instant:…>`; what is no instant is a 404."""

    regex = FORM.pattern.replace("(", "(?:")

    def to_python(self, value: str) -> datetime:
        return parse(value)

    def to_url(self, value: datetime) -> str:
        return code(value)
