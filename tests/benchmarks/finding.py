"""What it takes to find somebody beside a long past, to a query by an index that gives the same."""

from collections.abc import Callable
from statistics import median
from time import process_time

from django.utils import timezone

from booking.desk import finding, found
from booking.models import Appointment
from tests import many_visits
from tests.benchmarks.table import Row

ROUNDS, EACH = 15, 20
NAME = "rosia smien lopkiez"


def find() -> Row:
    """By half of two words, and by the whole name: as many visits of the same person."""
    many_visits.fill()
    ratio = median(seconds(by_words) / seconds(by_name) for _ in range(ROUNDS))
    return Row("find to its indexed query, 200,000 past visits", ratio, at_most=10)


def by_words() -> int:
    """What the page asks."""
    first, _middle, last = NAME.split()
    said = finding.said(f"{last[:5]} {first[:4]}")
    shown = found.page(Appointment.objects.filter(said), timezone.now())
    return len(shown.past)


def by_name() -> int:
    """As many of the visits, by an index on the whole name."""
    visits = Appointment.objects.with_details().filter(folded_name=NAME)
    return len(visits.order_by("-starts_at")[: found.PAGE])


def seconds(work: Callable[[], int]) -> float:
    """CPU time of the work, which must find a page of visits."""
    start = process_time()
    for _ in range(EACH):
        assert work() == found.PAGE
    return process_time() - start
