"""Faults that begin and end while the site runs: of its disk, and of its clock.

Two small libraries stand before the C library in each process of the site: `disk.c` here, and the
`clock.c` of `make test-days`. What they do is told by two files, which they look at in each call.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from tests.days.clock import SOURCE, compiled

WELL, FULL, READ_ONLY, NO_SYNC = b"-", b"f", b"r", b"s"


class Faults:
    """What a running site's disk and clock are to do. `environment` is what its processes need."""

    def __init__(self, disk: Path, clock: Path, libraries: list[Path], folder: Path) -> None:
        self.disk_file, self.clock_file = disk, clock
        self.environment = {
            "LD_PRELOAD": " ".join(map(str, libraries)),
            "DISK_FAULT_FILE": str(disk),
            "DISK_FAULT_FOLDER": str(folder),
            "CLOCK_MOVED_BY_FILE": str(clock),
        }

    @classmethod
    def of(cls, environment: dict[str, str]) -> Self:
        """Those that another process has begun with `environment`."""
        disk, clock = environment["DISK_FAULT_FILE"], environment["CLOCK_MOVED_BY_FILE"]
        libraries = [Path(name) for name in environment["FAULTS_PRELOAD"].split()]
        folder = Path(environment["DISK_FAULT_FOLDER"])
        return cls(Path(disk), Path(clock), libraries, folder)

    @property
    def handed_on(self) -> dict[str, str]:
        """For a process that is well itself, and may have others fail."""
        names = {"LD_PRELOAD": "FAULTS_PRELOAD"}
        return {names.get(name, name): text for name, text in self.environment.items()}

    def disk(self, how: bytes) -> None:
        """WELL, FULL, READ_ONLY or NO_SYNC, from now on."""
        _write(self.disk_file, how)

    def move_clock(self, seconds: int) -> None:
        """So far from what it really is, from now on."""
        _write(self.clock_file, struct.pack("q", seconds))


def _write(file: Path, content: bytes) -> None:
    """In place: who looks at it has it mapped."""
    with file.open("r+b") as opened:
        opened.write(content)


@contextmanager
def faults(folder: Path) -> Iterator[Faults]:
    """Of all that lies beneath the folder, and of the clock; none to begin with."""
    with ExitStack() as stack:
        sources = [Path(__file__).with_name("disk.c"), SOURCE]
        libraries = [stack.enter_context(compiled(source)) for source in sources]
        files = [library.with_suffix(".told") for library in libraries]
        for file in files:
            file.write_bytes(bytes(8))
            os.chmod(file, 0o644)
        yield Faults(*files, libraries, folder)
