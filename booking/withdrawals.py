"""Questions that are taken back: their wish ends, or nobody could answer them any more."""

from collections.abc import Iterable
from datetime import datetime

from booking.models import TimeOffer, WaitlistEntry
from booking.models.waitlist import WaitlistQuerySet

State = TimeOffer.State


def held(wishes: WaitlistQuerySet) -> list[WaitlistEntry]:
    """The wishes, locked until the transaction ends.

    The locks close two races: with a yes that is being written, whose wish is no longer open
    then; and with a worker that asks just now, by what the wish or its visit was before.
    """
    return list(wishes.select_for_update(no_key=True).order_by("pk"))


def withdraw(wishes: Iterable[WaitlistEntry], now: datetime) -> None:
    """End what these wishes, held before, are asked about."""
    asked = TimeOffer.objects.filter(entry__in=wishes, state=State.OPEN)
    asked.update(state=State.GONE, answered_at=now)
