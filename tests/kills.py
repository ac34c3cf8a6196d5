"""A move or the claim of an offer, killed at once by the system between any two SQL statements.

Run as `python -m tests.kills move` (or `claim`), with a site's environment, over rows that a test
made. Each attempt is a child of its own that SIGKILL ends before its first statement, its second,
and so on, right before the COMMIT and right after it. Prints a line of JSON each: how the rows
stand then, and how they would after the next try, which is taken back again. The last attempt is
left alone.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from booking.calendars import free_times  # noqa: E402
from booking.earlier import offers  # noqa: E402
from booking.models import Appointment, OutgoingEmail, TimeOffer  # noqa: E402
from booking.transactions import locked  # noqa: E402
from booking.visits import bookings, changes  # noqa: E402
from booking.visits.requests import Patient, Request  # noqa: E402
from tests.builders import NOW  # noqa: E402


class Killer:
    """Ends this process with SIGKILL at its n-th point; there is one between any two steps."""

    def __init__(self, point: int) -> None:
        self.left = point
        self.commit = connection._commit
        connection._commit = self.around_commit

    def pass_point(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute: Callable, *arguments: object) -> object:
        self.pass_point()
        return execute(*arguments)

    def around_commit(self) -> None:
        self.pass_point()
        self.commit()
        self.pass_point()


def claim() -> None:
    """Say yes to the only offer."""
    offers.claim(offer=TimeOffer.objects.with_details().get(), now=NOW)


def move() -> None:
    """Move the only visit to the offered time, as the claim of the offer does."""
    offer, visit = TimeOffer.objects.with_details().get(), Appointment.objects.get()
    asked = offer.visit_type, offer.therapist, offer.starts_at, NOW
    with transaction.atomic():
        row = locked(visit, offer.therapist_id)
        slot = free_times.slot_at(*asked, moving=row, offered=True)
        changes.move_to_offered(appointment=row, slot=slot, now=NOW)


def in_two_steps() -> None:
    """How nobody should move a visit: cancel it, then book the other time."""
    visits, offer = Appointment.objects.order_by("pk"), TimeOffer.objects.with_details().get()
    visit = visits[0]
    if visits.count() == 1:
        changes.cancel_by_patient(appointment=visit, now=NOW)
    bookings.book_by_desk(
        visit_type=offer.visit_type,
        therapist=offer.therapist,
        starts_at=offer.starts_at,
        patient=Patient(visit.name, visit.phone, email=visit.email),
        request=Request(key=offer.uuid, now=NOW),
    )


ACTS = {"claim": claim, "move": move, "in-two-steps": in_two_steps}


def survives(act: Callable[[], None], point: int) -> bool:
    """Do it in a child that is killed at that point; whether it got to the end."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            with connection.execute_wrapper(Killer(point)):
                act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status not in (0, signal.SIGKILL):
        sys.exit(f"The attempt ended with {status}.")
    return status == 0


def stand() -> list[object]:
    """Where the visits are, how the offer and its wish stand, which messages wait."""
    times = ("therapist__slug", "starts_at", "status", "sequence")
    visits = Appointment.objects.order_by("pk").values_list(*times)
    before = [OutgoingEmail.Kind.WISH, OutgoingEmail.Kind.OFFER]
    owed = OutgoingEmail.objects.pending().exclude(kind__in=before)
    emails = owed.order_by("kind", "due_at").values_list("kind", "sequence", "due_at")
    [answers] = TimeOffer.objects.values_list("state", "entry__state")
    return [list(visits), list(answers), list(emails)]


def next_try(act: Callable[[], None]) -> list[object]:
    """How the rows would stand if the patient tried again now."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # The server may be about to notice that the one before is gone.
                cursor.execute("SET LOCAL lock_timeout = 0")
        act()
        found = stand()
        transaction.set_rollback(True)
    return found


def tell(act: Callable[[], None]) -> None:
    sys.stdout.write(json.dumps([stand(), next_try(act)], default=str) + "\n")


def main(act: Callable[[], None]) -> None:
    point = 1
    while not survives(act, point):
        tell(act)
        point += 1
    tell(act)


if __name__ == "__main__":
    main(ACTS[sys.argv[1]])
