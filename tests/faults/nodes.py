"""Two nodes on one PostgreSQL, one of them killed while patients book; what one changes, both show.

Each has gunicorn with two workers, a mail worker and a folder of its own. PgBouncer stands between
where it is installed, and a proxy before them that goes on to the next node where one is away.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import urlopen

import psutil

from tests.bouncer import bouncer, signed_in
from tests.faults.proxy import Proxy
from tests.faults.rows import Row, told
from tests.postgres import die_with_parent
from tests.running import MAIL, TOP, WEB, Running, environment

SECONDS, PAUSE = 120.0, (2.0, 5.0)
KEPT = "30"  # PAGE_CACHE_SECONDS of the run: so old may a kept page's free times be
CHANGED = 2.0  # seconds within which a change by staff shows on each node
PATIENCE = 60.0
PLAN = "A plan of both nodes"
HOME_TIME = re.compile(r'href="/book/([\w-]+/\w+Z)/')


class Both:
    """The nodes, and the proxy's address."""

    def __init__(self, own: dict[str, str], url: str, folder: Path, nodes: list[Running]) -> None:
        self.own, self.url, self.folder, self.nodes = own, url, folder, nodes
        self.kills = 0
        self.longest = 0.0

    def kill_now_and_then(self, patients: "subprocess.Popen[bytes]") -> None:
        """Until the patients have done: a node dies at once with all of its processes, and begins
        again after some seconds.
        """
        while patients.poll() is None:
            time.sleep(random.uniform(*PAUSE))
            node = random.choice(self.nodes)
            workers = psutil.Process(node.web.pid).children()
            for process in [node.web, *workers, node.mail]:
                os.kill(process.pid, signal.SIGKILL)
            node.web.wait()
            node.mail.wait()
            self.kills += 1
            time.sleep(random.uniform(*PAUSE))
            node.web, node.mail = node.begin(*WEB), node.begin(*MAIL)
            self.longest = max(self.longest, node.wait())


@contextmanager
def between(url: str) -> Iterator[tuple[str, str]]:
    """The database's address behind PgBouncer, or as it is; and which."""
    os.environ["PATH"] += ":/usr/sbin"
    if not which("pgbouncer"):
        yield url, "none"
        return
    server = Path(unquote(urlsplit(url).netloc.rpartition("@")[2]))
    with bouncer(server, server.owner()) as address:
        yield address, "PgBouncer"


def tried(own: dict[str, str], url: str, folder: Path) -> Iterator[Row]:
    settings = [environment(folder / f"node-{number}", url) for number in (1, 2)]
    ports = [int(each["PORT"]) for each in settings]
    with Proxy(ports) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        for each in settings:
            prepared(each | {"BASE_URL": address}, own)
        told_apart = [each | {"BASE_URL": address, "PAGE_CACHE_SECONDS": KEPT} for each in settings]
        with Running(told_apart[0]) as one, Running(told_apart[1]) as two:
            one.url, two.url = (f"http://127.0.0.1:{port}" for port in ports)
            both = Both(told_apart[0], address, folder, [one, two])
            yield from killed(both, proxy)
            yield from seen(both)


def prepared(node: dict[str, str], own: dict[str, str]) -> None:
    """A folder of its own, with the sign-ins of the first."""
    folder = Path(node["VAR_DIR"])
    folder.mkdir(mode=0o700)
    logins = Path(own["VAR_DIR"], "demo-logins.txt")
    (folder / logins.name).write_bytes(logins.read_bytes())
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, cwd=TOP, env=node, check=True, stdout=subprocess.DEVNULL)


def killed(both: Both, proxy: Proxy) -> Iterator[Row]:
    command = [sys.executable, "-m", "tests.soak.visits", str(SECONDS)]
    patients = subprocess.Popen(command, cwd=TOP, env=both.own, preexec_fn=die_with_parent)
    both.kill_now_and_then(patients)
    yield Row("nodes killed", both.kills)
    yield Row("requests that went on to the other node", proxy.went_on)
    yield Row("longest until a node could serve again, seconds", f"{both.longest:.1f}")
    yield Row(
        "patients told what is not so, visits over one another, half written",
        patients.returncode,
        0,
    )


def seen(both: Both) -> Iterator[Row]:
    """How soon each node shows what was done on the first."""
    pages = [f"{node.url}/costs/" for node in both.nodes]
    for page in pages * 8:
        asked(page)
    added(both)
    slowest = max(until(lambda page=page: PLAN in asked(page)) for page in pages)
    yield Row("a change by staff shows on both nodes after, seconds", f"{slowest:.1f}")
    yield Row(f"in {CHANGED:.0f} s", slowest <= CHANGED, True)
    yield from taken(both)


def added(both: Both) -> None:
    """Staff enter a plan on the first node, as a browser would."""
    browser = signed_in(both.nodes[0])
    address = f"{both.nodes[0].url}/admin/booking/insuranceplan/add/"
    form = browser.open(address).read().decode()
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    saved = browser.open(address, urlencode(fields | {"name": PLAN, "active": "on"}).encode())
    assert saved.url.endswith("/insuranceplan/"), saved.read().decode()


def taken(both: Both) -> Iterator[Row]:
    """A time is booked through the first node: the second's page of times and home page."""
    second = both.nodes[1]
    for _time in range(8):
        found = HOME_TIME.search(asked(f"{second.url}/"))
    assert found, "the home page shows no time"
    time_of_it = found[1]
    booked(both, time_of_it)
    is_shown = time_of_it in asked(f"{second.url}/book/")
    yield Row("/book/ of the other node shows the time that was taken", is_shown, False)
    seconds = until(lambda: time_of_it not in asked(f"{second.url}/"))
    yield Row(
        f"its kept home page (PAGE_CACHE_SECONDS={KEPT}) shows it for, seconds", f"{seconds:.1f}"
    )
    yield Row("at most as long as that, and a second", seconds <= float(KEPT) + 1, True)


def booked(both: Both, time_of_it: str) -> None:
    code = "import sys; from tests.faults.guests import *; "
    code += f"g = Guest(patient({both.url!r}), '/book/{time_of_it}/'); g.patient.open(g.path); "
    code += "sys.exit(g.send() != DONE)"
    subprocess.run([sys.executable, "-c", code], cwd=TOP, env=both.own, check=True)


def asked(address: str) -> str:
    with urlopen(address) as page:
        return page.read().decode()


def until(condition: Callable[[], bool]) -> float:
    """Seconds until it held for the first of several times running: a node has two processes."""
    begun = last = time.monotonic()
    held = 0
    while held < 8 and last < begun + PATIENCE:
        held = held + 1 if condition() else 0
        last = last if held else time.monotonic()
    return last - begun


def main() -> int:
    own = dict(os.environ)
    with between(own["DATABASE_URL"]) as (url, bouncing):
        rows = tried(own, url, Path(own["VAR_DIR"]))
        return told([Row("between nodes and PostgreSQL", bouncing)]) | told(rows)


if __name__ == "__main__":
    sys.exit(main())
