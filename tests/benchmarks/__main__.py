"""Run the benchmarks and print their table: `make bench`.

Each database takes a process of its own, which prints the rows that it measures. Ends with 1 where
a bound is missed.
"""

import os
import subprocess
import sys

from tests.benchmarks import table

DATABASES = ("sqlite", "postgresql")


def is_missed_on(database: str) -> bool:
    """Print the rows of one database as they are measured; whether a bound is missed there."""
    command = [sys.executable, "-m", "tests.benchmarks.rows"]
    environment = os.environ | {"TEST_DB": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(command, env=environment, check=False).returncode != 0


sys.stdout.write(table.HEAD)
sys.stdout.flush()
missed = sum(is_missed_on(database) for database in DATABASES)
sys.exit(1 if missed else 0)
