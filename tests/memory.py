"""Where the files of a run stand, and how often Python looks for rubbish."""

import gc
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


def look_for_rubbish_seldom() -> None:
    """Leave alone what is there for the whole run, and look at what tests make less often than
    every 700 objects: a fifth of their time went there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
