"""The machine's clock jumps while patients book: one day and two ahead, back, an hour back.

What was owed in the meantime leaves once, whatever the clock said when.
"""

import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import django
from django.utils import timezone

django.setup()

from booking.models import OutgoingEmail  # noqa: E402
from tests.faults.guests import DONE, Guest, all_send, guests, over_one_another, wrong  # noqa: E402
from tests.faults.rows import Row, told  # noqa: E402
from tests.faults.shim import Faults  # noqa: E402
from tests.mail_server import MailServer  # noqa: E402
from tests.running import Running  # noqa: E402

HOUR, DAY = 3600, 24 * 3600
# Seconds from what is true, one after another.
JUMPS = [0, DAY, 2 * DAY, 0, -HOUR, 2 * DAY, 0]
DAYS_AHEAD = 4  # the reminder three days before comes due by a jump of two days, at any hour
EACH, TRIES = 6, 3
LONGEST = 90.0  # seconds in which what is due leaves


def jumped(site: Running, faults: Faults, server: MailServer) -> Iterator[Row]:
    people: list[Guest] = []
    taken: set[str] = set()
    lost = 0
    for seconds in JUMPS:
        day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
        coming = guests(site.url, day, EACH, taken)  # with the form before them as it jumps
        faults.move_clock(seconds)
        statuses = Counter[int]()
        for _try in range(TRIES):
            statuses += all_send([guest for guest in coming if not guest.is_booked])
        people += coming
        word = f"clock {seconds / HOUR:+.0f} h"
        lost += sum(not guest.typing_kept for guest in coming)
        yield Row(f"{word}: forms by status", dict(sorted(statuses.items())))
        yield Row(f"{word}: booked", sum(guest.is_booked for guest in coming), EACH)
        yield Row(f"{word}: still due after {LONGEST:.0f} s", emptied(seconds), 0)
        status, report = site.ready()
        yield Row(f"{word}: /readyz", (status, report.get("attention")), (200, []))
    yield from counted(people, server, lost)


def counted(people: list[Guest], server: MailServer, lost: int) -> Iterator[Row]:
    messages = Counter(str(message["Message-ID"]) for message in server.messages)
    kinds = OutgoingEmail.objects.filter(state="sent").values_list("kind", flat=True)
    yield Row("e-mails by kind", dict(Counter(kinds)))
    yield Row(
        "reminders that left, at least one each", kinds.filter(kind="reminder").exists(), True
    )
    yield Row("e-mails that came twice", [name for name, n in messages.items() if n > 1], [])
    yield Row("e-mails marked as sent that never came", len(kinds) - len(messages), 0)
    yield Row("answers other than 303", sum(g.answers[-1] != DONE for g in people), 0)
    yield Row("typing lost", lost, 0)
    yield Row("lost, doubled or half written", wrong(people), [])
    yield Row("visits over one another", over_one_another(), 0)


def emptied(moved: int) -> int:
    """Wait until nothing is due by the moved clock; how many are, where that takes too long."""
    deadline = time.monotonic() + LONGEST
    while True:
        now = timezone.now() + timedelta(seconds=moved)
        due = OutgoingEmail.objects.pending().filter(due_at__lte=now)
        if not (count := due.count()) or time.monotonic() > deadline:
            return count
        time.sleep(0.2)


def main() -> int:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's every word
    faults = Faults.of(dict(os.environ))
    server = MailServer()
    own = {name: text for name, text in os.environ.items() if "FAULT" not in name}
    own |= {"EMAIL_URL": server.url, "MINIMUM_FILL_SECONDS": "0"} | faults.environment
    try:
        with Running(own) as site:
            return told(jumped(site, faults, server))
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
