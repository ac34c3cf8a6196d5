"""`python -m tests.soak [MINUTES] [sqlite|postgresql]`: half an hour on SQLite unless told.

A demo of its own. Every two seconds or so a process of it is killed with SIGKILL, in turn: workers
of gunicorn, gunicorn itself, the mail worker, and PostgreSQL. What ends by that is begun again as
systemd would. What the patients were told is then held against the rows (`tests/soak/visits.py`).
Ends with 1 on a miss.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil

from tests.postgres import Postgres, die_with_parent
from tests.running import MAIL, TOP, WEB, Running, database, environment

MINUTES, DATABASE = 30.0, "sqlite"
PAUSE = 1.0, 3.0  # seconds between kills
IN_PEACE = 20.0  # seconds at the end: what was told is read where nothing is killed any more
STOP_SECONDS = 5.0  # for what a killed gunicorn leaves behind


def kill_now_and_then(
    site: Running, postgres: Postgres | None, seconds: float
) -> tuple[Counter[str], float]:
    """For so long. How many of what were killed, and the longest time until the site could serve
    again, in seconds.
    """
    kills: Counter[str] = Counter()
    longest, until = 0.0, time.monotonic() + seconds
    for what in cycle(TURNS if postgres else TURNS[:-1]):
        if time.monotonic() > until:
            return kills, longest
        time.sleep(random.uniform(*PAUSE))
        begun = time.monotonic()
        KILL[what](site, postgres)
        kills[what] += 1
        site.wait()
        longest = max(longest, time.monotonic() - begun)
    raise AssertionError  # a cycle has no end


def kill_a_worker(site: Running, _postgres: Any) -> None:
    workers = psutil.Process(site.web.pid).children()
    if workers:
        os.kill(random.choice(workers).pid, signal.SIGKILL)


def kill_gunicorn(site: Running, _postgres: Any) -> None:
    """What it leaves behind is ended first: a worker that is busy keeps the port meanwhile."""
    left = psutil.Process(site.web.pid).children()
    site.web.kill()
    site.web.wait()
    end(left)
    site.web = site.begin(*WEB)


def end(processes: Sequence[psutil.Process]) -> None:
    """As systemd ends the rest of a service: a request may end, and nothing waits for ever."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _gone, busy = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    for process in busy:
        process.kill()


def kill_mail(site: Running, _postgres: Any) -> None:
    site.mail.kill()
    site.mail.wait()
    site.mail = site.begin(*MAIL)


def kill_database(_site: Running, postgres: Any) -> None:
    postgres.kill_and_serve()


KILL = {
    "worker": kill_a_worker,
    "gunicorn": kill_gunicorn,
    "mail worker": kill_mail,
    "PostgreSQL": kill_database,
}
TURNS = ["worker", "mail worker", "worker", "gunicorn", "worker", "PostgreSQL"]


def main(minutes: float = MINUTES, kind: str = DATABASE) -> int:
    with tempfile.TemporaryDirectory(prefix="clinic-soak-") as place:
        folder = Path(place)
        with database(kind, folder) as (url, postgres):
            own = environment(folder, url)
            manage = [sys.executable, "manage.py", "prepare"]
            subprocess.run(manage, cwd=TOP, env=own, check=True, stdout=subprocess.DEVNULL)
            with Running(own) as site:
                command = [sys.executable, "-m", "tests.soak.visits", str(60 * minutes)]
                patients = subprocess.Popen(command, cwd=TOP, env=own, preexec_fn=die_with_parent)
                kills, longest = kill_now_and_then(site, postgres, 60 * minutes - IN_PEACE)
                patients.wait()
    for what, count in sorted(kills.items()):
        sys.stdout.write(f"| killed: {what} | {count} |\n")
    sys.stdout.write(f"| killed in all, {kind} | {kills.total()} |\n")
    sys.stdout.write(f"| longest until it could serve again, seconds | {longest:.1f} |\n")
    return patients.returncode


if __name__ == "__main__":
    sys.exit(main(*[float(text) for text in sys.argv[1:2]], *sys.argv[2:3]))
