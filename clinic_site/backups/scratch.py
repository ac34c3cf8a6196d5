"""Folders for what lies in the open while a backup is made, restored or tried. None outlives the
run after it: one that was killed leaves its own behind, and the next run takes it away.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

KINDS = ("backup", "drill", "making", "restore")


@contextmanager
def folder(parent: Path, kind: str) -> Iterator[Path]:
    """A folder in `parent`, which is there already, for its owner alone; gone after the block."""
    # Locked: of two that begin at once, neither takes the other's for one that was left behind. Not
    # `parent` itself: that of a drill's own backup is a folder which the drill holds.
    with _lock(settings.VAR_DIR, fcntl.LOCK_EX):
        sweep(parent)
        made = Path(tempfile.mkdtemp(prefix=f".{kind}-", dir=parent))
        held = _descriptor(made)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def sweep(parent: Path) -> None:
    """Take away what runs left behind that were killed: the system has let go of their locks."""
    for left in [path for kind in KINDS for path in parent.glob(f".{kind}-*")]:
        try:
            with _lock(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(left, ignore_errors=True)
        except OSError:  # of a run that goes on, or no folder, or not ours
            continue


@contextmanager
def _lock(place: Path, how: int) -> Iterator[None]:
    descriptor = _descriptor(place)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _descriptor(place: Path) -> int:
    return os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
