"""The site behind PgBouncer in transaction mode: `make bouncer`.

A PostgreSQL and a PgBouncer of its own; three nodes migrate at once, the demo is loaded, and staff
open pages of the admin while patients look for times. Prints a table; ends with 1 on a miss.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from shutil import which
from threading import Event
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener, urlopen

import psycopg

from tests.postgres import Postgres, die_with_parent
from tests.running import TOP, Running, environment

PORT = 6432
NODES, PAGES, PATIENTS = 3, 30, 4
ALL_PAGES = f"{PAGES} of {PAGES}"
LIMITS = {
    "lock_timeout": "3s",
    "statement_timeout": "8s",
    "idle_in_transaction_session_timeout": "10s",
}
CONFIGURATION = """\
[databases]
* = host={server} user=postgres
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
admin_users = postgres
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
"""


@contextmanager
def bouncer(server: Path, user: str | None) -> Iterator[str]:
    """A PgBouncer before the server with that socket, as the server's user; yields the address of a
    database.
    """
    with tempfile.TemporaryDirectory(prefix="clinic-bouncer-") as folder:
        os.chmod(folder, 0o777)
        file = Path(folder, "pgbouncer.ini")
        file.write_text(CONFIGURATION.format(server=server, folder=folder, port=PORT))
        process = subprocess.Popen(
            [which("pgbouncer") or "/usr/sbin/pgbouncer", "-q", file],
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        try:
            while not Path(folder, f".s.PGSQL.{PORT}").exists():
                time.sleep(0.05)
            yield f"postgresql://postgres@{quote(folder, safe='')}:{PORT}/clinic"
        finally:
            process.terminate()
            process.wait()


def migrated(own: dict[str, str]) -> str:
    """Three nodes at once on an empty database."""
    nodes = [manage(own, "migrate", "--verbosity=0") for _ in range(NODES)]
    return f"{sum(node.wait() == 0 for node in nodes)} of {NODES}"


def manage(own: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "manage.py", *command], cwd=TOP, env=own)


def refuses_options(url: str) -> str:
    """What PgBouncer says to what the site used to ask: the control of it all."""
    try:
        psycopg.connect(f"{url}?options=-c%20statement_timeout%3D8s").close()
    except psycopg.OperationalError as error:
        return "yes" if "unsupported startup parameter" in str(error) else str(error)
    return "no"


def limits(url: str) -> dict[str, str]:
    with psycopg.connect(url) as session:
        return {name: session.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS}  # type: ignore[index]


def reconnect(url: str) -> None:
    """What whoever runs it says once to PgBouncer, after the first `migrate`."""
    with psycopg.connect(url.replace("/clinic", "/pgbouncer"), autocommit=True) as console:
        console.execute("RECONNECT")


def is_cut_off(url: str) -> str:
    """Whether a question that takes too long ends, and when, in seconds."""
    begun = time.monotonic()
    try:
        with psycopg.connect(url) as session:
            session.execute("SELECT pg_sleep(60)")
    except psycopg.errors.QueryCanceled:
        return f"{time.monotonic() - begun:.0f}"
    return "never"


def signed_in(site: Running) -> OpenerDirector:
    """A browser of the demo's administrator."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    logins = Path(site.environment["VAR_DIR"], "demo-logins.txt").read_text()
    name, password = re.search(r"^(admin)\s+(\S+)", logins, re.MULTILINE).groups()  # type: ignore[union-attr]
    form = browser.open(f"{site.url}/admin/login/").read().decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)[1]  # type: ignore[index]
    typed = {"username": name, "password": password, "csrfmiddlewaretoken": token}
    browser.open(f"{site.url}/admin/login/?next=/admin/", urlencode(typed).encode()).read()
    return browser


def addresses(browser: OpenerDirector, url: str) -> list[str]:
    """Lists and change pages of the admin, as its first page and its lists link to them."""
    found: list[str] = []
    for kind in links(browser, f"{url}/admin/", r'href="(/admin/(?:booking|conditions)/\w+/)"'):
        found += [kind, *links(browser, url + kind, rf'href="({kind}\d+/change/)')[:2]]
    return [path for path in found if path.endswith("/change/")][:PAGES]


def links(browser: OpenerDirector, address: str, pattern: str) -> list[str]:
    html = browser.open(address).read().decode()
    return list(dict.fromkeys(re.findall(pattern, html)))


def answered(site: Running) -> tuple[str, int, str]:
    """Change pages of the admin that answer while patients look for times; how many pages these
    saw, and how many of them failed.
    """
    over, statuses = Event(), []

    def patient() -> None:
        while not over.is_set():
            with urlopen(f"{site.url}/book/") as page:
                statuses.append(page.status)

    browser = signed_in(site)
    paths = addresses(browser, site.url)
    with ThreadPoolExecutor(PATIENTS) as pool:
        patients = [pool.submit(patient) for _ in range(PATIENTS)]
        good = sum(is_good(browser, site.url + path) for path in paths)
        over.set()
    failed = sum(one.exception() is not None for one in patients)
    return f"{good} of {len(paths)}", len(statuses), str(failed)


def is_good(browser: OpenerDirector, address: str) -> bool:
    try:
        return browser.open(address).status == 200
    except HTTPError:
        return False


def measured() -> Iterator[tuple[str, str, str]]:
    """Of each row: what is looked at, what was found, what should be."""
    postgres = Postgres()
    try:
        with psycopg.connect(postgres.url, autocommit=True) as session:
            session.execute("CREATE DATABASE clinic")
        with (
            bouncer(postgres.folder, postgres.user) as url,
            tempfile.TemporaryDirectory() as folder,
        ):
            own = environment(Path(folder), url)
            yield "startup options are refused", refuses_options(url), "yes"
            yield "nodes that migrate at once", migrated(own), f"{NODES} of {NODES}"
            yield "limits of sessions older than that", str(set(limits(url).values())), "{'0'}"
            reconnect(url)
            yield "limits of time", str(limits(url)), str(LIMITS)
            yield "a question of a minute ends, seconds", is_cut_off(url), "8"
            assert manage(own, "prepare").wait() == 0
            with Running(own) as site:
                pages, seen, failed = answered(site)
                yield f"change pages of the admin, {seen} of times beside", pages, ALL_PAGES
                yield "patients who met an error", failed, "0"
                yield "what /readyz misses", site.attention(), "[]"
    finally:
        postgres.stop()


def main() -> int:
    missed = 0
    for what, found, wanted in measured():
        missed += found != wanted
        sys.stdout.write(f"| {what} | {found} | {'ok' if found == wanted else 'MISSED'} |\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
