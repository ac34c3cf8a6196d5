"""Send the e-mail that is owed, and offer sooner times to those who wait for them."""

import logging
import signal
import time
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from types import FrameType

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils import timezone

from booking.earlier import offers
from booking.management import demo
from booking.messages import outbox
from booking.models import LastDone, last_done
from booking.visits import limits, tallies

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
TIDY_EVERY = timedelta(hours=1)
LOOK_EVERY = timedelta(seconds=30)


class Command(BaseCommand):
    help = (
        "Offers free times to who waits for a sooner one, and sends the e-mail that is due."
        " With --loop, goes on until TERM or INT, and then finishes the message in hand."
        " Several may run at once."
    )
    stopping = False
    away = False  # the database
    last_tidying = last_look = last_beat = datetime.min.replace(tzinfo=UTC)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Look again every second.")

    def handle(self, *, loop: bool, **options: object) -> None:
        before = {number: signal.signal(number, self.stop) for number in STOPS}
        try:
            if loop:
                self.work()
            else:
                self.look(timezone.now())
                self.stdout.write(f"Messages dealt with: {self.drain()}")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def work(self) -> None:
        """Look every second, through outages of the database."""
        while not self.stopping:
            try:
                close_old_connections()
                self.look(timezone.now())
                self.drain()
                self.tidy(timezone.now())
                self.say_back()
            except Error as error:
                self.say_away(error)
                close_old_connections()
            if not self.stopping:
                time.sleep(POLL_SECONDS)

    def drain(self) -> int:
        """Deal with what is due; returns how many messages that were."""
        count = 0
        while not self.stopping and outbox.send_next(timezone.now()):
            count += 1
            self.beat(timezone.now())
        return count

    def beat(self, now: datetime) -> None:
        """Twice a minute, also where a slow mail server makes a long work of it: a sign of life,
        which `/readyz` looks for.
        """
        if is_time(now, self.last_beat, LOOK_EVERY):
            self.last_beat = now
            LastDone.objects.note(last_done.MAIL_WORKER, now)

    def look(self, now: datetime) -> None:
        """Twice a minute: who waits for a sooner time is asked about those that are free."""
        self.beat(now)
        if is_time(now, self.last_look, LOOK_EVERY):
            self.last_look = now
            if made := offers.look(now):
                logger.info("Offered %s sooner times", made)

    def tidy(self, now: datetime) -> None:
        """At the start and every hour: old counts go, and a demo still has visits ahead."""
        if is_time(now, self.last_tidying, TIDY_EVERY):
            self.last_tidying = now
            limits.forget(now)
            tallies.forget(now)
            if settings.DEMO:
                demo.top_up(now)

    def say_away(self, error: Error) -> None:
        """One line an outage; not the error's words, which may quote a row."""
        if not self.away:
            logger.error("The database is away (%s): e-mail waits", type(error).__name__)
        self.away = True

    def say_back(self) -> None:
        if self.away:
            logger.warning("The database is back")
        self.away = False


def is_time(now: datetime, last: datetime, every: timedelta) -> bool:
    """Whether what was done `last` is to be done again. A clock that was set back holds it off no
    longer than `every`.
    """
    return not timedelta(0) <= now - last < every


STOPS = (signal.SIGTERM, signal.SIGINT)
