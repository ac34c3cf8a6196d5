"""How long the tests wait, for the database and for what other processes do. What production
allows would tell how busy the machine is: a hundred at once, or a hundred thousand rows, may take
it longer.
"""

import time
from collections.abc import Callable
from typing import Any

SECONDS = 300
LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
OPTIONS: dict[str, dict[str, Any]] = {
    "django.db.backends.sqlite3": {"timeout": SECONDS},
    "django.db.backends.postgresql": {
        "connect_timeout": SECONDS,
        "options": " ".join(f"-c {limit}={SECONDS}s" for limit in LIMITS),
    },
}


def patient(database: dict[str, Any]) -> dict[str, Any]:
    """The settings of a database with these limits in the place of production's."""
    return database | {"OPTIONS": database["OPTIONS"] | OPTIONS[database["ENGINE"]]}


def wait_until(condition: Callable[[], Any]) -> None:
    """Return once the condition holds. Raises AssertionError after all patience."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
