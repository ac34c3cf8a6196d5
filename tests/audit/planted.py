"""A page that has every fault: a checker that finds none on it finds none anywhere."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.audit import lighthouse
from tests.audit.pages import Page, fetch

PLACE = Path(__file__).parent / "bad_pages"
PATH = "/bad.html"
HUGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300">'
    b'<rect width="300" height="300"/><!-- ' + b"x" * 1_000_000 + b" --></svg>"
)
# What each checker must say of it, among other things.
EXPECTED = {
    "Nu validator": ["“img” element must have an “alt”", "No “p” element in scope"],
    "html-validate": ["(wcag/h37)", "(no-implicit-close)"],
    "links and fragments": ["/missing.html", "/bad.html#nowhere", "/other.html#nowhere"],
    "JSON-LD types": ["possibleTreatmen"],
    "Lighthouse": [
        *("performance: ", "accessibility: ", "best-practices: ", "seo: "),
        *("largest-contentful-paint: ", "cumulative-layout-shift: ", "total-blocking-time: "),
        "third party: http://localhost:9/",
    ],
}


class Handler(SimpleHTTPRequestHandler):
    """The planted pages, and a picture that keeps a phone waiting."""

    def do_GET(self) -> None:
        if self.path != "/huge.svg":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.end_headers()
        self.wfile.write(HUGE)
        return None

    def log_message(self, *_arguments: object) -> None:
        """Requests to a planted page are nobody's news."""


@contextmanager
def running() -> Iterator[str]:
    """Gives the address of a server of the planted pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(PLACE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def overlooked(checkers: dict[str, Callable[[str, list[Page]], list[str]]]) -> list[str]:
    """Checker and fault of everything that should have been flagged and was not."""
    with running() as url:
        page = fetch(url, PATH)
        found = {name: check(url, [page]) for name, check in checkers.items()}
        found["Lighthouse"] = lighthouse.misses(lighthouse.measure(url, page))
    return [
        f"{name}: {fault}"
        for name, faults in EXPECTED.items()
        for fault in faults
        if not any(fault in message for message in found[name])
    ]
