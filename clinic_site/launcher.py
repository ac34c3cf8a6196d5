"""`make run`: everything in place, then the site and its e-mail worker as one.

    python -m clinic_site.launcher

Whichever of the two ends first takes the other with it. TERM and INT are passed on.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType
from urllib.error import HTTPError
from urllib.request import urlopen

from environs import Env

from clinic_site import environment, setting_rules

MANAGE = [sys.executable, "manage.py"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "clinic_site/gunicorn_config.py"]
POLL_SECONDS = 0.1
STOP_SECONDS = 15

Process = subprocess.Popen[bytes]


class Stopped(Exception):
    """TERM or INT has come."""


def main() -> int:
    """Exit status: 0 after TERM or INT, otherwise that of what failed, never 0."""
    try:
        listener = listen()
    except environment.WRONG as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if listener is None:
        return 1
    with suppress(Stopped):
        return run(listener)
    return 0


def listen() -> socket.socket | None:
    """The socket of the site; where it cannot be had, says why. Raises what the settings do."""
    environment.write_for_demo()
    environment.load()
    host, port = setting_rules.host(), setting_rules.port()
    setting_rules.workers()  # gunicorn reads it before its configuration, and dies of a wrong one
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    where = f"{setting_rules.in_address(host)}:{port}"
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except socket.gaierror:
        say(f"Cannot listen on {where} (no such name): set HOST to another.")
    except OSError as error:
        change = "PORT" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "HOST"
        say(f"Cannot listen on {where} ({os.strerror(error.errno or 0)}): set {change} to another.")
    return None


def run(listener: socket.socket) -> int:
    """Prepare, start both, announce them, and wait for the first to end."""
    signal.signal(signal.SIGTERM, stop_here)
    signal.signal(signal.SIGINT, stop_here)
    failed = subprocess.run([*MANAGE, "prepare"], cwd=environment.TOP).returncode
    if failed:
        return failed
    address = own_address(listener)
    processes: dict[str, Process] = {}
    try:
        with listener:
            processes["The site"] = start_site(listener)
        processes["The e-mail worker"] = start_worker()
        announce(address, processes)
        return first_to_end(processes)
    finally:
        stop(list(processes.values()))


def own_address(listener: socket.socket) -> str:
    """How this machine reaches it: by the host that BASE_URL has unless it is set."""
    host, port = setting_rules.reachable(setting_rules.host()), listener.getsockname()[1]
    return f"http://{setting_rules.in_address(host)}:{port}"


def stop_here(number: int, frame: FrameType | None) -> None:
    raise Stopped


def start_site(listener: socket.socket) -> Process:
    bind = ["--bind", f"fd://{listener.fileno()}"]
    return start_process([*GUNICORN, *bind, "clinic_site.wsgi"], listener.fileno())


def start_worker() -> Process:
    return start_process([*MANAGE, "send_emails", "--loop"])


def start_process(command: list[str], *files: int) -> Process:
    """A group of its own in this session: so its last descendant can be found and ended."""
    return subprocess.Popen(command, cwd=environment.TOP, pass_fds=files, process_group=0)


def announce(address: str, processes: dict[str, Process]) -> None:
    """Say that the site is ready once it answers, and how to sign in."""
    while not answers(f"{address}/healthz"):
        if any(process.poll() is not None for process in processes.values()):
            return
        time.sleep(POLL_SECONDS)
    say(f"Ready: {address}/\nAdmin: {address}/admin/")
    logins = environment.var_dir() / "demo-logins.txt"
    if Env().bool("DEMO", False) and logins.exists():
        say(f"Staff sign-ins of the demo (kept in {logins}):\n{logins.read_text()}")


def answers(url: str) -> bool:
    try:
        urlopen(url, timeout=2).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True


def first_to_end(processes: dict[str, Process]) -> int:
    """The exit status of the process that ends first, but never 0: none of them should."""
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                say(f"{name} has ended, so everything stops.")
                return abs(process.returncode) or 1
        time.sleep(POLL_SECONDS)


def stop(processes: list[Process]) -> None:
    """End them all: politely, then for good, whatever they have started too."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
