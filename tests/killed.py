"""A move or a claim that is killed, by the system and at once, after each of its writes in turn.

Run as `python -m tests.killed move`, with a site's environment. Prints a line for each write:
the SQL verb, and how the rows stood afterwards; then a line for the same call left alive.
"""

import os
import signal
import sys
from collections.abc import Callable

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from booking import offers, services  # noqa: E402
from booking.models import Appointment, TimeOffer  # noqa: E402

WRITES = ("INSERT", "UPDATE", "DELETE")


class Killer:
    """Ends this process with SIGKILL after so many writes."""

    def __init__(self, writes: int) -> None:
        self.left = writes

    def __call__(self, execute: Callable, sql: str, *rest: object) -> object:
        result = execute(sql, *rest)
        self.left -= sql.startswith(WRITES)
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def claim() -> None:
    """Say yes to the only offer."""
    offers.claim(offer=TimeOffer.objects.with_details().get(), now=timezone.now())


def move() -> None:
    """Move the only visit to the offered time, as the desk does."""
    offer = TimeOffer.objects.get()
    services.reschedule(
        appointment=Appointment.objects.get(),
        therapist=offer.therapist,
        starts_at=offer.starts_at,
        by_patient=False,
        now=timezone.now(),
    )


def survives(act: Callable[[], None], writes: int) -> bool:
    """Do it in a child that is killed after so many writes; whether it got to the end."""
    connection.close()
    child = os.fork()
    if not child:
        with connection.execute_wrapper(Killer(writes)):
            act()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def state() -> str:
    """Where the visits are, how the offer stands, and how many messages are owed."""
    visits = [
        f"{row.status}{row.sequence}{'new' if row.starts_at == offer.starts_at else 'old'}"
        for offer in TimeOffer.objects.all()
        for row in Appointment.objects.all()
    ]
    offer = TimeOffer.objects.get()
    kinds = sorted(kind for row in Appointment.objects.all() for kind in kinds_of(row))
    return f"{','.join(visits)} {offer.state} {offer.entry.state} {','.join(kinds)}"


def kinds_of(visit: Appointment) -> list[str]:
    return list(visit.emails.values_list("kind", flat=True))


if __name__ == "__main__":
    act, writes = {"claim": claim, "move": move}[sys.argv[1]], 1
    while not survives(act, writes):
        sys.stdout.write(f"{writes} {state()}\n")
        writes += 1
    sys.stdout.write(f"alive {state()}\n")
