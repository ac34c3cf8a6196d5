"""One way on all staff pages: `Mon, Nov 30, 2026, 9:30 a.m.`"""

DATE_FORMAT = "D, M j, Y"
TIME_FORMAT = "P"
DATETIME_FORMAT = "D, M j, Y, P"
