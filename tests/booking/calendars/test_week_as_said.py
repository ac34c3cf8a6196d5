"""Opening hours as people say them: days in a row with the same hours are one."""

from datetime import time

import pytest

from booking.calendars.hours import WeekdayHours, as_said

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SPANS = {
    ".": [],
    "d": [(time(7, 30), time(19))],
    "s": [(time(9), time(13))],
    "l": [(time(9), time(12)), (time(13), time(17))],
}


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("ddddds.", "Monday to Friday d, Saturday s, Sunday ."),
        ("ddddd..", "Monday to Friday d, Saturday and Sunday ."),
        ("ddddddd", "Every day d"),
        (
            "d.d.d..",
            "Monday d, Tuesday ., Wednesday d, Thursday ., Friday d, Saturday and Sunday .",
        ),
        ("llddsss", "Monday and Tuesday l, Wednesday and Thursday d, Friday to Sunday s"),
    ],
)
def test_days_in_a_row_with_the_same_hours_are_said_once(week, said):
    rows = [WeekdayHours(day, SPANS[code]) for day, code in zip(DAYS, week, strict=True)]
    codes = {str(spans): code for code, spans in SPANS.items()}

    found = [f"{row.weekday} {codes[str(row.spans)]}" for row in as_said(rows)]

    assert ", ".join(found) == said


def test_no_days_are_none():
    assert as_said([]) == []
