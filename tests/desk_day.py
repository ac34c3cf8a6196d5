"""`make desk-day`: the desk's whole day in a browser, with the clock on a working Tuesday.

Prints what each step took, by mouse, by keyboard and without a script, beside what it may take;
ends with 1 where a bound is missed or a step fails. Linux only, as the clock is moved.
"""

import subprocess
import sys
from pathlib import Path

from tests.days.clock import DAYS, compiled, environment, moves

TOP = Path(__file__).parents[1]
TEST = "tests/browser/test_desk_day.py"


def main() -> int:
    """Exit status: 0 where every step is done within its bound."""
    begins = DAYS["tuesday"]
    with compiled() as library:
        if not moves(library, begins):
            sys.stdout.write("The clock does not move on this system: nothing would be shown.\n")
            return 1
        told = environment(library, begins) | {"WHOLE_DESK_DAY": "1", "TEST_DB": "sqlite"}
        command = [sys.executable, "-m", "pytest", "-s", "-n0", TEST]
        return subprocess.run(command, cwd=TOP, env=told).returncode and 1


if __name__ == "__main__":
    sys.exit(main())
