"""How fast the site is, as ratios within one run: `make bench`.

Each row compares two things by turns and takes the median of the rounds, in this process's own
CPU time, which other processes do not disturb. SQLite, the site's own middleware and settings;
"bare" is a view that answers with bytes, behind the middleware of Django's project template.
Ends with 1 if a bound is missed.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import median
from typing import NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from booking import calendars, hours
from booking.models import Appointment, Therapist, VisitType
from conditions import fixtures, loader
from tests.builders import make_location, make_therapist, make_visit_type, visit

DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROUNDS, ROUND_SECONDS = 7, 0.4
HISTORY, CHUNK, THERAPISTS = 100_000, 10_000, 5
PAGE = "/conditions/back-pain/"

Work = Callable[[], object]


class Row(NamedTuple):
    name: str
    measured: float
    bound: float
    at_least: bool  # otherwise at most
    note: str = ""

    @property
    def kept(self) -> bool:
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def __str__(self) -> str:
        sign, verdict = ("≥" if self.at_least else "≤"), ("pass" if self.kept else "FAIL")
        return f"{verdict}  {self.measured:8.2f}  {sign} {self.bound:<5} {self.name}{self.note}"


def asking(handler: WSGIHandler, path: str) -> Callable[[], bytes]:
    """Ask one page of a handler, as a server would; gives the body."""

    def ask() -> bytes:
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
        }
        statuses: list[str] = []
        response = handler(environ, lambda status, headers: statuses.append(status))
        body = b"".join(response)
        response.close()
        assert statuses == ["200 OK"], (path, statuses)
        return body

    return ask


def rate(work: Work, times: int) -> float:
    """How often a second of CPU time does the work."""
    start = time.process_time()
    for _ in range(times):
        work()
    return times / (time.process_time() - start)


def ratio(ours: Work, theirs: Work) -> float:
    """Median over the rounds of how much more often ours is done than theirs."""
    times = [max(3, int(rate(work, 3) * ROUND_SECONDS)) for work in (ours, theirs)]
    return median(rate(ours, times[0]) / rate(theirs, times[1]) for _ in range(ROUNDS))


@contextmanager
def database() -> Iterator[None]:
    connection.creation.create_test_db(verbosity=0)
    try:
        yield
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


def fill() -> None:
    """All content, one visit type, five therapists who work on weekdays."""
    loader.load(fixtures.read(*fixtures.folders()))
    make_visit_type()
    for number in range(THERAPISTS):
        make_therapist(f"therapist-{number}")


def add_history() -> None:
    """A visit an hour of each therapist, from the past."""
    therapists, numbers = list(Therapist.objects.all()), count(1)
    visit_type, location = make_visit_type(), make_location()
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=1000)
    for first in range(0, HISTORY // THERAPISTS, CHUNK // THERAPISTS):
        Appointment.objects.bulk_create(
            visit(
                therapist,
                start + timedelta(hours=hour),
                visit_type=visit_type,
                location=location,
                reference=f"{next(numbers):07}",
                status="fulfilled",
            )
            for hour in range(first, first + CHUNK // THERAPISTS)
            for therapist in therapists
        )


def month() -> list[calendars.Slot]:
    today = hours.today(timezone.now()) + timedelta(days=1)
    window = calendars.Window(today, today + timedelta(days=29))
    return list(calendars.free_slots(VisitType.objects.get(), window))


def raw(queries: list[str]) -> Work:
    """The same questions to the database, past Django, every row fetched."""

    def ask() -> None:
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(query)
                cursor.fetchall()

    return ask


def rows() -> Iterator[Row]:
    site = WSGIHandler()
    with override_settings(MIDDLEWARE=DEFAULT_MIDDLEWARE):
        django_alone = WSGIHandler()
    page = asking(site, PAGE)
    size = len(page())
    bare = asking(django_alone, f"/bench/bare/{size}/")
    note = f" ({size} bytes, Brotli)"
    yield Row("a condition page to a bare view of its size", ratio(page, bare), 0.7, True, note)

    bare = asking(django_alone, "/bench/bare/1000/")
    free = asking(site, "/bench/month/")
    yield Row("30 days of 5 therapists to a bare view", ratio(free, bare), 0.12, True)

    plain, book = asking(django_alone, "/bench/plain/"), asking(site, "/book/")
    note = f" ({len(plain())} bytes)"
    yield Row("/book/ to a plain page with one query", ratio(book, plain), 0.4, True, note)
    yield from availability()


def availability() -> Iterator[Row]:
    """What finding free slots costs over its queries, and over history."""
    with CaptureQueriesContext(connection) as asked:
        found = month()
    queries = [query["sql"] for query in asked if "visittype" not in query["sql"][:60]]
    yield Row("queries for free slots", len(queries), 3, False, f" ({len(found)} slots)")
    slower = 1 / ratio(month, raw(queries))
    yield Row("free slots to their raw queries", slower, 2.0, False)
    before = median(1 / rate(month, 10) for _ in range(ROUNDS))
    add_history()
    after = median(1 / rate(month, 10) for _ in range(ROUNDS))
    yield Row(f"growth by {HISTORY:,} past visits", after / before, 1.15, False)


def main() -> int:
    missed = 0
    templates = settings.TEMPLATES
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    options = {"ROOT_URLCONF": "tests.benchmarks.urls", "TEMPLATES": templates}
    with database(), override_settings(DEMO=True, PAGE_CACHE_SECONDS=60, **options):
        fill()
        for row in rows():
            missed += not row.kept
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
    return 1 if missed else 0
