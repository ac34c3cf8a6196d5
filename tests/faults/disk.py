"""The disk is full, only readable, or does not say that it has kept what was written."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from tests.faults.guests import (
    AGAIN,
    DONE,
    NONE,
    WARM,
    Guest,
    all_send,
    guests,
    over_one_another,
    statuses_of,
    wrong,
)
from tests.faults.rows import Row, told
from tests.faults.shim import FULL, NO_SYNC, READ_ONLY, WELL, Faults
from tests.running import Running

HOW = {"full": FULL, "only readable": READ_ONLY, "fsync fails": NO_SYNC}
GUESTS = 24
SAYS_SO = 20  # seconds in which /readyz has to
TRIES = 3  # of each patient, while it lasts
LONGEST = 30.0  # seconds until it serves again


def tried(site: Running, faults: Faults, name: str, taken: set[str]) -> Iterator[Row]:
    people = guests(site.url, timezone.localdate() + timedelta(days=3), GUESTS, taken)
    statuses_of(site.url, WARM, rounds=8)  # so that each process has made them
    faults.disk(HOW[name])
    statuses = all_send(people)
    for _try in range(TRIES - 1):
        statuses += all_send([guest for guest in people if not guest.is_booked])
    after, report = until_it_says_so(site)
    pages = statuses_of(site.url, WARM, rounds=8)
    during = sum(guest.is_booked for guest in people)
    faults.disk(WELL)
    again = site.wait()
    connection.close()  # a server that has ended meanwhile took ours with it
    statuses += all_again(people)
    yield Row(f"{name}: forms sent while it lasted, by status", dict(sorted(statuses.items())))
    yield Row(f"{name}: booked while it lasted", f"{during} of {GUESTS}")
    yield Row(f"{name}: other answers than 303 and 503", other(statuses), 0)
    yield Row(f"{name}: typing lost", sum(not guest.typing_kept for guest in people), 0)
    yield Row(f"{name}: /readyz says {report}", report[:3], "503")
    yield Row(f"{name}: it said so after, seconds", f"{after:.1f}")
    yield Row(f"{name}: pages for everyone, by status", dict(pages))
    yield Row(f"{name}: could serve again after, seconds", f"{again:.1f}")
    yield Row(f"{name}: could in {LONGEST:.0f} s", again < LONGEST, True)
    yield Row(f"{name}: booked in the end", sum(guest.is_booked for guest in people), GUESTS)
    yield Row(f"{name}: lost, doubled or half written", wrong(people), [])
    yield Row(f"{name}: visits over one another", over_one_another(), 0)
    if connection.vendor == "sqlite":
        yield Row(f"{name}: the file is whole", whole(), ["ok"])


def until_it_says_so(site: Running) -> tuple[float, str]:
    """Seconds until /readyz was a 503, and what is not "ok" then."""
    begun = time.monotonic()
    while time.monotonic() < begun + SAYS_SO:
        status, report = site.ready()
        if status not in (200, 0):
            amiss = {name: word for name, word in report.items() if word != "ok"}
            return time.monotonic() - begun, f"{status} {amiss}"
        time.sleep(0.5)
    return SAYS_SO, str(status)


def all_again(people: list[Guest]) -> Counter[int]:
    """Whoever was refused sends again what came back, once it is over."""
    statuses: Counter[int] = Counter()
    for _try in range(TRIES):
        statuses += all_send([guest for guest in people if not guest.is_booked])
    return statuses


def other(statuses: Counter[int]) -> int:
    return sum(number for status, number in statuses.items() if status not in (DONE, AGAIN, NONE))


def whole() -> list[str]:
    """What SQLite finds in its file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return [line for (line,) in cursor.fetchall()]


def main() -> int:
    faults = Faults.of(dict(os.environ))
    own = {name: text for name, text in os.environ.items() if "FAULT" not in name}
    status, taken = 0, set[str]()
    with Running(own | faults.environment) as site:
        for name in HOW:
            status |= told(tried(site, faults, name, taken))
    return status


if __name__ == "__main__":
    sys.exit(main())
