"""The demo as it runs, with the time limits of production: for the commands that try it hard."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg

from tests.postgres import Postgres, die_with_parent

TOP = Path(__file__).parent.parent
START_SECONDS = 120
WEB = ["-m", "gunicorn", "--config", "clinic_site/gunicorn_config.py", "clinic_site.wsgi"]
MAIL = ["manage.py", "send_emails", "--loop"]
# It keeps what it has acknowledged, as a server does that is not only there for tests.
DURABLE = ["fsync=off"]  # that is for machines which lose their power


@contextmanager
def database(
    kind: str,
    folder: Path,
    speed: Sequence[str] = DURABLE,
    place: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[tuple[str, Postgres | None]]:
    """Its address, and the server where there is one: beneath `place`, in that environment."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'clinic.sqlite3'}", None
        return
    postgres = Postgres(speed, place=place, environment=environment)
    try:
        with psycopg.connect(postgres.url, autocommit=True) as session:
            session.execute("CREATE DATABASE clinic")
        yield f"{postgres.url.removesuffix('/postgres')}/clinic", postgres
    finally:
        postgres.stop()


def environment(folder: Path, database: str) -> dict[str, str]:
    """All that the site is told: a demo of its own in a folder, on that database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
        "DEMO": "1",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "MINIMUM_FILL_SECONDS": "0",
        "BOOKING_LIMIT": "1000000",
        "ONLINE_BOOKINGS_AN_HOUR": "1000000",
        "OPEN_BOOKINGS_LIMIT": "1000000",
    }


class Running:
    """gunicorn and the mail worker, until the end of the `with`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment, self.url = environment, environment["BASE_URL"]
        self.log = Path(environment["VAR_DIR"], "site.log")

    def __enter__(self) -> Self:
        self.web, self.mail = self.begin(*WEB), self.begin(*MAIL)
        self.wait()
        return self

    def __exit__(self, *error: object) -> None:
        for process in (self.web, self.mail):
            process.terminate()
            process.wait()

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=TOP,
                env=self.environment,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    def wait(self) -> float:
        """Until it can serve; how long that took, in seconds."""
        begun = time.monotonic()
        while self.ready()[0] != 200:
            if time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(self.log.read_text()[-5000:])
            time.sleep(0.05)
        return time.monotonic() - begun

    def ready(self) -> tuple[int, dict[str, object]]:
        """The status of `/readyz` and what it says."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def attention(self) -> str:
        return str(self.ready()[1].get("attention"))
