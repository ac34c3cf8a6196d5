"""How long the tests' connections wait for the database. What production allows would tell how
busy the machine is: a hundred at once, or a hundred thousand rows, may take it longer.
"""

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
