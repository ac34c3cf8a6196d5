"""The site as patients meet it: gunicorn in processes of its own, over the test database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.settings import ENVIRONMENT, INHERITED, VAR

TOP = Path(__file__).parent.parent
START_SECONDS = STOP_SECONDS = 120  # a busy machine is no fault of the site


class Site:
    """A running gunicorn. `url` is its address, `log` what it has printed, `mail` what it sent."""

    def __init__(
        self,
        *,
        workers: int = 2,
        wsgi: str = "clinic_site.wsgi",
        environment: dict[str, str] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://{host}:{listener.getsockname()[1]}"
        self.environment = site_environment(self.url) | (environment or {})
        collect_static(self.environment)
        self.log_file = VAR / f"gunicorn-{listener.getsockname()[1]}.log"
        bind = ["--bind", f"fd://{listener.fileno()}", "--workers", str(workers), *PATIENCE]
        with listener, self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [*GUNICORN, *bind, wsgi],
                cwd=TOP,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[listener.fileno()],
            )
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"{self.url}/healthz"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(self.log)
            time.sleep(0.05)

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def whole_log(self) -> str:
        """What it has printed, read after its end: a line is written later than its answer."""
        self.stop()
        return self.log

    @property
    def mail(self) -> list[EmailMessage]:
        """The messages in `$VAR_DIR/mail/`, oldest first."""
        files = sorted((VAR / "mail").glob("*.eml"))  # their names begin with the time
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[arg-type]
            for path in files
        ]

    def empty_mail(self) -> None:
        for path in (VAR / "mail").glob("*"):
            path.unlink()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command in a process of its own, with this site's environment."""
        return manage(self.environment, *arguments)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


PATIENCE = ["--timeout", str(STOP_SECONDS), "--graceful-timeout", str(STOP_SECONDS // 2)]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "clinic_site/gunicorn_config.py"]


def site_environment(url: str) -> dict[str, str]:
    """All that the site is told: the test database, to be patient, and not to count bookings."""
    return {
        **INHERITED,
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "tests.patient_settings",
        **ENVIRONMENT,
        "BASE_URL": url,
        "DATABASE_URL": database_url(),
        "BOOKING_LIMIT": "100000",
        "ONLINE_BOOKINGS_AN_HOUR": "100000",
        "ONLINE_QUESTIONS_AN_HOUR": "100000",
    }


def database_url() -> str:
    """Where the test database is, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(ENVIRONMENT["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True)


def collect_static(environment: dict[str, str]) -> None:
    """Once a run: the compressed, hashed files that production serves."""
    if not (VAR / "static" / "staticfiles.json").exists():
        manage(environment, "collectstatic", "--noinput").check_returncode()


def answers(url: str) -> bool:
    """Whether an HTTP server answers there, whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
