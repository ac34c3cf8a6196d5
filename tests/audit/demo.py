"""The demo clinic as `make run` starts it, with data and an address of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

TOP = Path(__file__).parents[2]
START_SECONDS = 180


class Demo(NamedTuple):
    url: str
    logins: dict[str, str]  # passwords of its staff, by user name


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Gives the running site; raises RuntimeError with its log where it does not start."""
    with TemporaryDirectory(prefix="clinic-audit-") as folder:
        log = Path(folder, "log")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "clinic_site.launcher"],
                cwd=TOP,
                env=environment(folder, url, port),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait(url, process, log)
            yield Demo(url, logins(Path(folder)))
        finally:
            process.terminate()
            process.wait()


def logins(folder: Path) -> dict[str, str]:
    """As `make run` prints and keeps them."""
    lines = (folder / "demo-logins.txt").read_text().splitlines()
    return dict(line.split() for line in lines if len(line.split()) == 2)


def environment(folder: str, url: str, port: int) -> dict[str, str]:
    """All that the site is told: nothing of the developer's own settings shines through."""
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DEMO": "1",
        "SECRET_KEY": "a-key-that-only-the-audit-knows-0123456789-0123456789",
        "VAR_DIR": folder,
        "BASE_URL": url,
        "PORT": str(port),
    }


def wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text())
        time.sleep(0.1)


def is_ready(url: str) -> bool:
    try:
        urlopen(f"{url}/readyz", timeout=5).close()
    except (URLError, OSError):
        return False
    return True
