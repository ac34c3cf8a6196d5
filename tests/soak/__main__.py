"""`python -m tests.soak [MINUTES] [sqlite|postgresql]`: half an hour on SQLite unless told.

A demo of its own. Every two seconds or so a process of it is killed with SIGKILL: a worker of
gunicorn, and each fifth time the mail worker, which is begun again as systemd would. What the
patients were told is then held against the rows (`tests/soak/visits.py`). Ends with 1 on a miss.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tests.postgres import Postgres, die_with_parent
from tests.running import TOP, Running, environment

MINUTES, DATABASE = 30.0, "sqlite"
PAUSE = 1.0, 3.0  # seconds between kills
MAIL_EACH = 5


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Its address."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'clinic.sqlite3'}"
        return
    postgres = Postgres()
    try:
        with psycopg.connect(postgres.url, autocommit=True) as session:
            session.execute("CREATE DATABASE clinic")
        yield f"{postgres.url.removesuffix('/postgres')}/clinic"
    finally:
        postgres.stop()


def kill_now_and_then(site: Running, patients: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Until the patients have done. How many were killed, and the longest time until the site could
    serve again, in seconds.
    """
    kills, longest = 0, 0.0
    while patients.poll() is None:
        time.sleep(random.uniform(*PAUSE))
        kills += 1
        if kills % MAIL_EACH == 0:
            site.mail.kill()
            site.mail.wait()
            site.mail = site.begin("manage.py", "send_emails", "--loop")
        else:
            kill_a_worker(site)
            longest = max(longest, site.wait())
    return kills, longest


def kill_a_worker(site: Running) -> None:
    workers = psutil.Process(site.web.pid).children()
    if workers:
        os.kill(random.choice(workers).pid, signal.SIGKILL)


def main(minutes: float = MINUTES, kind: str = DATABASE) -> int:
    with tempfile.TemporaryDirectory(prefix="clinic-soak-") as place:
        folder = Path(place)
        with database(kind, folder) as url:
            own = environment(folder, url)
            manage = [sys.executable, "manage.py", "prepare"]
            subprocess.run(manage, cwd=TOP, env=own, check=True, stdout=subprocess.DEVNULL)
            with Running(own) as site:
                command = [sys.executable, "-m", "tests.soak.visits", str(60 * minutes)]
                patients = subprocess.Popen(command, cwd=TOP, env=own, preexec_fn=die_with_parent)
                kills, longest = kill_now_and_then(site, patients)
    sys.stdout.write(f"| processes killed, {kind} | {kills} |\n")
    sys.stdout.write(f"| longest until it could serve again, seconds | {longest:.1f} |\n")
    return patients.returncode


if __name__ == "__main__":
    sys.exit(main(*[float(text) for text in sys.argv[1:2]], *sys.argv[2:3]))
