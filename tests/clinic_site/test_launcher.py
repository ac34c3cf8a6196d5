"""`make run` as its user meets it: real processes, a folder and a port of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.settings import INHERITED

# The start's own database is SQLite, whichever the run of the tests is on.
pytestmark = pytest.mark.only("sqlite")

TOP = Path(__file__).parents[2]
SECONDS = 300  # a busy machine is no fault of the start


class Launch:
    """A running launcher; `output` is what it has said so far."""

    def __init__(self, folder: Path, **environment: str) -> None:
        # Never listened on, and kept to the end: nobody else gets the port before the launcher.
        self.place = socket.socket()
        self.place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.place.bind(("127.0.0.1", 0))
        port = str(self.place.getsockname()[1])
        self.started_at = time.time()
        host = {"0::1": "[::1]", "LocalHost": "localhost"}.get(environment.get("HOST", ""), "")
        self.url = f"http://{host or '127.0.0.1'}:{environment.get('PORT', port)}/"
        self.var = folder / "var"
        self.log = folder / f"log-{time.monotonic_ns()}"
        place = {"VAR_DIR": str(self.var), "ENV_FILE": str(folder / ".env"), "PORT": port}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "clinic_site.launcher"],
                cwd=TOP,
                env=INHERITED | place | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS
        while not self.is_ready():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether it has said so, and how to sign in, which it says last."""
        logins = self.var / "demo-logins.txt"
        return f"Ready: {self.url}\n" in self.output and logins.read_text() in self.output

    def children(self) -> dict[str, int]:
        """Process ids of gunicorn and of the e-mail worker."""
        names = {"gunicorn": "site", "send_emails": "worker"}
        return {
            names[word]: child.pid
            for child in psutil.Process(self.process.pid).children()
            for word in names
            if word in child.cmdline()
        }

    def survivors(self) -> list[str]:
        """What outlives the launcher. The killed may take a moment to die."""
        deadline = time.monotonic() + SECONDS
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.alive()

    def alive(self) -> list[str]:
        """What is still running in the launcher's session; the dead are not."""
        return [
            process.info["name"]
            for process in psutil.process_iter(["name", "status"])
            if process.info["status"] != psutil.STATUS_ZOMBIE
            and session_of(process.pid) == self.process.pid
        ]

    def processor_seconds(self) -> float:
        """What the start has cost; a busy machine makes much less of it than of the clock."""
        launcher = psutil.Process(self.process.pid)
        times = [each.cpu_times() for each in [launcher, *launcher.children(recursive=True)]]
        return sum(sum(time[:4]) for time in times)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=SECONDS) as response:
            return response.status

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=SECONDS)
        self.place.close()


def session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the clinic of this module lives: made by the first start, kept by the next."""
    return tmp_path_factory.mktemp("clinic")


@pytest.fixture(scope="module")
def launch(folder):
    launched = []

    def start(**environment):
        launched.append(Launch(folder, **environment))
        return launched[-1]

    yield start
    for each in launched:
        each.end()


@pytest.fixture(scope="module")
def first(launch):
    """The clinic's first start, kept running for every test that only looks."""
    first = launch()
    first.wait_until_ready()
    return first


@pytest.fixture
def running(first, launch):
    """A later start over the same files, for a test to end."""
    running = launch()
    running.wait_until_ready()
    return running


def test_first_start_writes_secrets_for_its_owner_alone(first, folder):
    settings, logins = folder / ".env", first.var / "demo-logins.txt"

    assert [oct(file.stat().st_mode)[-3:] for file in (settings, logins)] == ["600", "600"]
    assert re.findall(r"^(\w+)=.", settings.read_text(), re.M) == ["DEMO", "SECRET_KEY"]
    assert logins.read_text() in first.output
    assert f"Admin: {first.url}admin/\n" in first.output


def test_site_serves_its_pages(first):
    paths = ["", "favicon.ico", "admin/login/", "conditions/back-pain/", "team/", "book/", "readyz"]

    assert {path: first.get(path) for path in paths} == dict.fromkeys(paths, 200)


def test_taken_port_is_said_in_one_sentence(launch, first):
    port = first.url.split(":")[2].strip("/")
    second = launch(PORT=port)

    assert second.process.wait(timeout=SECONDS) == 1
    assert second.output == (
        f"Cannot listen on 127.0.0.1:{port} (Address already in use): set PORT to another.\n"
    )


