"""Where the files of a run stand."""

import os
import shutil
from pathlib import Path

SHARED = Path("/dev/shm")
ROOM = 1 << 30  # bytes; a run takes a tenth of that


def roomy() -> Path | None:
    """Memory, where it has room: SQLite waits at each commit for what its file stands on, and a
    disk may take 30 ms. None is the usual place, and so is what TMPDIR names.
    """
    if "TMPDIR" in os.environ or not os.access(SHARED, os.W_OK):
        return None
    return SHARED if shutil.disk_usage(SHARED).free > ROOM else None
