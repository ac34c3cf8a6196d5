"""The mail server takes a message, and then the worker is killed before it is marked, or the
connection is lost before or after the server's yes.
"""

import asyncio
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

import django
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.utils import timezone

django.setup()

from booking.models import OutgoingEmail  # noqa: E402
from tests.faults.guests import all_send, guests  # noqa: E402
from tests.faults.rows import Row, told  # noqa: E402
from tests.faults.shim import Faults  # noqa: E402
from tests.mail_server import Mailbox, MailServer  # noqa: E402
from tests.running import MAIL, Running  # noqa: E402

GUESTS = 60
LEASE = 6 * 60  # seconds, and some more than the worker's claim lasts
ROUNDS, ROUND_SECONDS = 40, 60.0
WELL = "well"
KILL_BEFORE, KILL_AFTER = "killed before the yes", "killed after the yes"
DROP_BEFORE, DROP_AFTER = "dropped before the yes", "dropped after the yes"
TURNS = [KILL_BEFORE, WELL, KILL_AFTER, DROP_BEFORE, WELL, DROP_AFTER]
MOST = 50  # kills and drops; then all is well


class Treacherous(Mailbox):
    """Keeps each message, and then lets something go wrong in turn."""

    site: Running | None = None

    def __init__(self) -> None:
        super().__init__()
        self.turns, self.wrong = cycle(TURNS), Counter[str]()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        turn = next(self.turns) if self.site and self.wrong.total() < MOST else WELL
        if turn != WELL:
            self.wrong[turn] += 1
            await self.go_wrong(turn, server)
        return answer

    async def go_wrong(self, turn: str, server: SMTP) -> None:
        transport = server.transport
        assert self.site is not None
        worker = self.site.mail.pid
        loop = asyncio.get_running_loop()
        match turn:
            case "killed before the yes":
                os.kill(worker, signal.SIGKILL)
            case "killed after the yes":
                loop.call_later(0.0005, os.kill, worker, signal.SIGKILL)
            case "dropped before the yes":
                transport.abort()
            case "dropped after the yes":
                loop.call_later(0.0005, transport.abort)


def sent(site: Running, faults: Faults, mailbox: Treacherous) -> Iterator[Row]:
    people = guests(site.url, timezone.localdate() + timedelta(days=10), GUESTS, set())
    mailbox.site = site
    booked = all_send(people)[303]
    moved = rounds = 0
    while OutgoingEmail.objects.pending().filter(due_at__lte=timezone.now()).exists():
        rounds += 1
        worked(site, moved)
        moved += LEASE  # what a dead worker had in hand may be taken by the next
        faults.move_clock(moved)
        if rounds > ROUNDS:
            break
    ids = Counter(str(message["Message-ID"]) for message in mailbox.messages)
    rows = OutgoingEmail.objects.filter(due_at__lte=timezone.now())
    twice = ids.total() - len(ids)
    risky = mailbox.wrong.total() - mailbox.wrong[DROP_AFTER]
    yield Row("booked", booked, GUESTS)
    yield Row("what went wrong after the server kept a message", dict(mailbox.wrong))
    yield Row("e-mails owed", rows.count())
    yield Row("not marked as sent in the end", rows.exclude(state="sent").count(), 0)
    yield Row("lost: marked, and never came", rows.filter(state="sent").count() - len(ids), 0)
    yield Row("came twice", twice)
    yield Row(f"came twice at most as often as it went wrong ({risky})", twice <= risky, True)


def worked(site: Running, moved: int) -> None:
    """Until nothing may be taken by the moved clock; a worker that was killed is begun again."""
    deadline = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < deadline:
        if site.mail.poll() is not None:
            site.mail = site.begin(*MAIL)
        now = timezone.now() + timedelta(seconds=moved)
        if not OutgoingEmail.objects.due(now).exists():
            return
        connection.close()
        time.sleep(0.05)


def main() -> int:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's every word
    faults, mailbox = Faults.of(dict(os.environ)), Treacherous()
    server = MailServer(mailbox)
    own = {name: text for name, text in os.environ.items() if "FAULT" not in name}
    own |= {"EMAIL_URL": server.url, "FRONT_DESK_EMAIL": "desk@example.org"}
    try:
        with Running(own | faults.environment) as site:
            return told(sent(site, faults, mailbox))
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
