"""How long PostgreSQL lets a question, a wait for a lock and an idle transaction of the site take.

The database keeps these limits for the site's role in the site's database. Nothing else reaches all
of its sessions: PgBouncer in transaction mode refuses options at the start of a connection, and
lends what one client sets for its session to the next.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def keep(connection: BaseDatabaseWrapper) -> None:
    """Have the database keep `DATABASE_LIMITS`; new sessions have them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        database = connection.ops.quote_name(cursor.fetchone()[0])
        for name, limit in settings.DATABASE_LIMITS.items():
            statement = f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET {name} = %s"
            cursor.execute(statement, [limit])


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Which of the limits this session has not. SQLite has none: its time-out is its own."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = '0' ORDER BY name",
            [list(settings.DATABASE_LIMITS)],
        )
        return [name for (name,) in cursor.fetchall()]


class OfMigrations:
    """Gives each transaction `MIGRATION_LIMITS` before its first statement. An execute_wrapper.

    A migration that sets its own afterwards has those.
    """

    def __init__(self) -> None:
        self.is_set = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        connection = context["connection"]
        if connection.in_atomic_block and not self.is_set:
            self.is_set = True
            transaction.on_commit(self.over, using=connection.alias)
            execute(OF_MIGRATIONS, None, False, context)
        return execute(sql, params, many, context)

    def over(self) -> None:
        self.is_set = False


OF_MIGRATIONS = "; ".join(
    f"SET LOCAL {name} = '{limit}'" for name, limit in settings.MIGRATION_LIMITS.items()
)
