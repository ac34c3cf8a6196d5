"""`python -m tests.faults [disk|clock|mail|nodes|tokens …] [sqlite|postgresql]`: all unless told.

For each a demo of its own. The disk fails, the clock jumps, the mail worker is killed between a
message and its mark, one of two nodes is killed, somebody guesses links. Prints a table each; ends
with 1 on a miss.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.faults.shim import faults
from tests.postgres import Postgres
from tests.running import TOP, database, environment

NAMES = ["disk", "clock", "mail", "nodes", "tokens"]
ON_POSTGRESQL = ["nodes"]  # SQLite is one machine's
KINDS = ["sqlite", "postgresql"]
PATIENCE = 10.0


class Keeper:
    """Begins PostgreSQL again where it ends, as systemd would, and where it answers nobody for
    PATIENCE seconds, as its administrator would: version 18 hangs where its disk fails once more
    while it recovers.
    """

    def __init__(self, postgres: Postgres) -> None:
        self.postgres, self.over, self.times = postgres, threading.Event(), 0
        self.answered = time.monotonic()

    def look(self) -> None:
        while not self.over.wait(0.5):
            if self.postgres.process.poll() is not None:
                with suppress(RuntimeError):  # its disk is not well yet
                    self.postgres.process = self.postgres.serve()
                    self.times += 1
            elif self.answers() or time.monotonic() < self.answered + PATIENCE:
                continue
            else:
                self.postgres.process.kill()
                self.postgres.process.wait()
            self.answered = time.monotonic()

    def answers(self) -> bool:
        try:
            psycopg.connect(self.postgres.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        self.answered = time.monotonic()
        return True


@contextmanager
def kept(postgres: Postgres | None) -> Iterator[None]:
    if postgres is None:
        yield
        return
    keeper = Keeper(postgres)
    thread = threading.Thread(target=keeper.look)
    thread.start()
    try:
        yield
    finally:
        keeper.over.set()
        thread.join()
        sys.stdout.write(f"| PostgreSQL begun again | {keeper.times} | |\n")


def run(name: str, kind: str) -> int:
    """Its exit status."""
    sys.stdout.write(f"\n{name}, {kind}\n\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="clinic-faults-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own
        (folder / "var").mkdir(mode=0o700)
        with (
            faults(folder) as failing,
            database(kind, folder / "var", [], folder, os.environ | failing.environment) as found,
            kept(found[1]),
        ):
            own = environment(folder / "var", found[0])
            manage = [sys.executable, "manage.py", "prepare"]
            subprocess.run(manage, cwd=TOP, env=own, check=True, stdout=subprocess.DEVNULL)
            command = [sys.executable, "-m", f"tests.faults.{name}"]
            return subprocess.run(command, cwd=TOP, env=own | failing.handed_on).returncode


def main(words: list[str]) -> int:
    kinds = [word for word in words if word in KINDS] or KINDS
    names = [word for word in words if word not in KINDS] or NAMES
    if unknown := set(names) - set(NAMES):
        sys.exit(f"No such fault: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    pairs = [(name, kind) for name in names for kind in kinds]
    statuses = [
        run(name, kind) for name, kind in pairs if kind == "postgresql" or name not in ON_POSTGRESQL
    ]
    return max(statuses, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
