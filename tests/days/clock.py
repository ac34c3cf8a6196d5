"""The days that the suite is tried on, and the environment that moves a process to one of them.

`clock.c` stands before the C library in each process. Debian's `faketime` will not do: with it
each `time.sleep` of Python 3.11 fails where the steady clock is left alone, and waiting for a lock
hangs where it is moved too.
"""

import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CLINIC = ZoneInfo("America/New_York")
SOURCE = Path(__file__).with_name("clock.c")
# When the clock of each day begins, in clinic time. Fixed, so that a fault can be seen again; by
# day, early and late, as in the evening the day in UTC is the next one already.
DAYS = {
    "saturday": datetime(2027, 6, 12, 10, 0, tzinfo=CLINIC),
    "saturday-night": datetime(2026, 12, 5, 23, 50, tzinfo=CLINIC),
    "new-years-eve": datetime(2027, 12, 31, 20, 0, tzinfo=CLINIC),
    "leap-day": datetime(2028, 2, 29, 12, 0, tzinfo=CLINIC),
    "clocks-forward": datetime(2027, 3, 14, 1, 55, tzinfo=CLINIC),
    "clocks-back": datetime(2027, 11, 7, 1, 55, tzinfo=CLINIC),
    "monday": datetime(2027, 6, 7, 6, 30, tzinfo=CLINIC),
    "tuesday": datetime(2027, 6, 8, 9, 10, tzinfo=CLINIC),
    "wednesday": datetime(2027, 6, 9, 12, 0, tzinfo=CLINIC),
    "thursday": datetime(2027, 6, 10, 15, 45, tzinfo=CLINIC),
    "friday": datetime(2027, 6, 11, 17, 30, tzinfo=CLINIC),
    "sunday": datetime(2027, 6, 13, 21, 0, tzinfo=CLINIC),
}


@contextmanager
def compiled(source: Path = SOURCE) -> Iterator[Path]:
    """The library, in a folder that everybody may read: PostgreSQL runs as a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix=f"clinic-{source.stem}-"))
    folder.chmod(0o755)
    library = folder / f"{source.stem}.so"
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", source, "-o", library], check=True)
        yield library
    finally:
        shutil.rmtree(folder)


def environment(library: Path, begins: datetime) -> dict[str, str]:
    """What a process, and each that it starts, must be told so that it begins at this moment."""
    moved_by = math.ceil(begins.timestamp() - time.time())  # a whole second, never too early
    return os.environ | {"LD_PRELOAD": str(library), "CLOCK_MOVED_BY": str(moved_by)}


def moves(library: Path, begins: datetime) -> bool:
    """Whether a process told so really begins then: some systems refuse such a library."""
    ask = [sys.executable, "-c", "import time; print(time.time())"]
    said = subprocess.run(ask, env=environment(library, begins), capture_output=True, text=True)
    return said.returncode == 0 and 0 <= float(said.stdout) - begins.timestamp() < 3600
