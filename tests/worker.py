"""The worker's loop, at an instant of the test's own."""

from datetime import datetime

from booking.messages import outbox


def send_due(now: datetime) -> int:
    """Deal with everything that is due; returns how many messages that were."""
    count = 0
    while outbox.send_next(now):
        count += 1
    return count
