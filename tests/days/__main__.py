"""`make test-days`: the suite on each of the days in `tests/days/clock.py`, one after another.

    python -m tests.days             # each day that is not green yet; all of them when all are
    python -m tests.days saturday    # this one, whatever became of it before

One database (`TEST_DB`, SQLite unless it says otherwise), every test in a browser, no races and no
kills. What pytest said is in `var/days/<day>.log`. Ends with 1 unless each day that ran is green.
"""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tests.days import record
from tests.days.clock import DAYS, compiled, environment, moves
from tests.days.record import Result

TOP = Path(__file__).parents[2]
# Who comes first does not depend on the day, and takes long to find out.
LEFT_OUT = ["test_races.py", "test_offer_races.py", "test_kills.py"]
PYTEST = ["-m", "pytest", "-rfER", *(f"--ignore-glob=*/{name}" for name in LEFT_OUT)]
TO_THE_END = (0, 1)  # what pytest ends with: all passed, or some failed; not where it was stopped


def main(names: list[str]) -> int:
    """Exit status: 0 where each day that was asked for is green."""
    if unknown := [name for name in names if name not in DAYS]:
        say(f"No such day: {', '.join(unknown)}. There are: {', '.join(DAYS)}.")
        return 1
    chosen = names or record.to_do(DAYS)
    with compiled() as library:
        for name in chosen:
            if not moves(library, DAYS[name]):
                say("The clock does not move on this system: nothing would be shown.")
                return 1
            if not run(name, library):
                return 1
    say(table())
    return 0 if all(record.read()[name].green for name in chosen) else 1


def run(name: str, library: Path) -> bool:
    """Run the suite on this day and keep what became of it; whether it ran to its end.

    What it says goes to the screen and to the day's log.
    """
    say(f"\n{name}: the clock begins at {spoken(DAYS[name])}.")
    record.FOLDER.mkdir(parents=True, exist_ok=True)
    lines = [""]
    with (
        (record.FOLDER / f"{name}.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, *PYTEST],
            cwd=TOP,
            env=environment(library, DAYS[name]),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or []:
            sys.stdout.write(line)
            log.write(line)
            lines.append(line)
    if process.returncode not in TO_THE_END:
        status = f"exit status {process.returncode}"
        say(f"\n{name}: broken off before its end ({status}). The same command goes on from here.")
        return False
    result = Result(process.returncode == 0, lines[-1].strip("= \n"), commit())
    record.keep(name, result)
    say(f"{name}: {'green' if result.green else 'NOT GREEN'}, {result.said}")
    return True


def commit() -> str:
    """The commit in short, with a plus sign where files differ from it."""
    ask = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    said = subprocess.run(ask, cwd=TOP, capture_output=True, text=True)
    return said.stdout.strip() or "unknown"


def table() -> str:
    """A line for each day: what became of it, on which commit."""
    results = record.read()
    lines = []
    for name, begins in DAYS.items():
        result = results.get(name, Result(green=False, said="not run yet", commit="-"))
        mark = "green" if result.green else "-" if name not in results else "RED"
        lines.append(f"{name:15} {spoken(begins):42} {mark:6} {result.commit:10} {result.said}")
    return "\n".join(["", *lines])


def spoken(moment: datetime) -> str:
    return f"{moment:%A, %B} {moment.day}, {moment:%Y, %H:%M %Z}"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Broken off. The days that are done are kept: the same command goes on from here.")
