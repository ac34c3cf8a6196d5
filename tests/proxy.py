"""`deploy/nginx.conf` itself, in front of the demo: `make proxy`.

The file is taken as it is but for its ports, its certificate and its paths. Every kind of answer is
walked, the proxy's own too: status, headers, and a page of ours with the telephone. Prints a table;
ends with 1 on a miss.
"""

import http.client
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.postgres import die_with_parent
from tests.running import TOP, Running, environment

HOST = "www.clinic.example"
FILE = TOP / "deploy/nginx.conf"
AROUND = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/start.log;
worker_processes 1;
{user}
events {{ }}
http {{
    types {{ text/html html; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clinic.conf;
}}
"""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000"
TELEPHONE = "(212) 555-0143"
BURST = 60


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: str

    def all_of(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]


class Proxy(NamedTuple):
    plain: int
    secure: int
    log: Path

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Over https, by the clinic's name."""
        return self.say(request(method, path, body, headers))

    def say(self, sent: bytes, *, secure: bool = True) -> Answer:
        """Whatever bytes are sent, and what came back."""
        port = self.secure if secure else self.plain
        with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
            connection: socket.socket = raw
            if secure:
                context = ssl._create_unverified_context()
                connection = context.wrap_socket(raw, server_hostname=HOST)
            connection.sendall(sent)
            found = http.client.HTTPResponse(connection, method=sent.split(b" ")[0].decode())
            found.begin()
            headers = [(name.lower(), value) for name, value in found.getheaders()]
            return Answer(found.status, headers, found.read().decode(errors="replace"))


def request(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close"]
    given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    if body:
        given.setdefault("Content-Length", str(len(body)))
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def filled(folder: Path, plain: int, secure: int, site: int) -> str:
    """The file with places and ports of this machine; each must be there to be changed."""
    text = FILE.read_text()
    for before, after in [
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{site};"),
        ("/etc/ssl/clinic/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/srv/clinic/deploy", f"{folder}/deploy"),
    ]:
        assert before in text, before
        text = text.replace(before, after)
    return text


def write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    built = built.public_key(key.public_key()).serial_number(x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = built.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *kinds))


@contextmanager
def nginx(site: int) -> Iterator[Proxy]:
    """The proxy, running, before whatever answers at a port of this machine."""
    program = which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        raise SystemExit("nginx is missing. Run: sudo apt install nginx-light")
    with tempfile.TemporaryDirectory(prefix="clinic-proxy-") as name:
        folder = Path(name)
        plain, secure = free_port(), free_port()
        write_certificate(folder)
        (folder / "deploy").mkdir()
        (folder / "deploy/sorry.html").write_bytes((TOP / "deploy/sorry.html").read_bytes())
        (folder / "clinic.conf").write_text(filled(folder, plain, secure, site))
        own = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=own))
        command = [program, "-c", str(folder / "nginx.conf"), "-p", name]
        process = subprocess.Popen(command, preexec_fn=die_with_parent)
        try:
            wait_for(plain, process)
            yield Proxy(plain, secure, folder / "clinic.log")
        finally:
            process.terminate()
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nginx does not start with deploy/nginx.conf.")


def faults(answer: Answer, status: int, *, page: bool = False, secure: bool = True) -> list[str]:
    """What is wrong with an answer, in words."""
    found = [] if answer.status == status else [f"status {answer.status}"]
    wanted = ALWAYS | ({"strict-transport-security": HSTS} if secure else {})
    for name, value in wanted.items():
        said = answer.all_of(name)
        found += [] if said == [value] else [f"{name}: {said}"]
    policies = answer.all_of("content-security-policy")
    policy = policies[0] if policies else ""
    is_strict = "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    unneeded = status == http.HTTPStatus.NOT_MODIFIED
    found += [] if len(policies) == (not unneeded) and (unneeded or is_strict) else [f"{policies}"]
    if page and not (TELEPHONE in answer.body and "tel:" in answer.body):
        found.append("no telephone")
    if re.search(r"nginx/|gunicorn|Python/", f"{answer.all_of('server')}{answer.body}"):
        found.append("names a version")
    return found


