"""One transaction under the right locks, tried again when the database asks for it."""

import functools
import random
import time
from collections.abc import Callable, Collection, Iterable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from booking.faults import BUSY, fault_of
from booking.models import Appointment, Therapist

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
PATIENCE_SECONDS = 5  # a try that waited so long for a lock is not made again: somebody is waiting


class Stale(OperationalError):
    """What was read before the locks no longer holds: begin again."""


def is_passing(error: OperationalError) -> bool:
    """Whether the same transaction may well succeed a moment later."""
    return isinstance(error, Stale) or fault_of(error) is BUSY


def retried(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in one transaction; twice more, with jitter, after a passing error, unless
    the waiting took PATIENCE_SECONDS.

    Inside someone else's transaction it runs once: only the outermost can begin again.
    Raises what the last try raised (OperationalError becomes a 503 at the edge).
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tries = 1 if connection.in_atomic_block else TRIES
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        for left in reversed(range(tries)):
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except OperationalError as error:
                if not left or not is_passing(error) or time.monotonic() > give_up_at:
                    raise
                time.sleep(random.uniform(0.02, 0.2))
        raise AssertionError("unreachable")

    return run


def lock_therapists(therapists: Iterable[int]) -> None:
    """One writer at a time per therapist: what is read after this stays true to commit.

    In primary-key order, so that two moves in opposite directions cannot deadlock; without
    the lock the exclusion constraint itself deadlocks under load. SQLite's IMMEDIATE
    transaction already holds the one write lock there is.
    """
    rows = Therapist.objects.select_for_update(no_key=True).filter(pk__in=set(therapists))
    list(rows.order_by("pk").values_list("pk"))


def locked(appointment: Appointment, *therapists: int) -> Appointment:
    """The appointment as it is now, under the locks of its therapist and the given ones."""
    held = {appointment.therapist_id, *therapists}
    lock_therapists(held)
    # The row too: staff may correct contact fields of it at the same moment. Locked without a
    # join: PostgreSQL would lose a row whose therapist changes while it waits for the lock.
    Appointment.objects.select_for_update(no_key=True).values_list("pk").get(pk=appointment.pk)
    row = Appointment.objects.with_details().get(pk=appointment.pk)
    if row.therapist_id not in held:  # moved to another therapist before the locks were held
        appointment.therapist_id = row.therapist_id
        raise Stale
    return row


def locked_together(visits: Collection[int], *therapists: int) -> list[Appointment]:
    """Several appointments, by primary key, as they are now, soonest first, under the locks of all
    their therapists and the given ones.
    """
    rows = Appointment.objects.filter(pk__in=visits)
    held = {*rows.values_list("therapist", flat=True), *therapists}
    lock_therapists(held)
    # The rows too, for the same reason as one; in the order of their keys, since whoever holds
    # other therapists may lock some of the same rows.
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    found = list(rows.with_details().order_by("starts_at", "pk"))
    if any(row.therapist_id not in held for row in found):
        raise Stale
    return found
