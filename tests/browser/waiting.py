"""Who waits for an earlier time, and is asked, whatever day and hour it is."""

from django.utils import timezone

from booking.earlier import matches, offers
from booking.earlier.waitlist import Wish

ANY_DAY = Wish("0123456", morning=True, afternoon=True, evening=True)


def ask() -> None:
    """Ask whoever waits longest, whatever hour it is."""
    now = timezone.now()
    wish, slot = next(matches.whom_to_ask(now))
    assert offers.make(wish=wish, slot=slot, now=now)
