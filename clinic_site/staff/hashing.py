"""How many passwords are hashed at once, over all processes of the site on this machine.

A hash takes a processor for half a second, and strangers may ask for one: without a bound, a flood
of them leaves nothing for the pages that patients read.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Busy(Exception):
    """As many passwords are being hashed as may be."""


@contextmanager
def slot(*, known: bool = False) -> Iterator[None]:
    """Hold one of HASHES_AT_ONCE places to hash a password. Raises Busy, without waiting: who
    waited would hold a thread that serves pages.

    One place more is kept for browsers that are `known`: a flood of names leaves it free.
    A place is a locked file in VAR_DIR: the system lets go of it when a process dies.
    """
    for number in range(settings.HASHES_AT_ONCE + known):
        with (settings.VAR_DIR / f"hashing-{number}.lock").open("w") as file:
            try:
                # Locked: no second thread or process hashes in this place meanwhile.
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield
            return
    raise Busy