def walk(proxy: Proxy) -> Iterator[tuple[str, list[str]]]:
    """Every kind of answer while the site runs: what it is, and what is wrong with it."""
    ask = proxy.ask
    home = ask("GET", "/")
    yield "200, a page", faults(home, 200, page=True)
    [etag] = home.all_of("etag")
    yield "304, a page that the browser has", faults(ask("GET", "/", If_None_Match=etag), 304)
    static = re.findall(r'(/static/[^"\s]+\.(?:svg|png|woff2|css|js))', home.body)[0]
    yield "200, a static file", faults(ask("GET", static), 200)
    yield "200, a file at the top", faults(ask("GET", "/favicon.ico"), 200)
    yield "200, /healthz", faults(ask("GET", "/healthz"), 200)
    yield "200, /readyz on this machine", faults(ask("GET", "/readyz"), 200)
    yield "301, a slash that is missing", faults(ask("GET", "/team"), 301)
    yield "302, staff without a session", faults(ask("GET", "/admin/"), 302)
    yield "404, no such page", faults(ask("GET", "/nowhere/"), 404, page=True)
    yield "404, no such link", faults(ask("GET", "/m/no-such-link/"), 404, page=True)
    yield "405, a verb that is not taken", faults(ask("OPTIONS", "/book/"), 405)
    yield (
        "403, a form without its token",
        faults(ask("POST", "/admin/login/", b"username=a"), 403, page=True),
    )
    yield "400, no HTTP", faults(proxy.say(b"GET / HTTP/1.1\r\n\r\n"), 400, page=True)
    yield "400, http on the port of https", http_on_https(proxy)
    yield "413, a form of 65 KB", faults(ask("POST", "/book/", b"x" * 66_000), 413, page=True)
    length = str(41 * 1024 * 1024)
    yield (
        "413, 41 MB to staff's pages",
        faults(ask("POST", "/admin/", Content_Length=length), 413, page=True),
    )
    yield (
        "413, 2 MB to staff's pages by a stranger",
        faults(ask("POST", "/admin/", b"x" * 2_000_000), 413, page=True),
    )
    yield "414, an address of 9 KB", faults(ask("GET", f"/?{'x' * 9000}"), 414, page=True)
    yield "400, a header of 9 KB", faults(ask("GET", "/", X_Long="x" * 9000), 400, page=True)
    yield "301, http leads to https", to_https(proxy)
    yield "a client's own X-Forwarded-For is dropped", forged(proxy)


def http_on_https(proxy: Proxy) -> list[str]:
    with socket.create_connection(("127.0.0.1", proxy.secure), timeout=60) as raw:
        raw.sendall(request("GET", "/"))
        found = http.client.HTTPResponse(raw)
        found.begin()
        headers = [(name.lower(), value) for name, value in found.getheaders()]
        answer = Answer(found.status, headers, found.read().decode())
    return faults(answer, 400, page=True, secure=False)


def to_https(proxy: Proxy) -> list[str]:
    answer = proxy.say(request("GET", "/book/?day=1"), secure=False)
    led = answer.all_of("location")
    wanted = [f"https://{HOST}/book/?day=1"]
    return faults(answer, 301, secure=False) + ([] if led == wanted else [f"leads to {led}"])


def forged(proxy: Proxy) -> list[str]:
    """It would say that http was spoken, and be sent to https once more."""
    answer = proxy.ask("GET", "/", X_Forwarded_Proto="http", X_Forwarded_For="203.0.113.1")
    return faults(answer, 200)


def flood(proxy: Proxy) -> list[str]:
    """More than the limit lets through: some are 429, each with a page of ours."""
    answers = [proxy.ask("GET", "/healthz") for _ in range(BURST)]
    refused = [answer for answer in answers if answer.status == 429]
    wrong = [fault for answer in refused for fault in faults(answer, 429, page=True)]
    others = {answer.status for answer in answers} - {200, 429}
    return sorted({*wrong, *map(str, others)}) + ([] if refused else ["none is refused"])


def quiet(proxy: Proxy) -> list[str]:
    """What the proxy's log may not hold: links, and what stands behind a question mark."""
    time.sleep(0.2)
    log = proxy.log.read_text()
    found = [word for word in ("no-such-link", "xxxx", "day=1", "127.0.0.1") if word in log]
    return found + ([] if "/m/***" in log else ["the log is empty"])


def measured() -> Iterator[tuple[str, list[str]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = environment(folder, f"sqlite:///{folder / 'clinic.sqlite3'}")
        port, here = int(own["PORT"]), own["BASE_URL"]
        own |= {"BASE_URL": f"https://{HOST}", "TRUSTED_PROXIES": "127.0.0.1"}
        prepared = subprocess.run([sys.executable, "manage.py", "prepare"], cwd=TOP, env=own)
        assert prepared.returncode == 0
        with nginx(port) as proxy:
            site = Running(own)
            site.url = here
            with site:
                yield from walk(proxy)
                yield "429, a flood", flood(proxy)
            time.sleep(5)  # the limit's bucket empties
            away = proxy.ask("GET", "/book/")
            yield "502, the site is away", faults(away, 502, page=True)
            yield "the log is quiet", quiet(proxy)


def main() -> int:
    missed = 0
    for what, wrong in measured():
        missed += bool(wrong)
        sys.stdout.write(f"| {what} | {'; '.join(wrong) or 'ok'} |\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
