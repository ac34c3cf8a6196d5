"""How fast the site is, as ratios within one run: `make bench`.

Each row compares two things by turns and takes the median of the rounds, in CPU time, which other
processes disturb little. Growth cannot be asked by turns: a yardstick stands between. Requests
per second are those of one gunicorn worker, set up as it is shipped, asked over one kept connection
as the proxy does; "bare" is a view that answers with bytes, behind the middleware of Django's
project template, in the same worker. SQLite.
Ends with 1 if a bound is missed.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import connection

from tests.benchmarks import clinic
from tests.site import Site

ROUNDS, ROUND_SECONDS = 45, 0.06  # many and short: other processes disturb a few of them
PAGE = "/conditions/back-pain/"
HEADERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}

Work = Callable[[], object]
Query = tuple[str, Any]


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


class Server:
    """One worker of the site's, asked over one connection."""

    def __init__(self, url: str) -> None:
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=30)

    def ask(self, path: str) -> bytes:
        self.connection.request("GET", path, headers=HEADERS)
        response = self.connection.getresponse()
        body = response.read()
        assert response.status == 200, (path, response.status)
        return body

    def clock(self) -> float:
        """Seconds of CPU time that the worker has used."""
        return float(self.ask("/bench/seconds/"))

    def ratio(self, ours: str, theirs: str) -> float:
        """How many more requests per second ours gets than theirs."""
        return ratio(lambda: self.ask(ours), lambda: self.ask(theirs), self.clock)


def rate(work: Work, times: int, clock: Callable[[], float] = time.process_time) -> float:
    """How often a second of CPU time does the work."""
    start = clock()
    for _ in range(times):
        work()
    return times / (clock() - start)


def yardstick() -> object:
    """Work that is always the same, for what cannot be asked by turns: it slows as ours does."""
    return json.loads(json.dumps(list(range(10_000, 15_000))))


def ratio(ours: Work, theirs: Work, clock: Callable[[], float] = time.process_time) -> float:
    """Median over the rounds of how much more often ours is done than theirs."""
    times = [max(5, int(rate(work, 5, clock) * ROUND_SECONDS)) for work in (ours, theirs)]
    return median(
        rate(ours, times[0], clock) / rate(theirs, times[1], clock) for _ in range(ROUNDS)
    )


@contextmanager
def database() -> Iterator[None]:
    connection.creation.create_test_db(verbosity=0)
    try:
        yield
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


@contextmanager
def server() -> Iterator[Server]:
    environment = {"DEMO": "1", "PAGE_CACHE_SECONDS": "60"}
    site = Site(workers=1, wsgi="tests.benchmarks.wsgi", environment=environment)
    try:
        served = Server(site.url)
        with closing(served.connection):
            yield served
    finally:
        site.stop()


def asked(work: Work) -> list[Query]:
    """What the work asks of the database: each SQL with its parameters."""
    queries: list[Query] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return queries


def raw(queries: list[Query]) -> Work:
    """The same questions to the database, past the models, every row fetched."""

    def ask() -> None:
        with connection.cursor() as cursor:
            for sql, params in queries:
                cursor.execute(sql, params)
                cursor.fetchall()

    return ask


def pages(served: Server) -> Iterator[Row]:
    size = len(served.ask(PAGE))
    bare = f"/bench/bare/{size}/"
    note = f" ({size} bytes, Brotli)"
    yield Row("a condition page to a bare view", served.ratio(PAGE, bare), 0.7, True, note)
    found = served.ratio("/bench/month/", "/bench/bare/1000/")
    yield Row("30 days of 5 therapists to a bare view", found, 0.12, True)
    note = f" ({len(served.ask('/bench/plain/'))} bytes)"
    found = served.ratio("/book/", "/bench/plain/")
    yield Row("/book/ to a plain page with one query", found, 0.4, True, note)


def availability() -> Iterator[Row]:
    """What finding free times costs over its queries, and over history."""
    month = clinic.Month()
    month.find()  # SQL that is written once is written now
    queries = asked(month.find)
    note = f" ({len(month.find())} starts)"
    yield Row("queries for free times", len(queries), 3, False, note)
    yield Row("free times to their raw queries", 1 / ratio(month.find, raw(queries)), 2.0, False)
    before = ratio(month.find, yardstick)
    clinic.add_history()
    grown = before / ratio(month.find, yardstick)
    yield Row(f"growth by {clinic.HISTORY:,} past visits", grown, 1.15, False)


def rows() -> Iterator[Row]:
    with server() as served:
        yield from pages(served)
    yield from availability()


def main() -> int:
    missed = 0
    with database():
        clinic.fill()
        for row in rows():
            missed += not row.kept
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
    return 1 if missed else 0
