"""What it takes to look round: a condition page, and free times beside a long history."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Therapist, VisitType
from tests.benchmarks import clinic
from tests.benchmarks.server import PLAIN, Server
from tests.benchmarks.table import Row

CONDITION = "/conditions/back-pain/"
# Words that all of search's are compared with, and choices that there are not.
SLIPS = [f"sciatxca{letter}" for letter in "abcdefghijklmnopqrst"]
UNKNOWN = [f"exercise=x{number}" for number in range(250)]
CHOICES = "therapist=x&day=sunday&part=evening&location=x&visit=x&for=x&from=9999-12-31"


def condition_page(served: Server) -> Row:
    """Requests per second of a kept page, to those of a bare view that answers as many bytes."""
    bare = f"/bench/bare/{len(served.get(CONDITION))}/"
    return Row("condition page to a bare Django view", served.ratio(bare, CONDITION), at_least=0.9)


def free_times(served: Server) -> Iterator[Row]:
    """The page of free times, before and after the clinic has its long past, which stays."""
    before = served.ratio("/book/", PLAIN)
    yield Row("/book/ in plain pages", before, at_most=5)  # a fifth of its speed
    queries = {queries_of_times()}
    clinic.add_history()
    grown = served.ratio("/book/", PLAIN) / before
    yield Row(f"/book/ with {clinic.HISTORY:,} past visits to without", grown, at_most=1.15)
    queries |= {queries_of_times(), *queries_of_a_small_clinic()}
    yield Row("queries of /book/, at most", max(queries), at_most=8)
    varied = max(queries) - min(queries)
    yield Row("queries that more therapists, days or history add", varied, at_most=0)


def odd_questions(served: Server) -> Iterator[Row]:
    """The dearest that somebody may ask in an address, to the plain one."""
    for name, plain, odd in (
        ("search", "/search/?q=back+pain", f"/search/?q={'+'.join(SLIPS)}"),
        ("program", "/exercises/program/?change", f"/exercises/program/?{'&'.join(UNKNOWN)}"),
        ("/book/", "/book/", f"/book/?{CHOICES}&{'&'.join(UNKNOWN)}"),
    ):
        ratio = served.ratio(odd, plain)
        yield Row(f"{name}, the dearest question to a plain one", ratio, at_most=3)


def queries_of_a_small_clinic() -> Iterator[int]:
    """The same where patients may book no more than a week, then also no more than one person."""
    with transaction.atomic():
        VisitType.objects.update(horizon_days=7)
        yield queries_of_times()
        Therapist.objects.exclude(slug="therapist-0").update(active=False)
        yield queries_of_times()
        transaction.set_rollback(True)


def queries_of_times() -> int:
    """How many queries the page of free times takes."""
    with CaptureQueriesContext(connection) as captured:
        response = Client(headers={"host": "localhost"}).get("/book/")
    assert b"therapist-0" in response.content
    return len(captured)
