"""Connections to SQLite that outlive a request.

Opening one costs as much as a page of ours: SQLite reads the whole schema anew. But a connection
holds on to the file that it opened, and to pages of it, even when somebody has put a backup in
its place. So it serves another request only while the file is as it was.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

State = tuple[int, ...] | None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, for CONN_MAX_AGE with CONN_HEALTH_CHECKS."""

    opened: State = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # Seen before it is opened: one that is changed in between is opened once more.
        self.opened = self._state()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether the connection may serve another request: nothing failed, and nobody wrote."""
        return not self.errors_occurred and (self.is_in_memory_db() or self.opened == self._state())

    def _state(self) -> State:
        """What tells one state of the file from another; None if there is none."""
        with suppress(OSError):
            file = Path(self.settings_dict["NAME"]).stat()
            return file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns
        return None
