"""Run the benchmarks and print their tables: `make bench`.

Each database takes a process of its own, which prints the rows that it measures; how full a week
gets takes another, and no database. Ends with 1 where a bound is missed.
"""

import os
import subprocess
import sys
import tempfile

from tests.benchmarks import table

DATABASES = ("sqlite", "postgresql")


def is_missed_on(database: str) -> bool:
    """Print the rows of one database as they are measured; whether a bound is missed there."""
    return is_missed_by("rows", database)


def is_missed_by(module: str, database: str) -> bool:
    """Run a module of this package on a database; whether it misses a bound."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}"]
    environment = os.environ | {
        "TEST_DB": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TMPDIR": tempfile.gettempdir(),  # a disk, which SQLite waits for
    }
    return subprocess.run(command, env=environment, check=False).returncode != 0


sys.stdout.write(table.HEAD)
sys.stdout.flush()
missed = sum(is_missed_on(database) for database in DATABASES)
missed += is_missed_by("filling", DATABASES[0])
missed += is_missed_by("chain", DATABASES[0])
sys.exit(1 if missed else 0)