@pytest.mark.parametrize("host", ["0::1", "LocalHost"])
def test_pages_are_answered_where_it_says_that_it_is_ready(launch, host):
    """An address of IPv6 needs no brackets."""
    here = launch(HOST=host)
    here.wait_until_ready()

    assert {path: here.get(path) for path in ["healthz", ""]} == {"healthz": 200, "": 200}


def test_later_start_is_cheap_and_keeps_everything(first, running, folder):
    logins = first.var / "demo-logins.txt"
    files = [folder / ".env", logins, *(first.var / "static").rglob("*")]
    written = [file.stat().st_mtime for file in files]

    assert running.processor_seconds() < first.processor_seconds()
    assert len(files) > 100
    assert max(written) < running.started_at
    assert logins.read_text() in running.output


@pytest.mark.parametrize("victim", ["site", "worker"])
def test_death_of_either_process_stops_both_with_a_failure(running, victim):
    os.kill(running.children()[victim], signal.SIGKILL)

    assert running.process.wait(timeout=SECONDS) != 0
    assert running.survivors() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_everything_without_a_failure(running, number):
    running.process.send_signal(number)

    assert running.process.wait(timeout=SECONDS) == 0
    assert running.survivors() == []


def test_example_of_the_settings_is_accepted_as_it_stands(tmp_path):
    ask = (
        "from clinic_site import environment; environment.load();"
        "from django.conf import settings as s;"
        "print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.SECURE_COOKIES)"
    )
    own = INHERITED | {"SECRET_KEY": "x" * 50, "VAR_DIR": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=TOP,
        env=own | {"ENV_FILE": str(TOP / ".env.example")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert said.stderr == ""
    assert said.stdout.split() == [
        "django.core.mail.backends.smtp.EmailBackend",
        *["mail.clinic.example", "587", "True", "True"],
    ]


WRONG_SETTINGS = [
    ({"DEMO": "0", "SECRET_KEY": ""}, "Set SECRET_KEY to a long random text of your own"),
    ({"DEMO": "0", "SECRET_KEY": "x" * 50, "DEBUG": "1"}, "Turn DEBUG off"),
    ({"DEMO": "1", "DATABASE_URL": "mysql://x"}, "DATABASE_URL must name SQLite or PostgreSQL."),
    ({"DEMO": "1", "EMAIL_URL": "snmp://x"}, "EMAIL_URL must begin with submission://"),
    ({"DEMO": "1", "CLINIC_TIME_ZONE": "Mars"}, "CLINIC_TIME_ZONE must name a zone"),
    ({"DEMO": "1", "DATABASE_URL": "nonsense"}, 'Environment variable "DATABASE_URL" invalid'),
    ({"DEMO": "1", "PORT": "http"}, 'Environment variable "PORT" invalid'),
    ({"DEMO": "1", "HOST": "http://::1"}, "HOST must be an address or a host name"),
    ({"DEMO": "perhaps"}, 'Environment variable "DEMO" invalid'),
]
CONFIGURED = ["-m", "gunicorn", "-c", "clinic_site/gunicorn_config.py", "clinic_site.wsgi"]


@pytest.mark.parametrize(
    ("command", "environment", "sentence"),
    [
        *((["manage.py", "check"], *setting) for setting in WRONG_SETTINGS),
        (["-m", "clinic_site.launcher"], *WRONG_SETTINGS[0]),
        (["-m", "clinic_site.launcher"], {"DEMO": "1", "WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY"),
        (["-m", "gunicorn", "clinic_site.wsgi"], *WRONG_SETTINGS[0]),
        (CONFIGURED, *WRONG_SETTINGS[0]),
        (CONFIGURED, {"DEMO": "1", "PORT": "99999"}, "PORT must be a whole number"),
        (CONFIGURED, {"DEMO": "1", "VAR_DIR": __file__}, "VAR_DIR must be a folder"),
    ],
)
def test_wrong_setting_stops_every_start_with_one_sentence(
    tmp_path, command, environment, sentence
):
    place = {"ENV_FILE": str(tmp_path / ".env"), "VAR_DIR": str(tmp_path), "PORT": "0"}
    stopped = subprocess.run(
        [sys.executable, *command],
        cwd=TOP,
        env=INHERITED | place | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    said = [line for line in stopped.stderr.splitlines() if not line.startswith("[")]
    assert stopped.returncode != 0
    assert [line.startswith(sentence) for line in said] == [True], stopped.stderr
