"""The site as it is shipped, in one worker, and how much CPU time that worker takes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from statistics import median
from urllib.parse import urlsplit

from tests.site import Site

# Many and short rounds: what else the machine does disturbs a few of them, and the median none.
ROUNDS, ROUND_SECONDS = 31, 0.06
AS_BROWSERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
ENVIRONMENT = {
    "DEMO": "1",
    "PAGE_CACHE_SECONDS": "60",
    "GUNICORN_CMD_ARGS": "--keep-alive 600",  # the connection stays while other things are measured
}
PLAIN = "/bench/plain/"

Work = Callable[[], object]


class Server:
    """One gunicorn worker, asked over one kept connection, as the proxy does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=60)

    def ask(
        self, path: str, method: str = "GET", body: str = "", headers: Mapping[str, str] = {}
    ) -> tuple[HTTPResponse, bytes]:
        """The answer, and its bytes as they came."""
        self.connection.request(method, path, body, AS_BROWSERS | dict(headers))
        response = self.connection.getresponse()
        return response, response.read()

    def get(self, path: str, headers: Mapping[str, str] = {}) -> bytes:
        """The bytes of a page, which must be there."""
        response, body = self.ask(path, headers=headers)
        assert response.status == 200, (path, response.status)
        return body

    def clock(self) -> float:
        """Seconds of CPU time that the worker has used."""
        return float(self.get("/bench/seconds/"))

    def cost(self, work: Work, times: int) -> float:
        """Seconds of the worker's CPU time that it takes to do the work once."""
        start = self.clock()
        for _ in range(times):
            work()
        return (self.clock() - start) / times

    def ratio(self, ours: str, theirs: str) -> float:
        """How much more CPU time our page takes than theirs: median of rounds by turns."""
        return self.compared(lambda: self.get(ours), lambda: self.get(theirs))

    def compared(self, ours: Work, theirs: Work) -> float:
        """The same of any two works."""
        works = [ours, theirs]
        times = [max(3, int(ROUND_SECONDS / self.cost(work, 3))) for work in works]
        return median(
            self.cost(works[0], times[0]) / self.cost(works[1], times[1]) for _ in range(ROUNDS)
        )


@contextmanager
def serving() -> Iterator[Server]:
    """The site, and beside it the views that it is compared with."""
    site = Site(workers=1, wsgi="tests.benchmarks.wsgi", environment=ENVIRONMENT)
    try:
        served = Server(site.url)
        with closing(served.connection):
            yield served
    finally:
        site.stop()
