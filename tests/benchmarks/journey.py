"""The server's CPU time of a whole journey: from a condition page to the proof of a booked visit.

Several patients go together, step by step. Each step's time is read from the worker's clock; a
plain page, asked by turns with them, is the unit.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from html import unescape
from http.cookies import SimpleCookie
from statistics import median

from tests.benchmarks import clinic
from tests.benchmarks.browsing import CONDITION
from tests.benchmarks.server import PLAIN, Server
from tests.benchmarks.table import Row
from tests.patients import Answer, Patient, patients

PATIENTS, PLAIN_PAGES, ROUNDS = 8, 60, 9
TIMES = f"/book/?for={CONDITION.split('/')[2]}"
DAYS = re.compile(r'<a href="(/book/[^"]*from=[^"]*)"(?: aria-current="date")?>\s*\w+\s*<strong>')
SHOWN = re.compile(r'<section class="day" id="times".*?</section>', re.DOTALL)
DETAILS = re.compile(r'href="(/book/[\w-]+/\w+Z/[^"]*)"')

Journey = dict[str, float]  # CPU time of each step, in plain pages


class Browser(Patient):
    """A patient's browser: it takes compressed pages, over the connection that the proxy keeps."""

    def __init__(self, served: Server, typed: dict[str, str]) -> None:
        super().__init__(served.url, typed)
        self.served = served

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.site,
        }
        response, packed = self.served.ask(path, method, body, headers)
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        is_packed = response.headers["Content-Encoding"] == "gzip"
        page = (gzip.decompress(packed) if is_packed else packed).decode(errors="ignore")
        return Answer(response.status, page, response.headers.get("Location", ""))


def rows(served: Server, database: str, at_most: float | None = None) -> Iterator[Row]:
    """The whole journey, which alone has a bound, and the share of each of its steps."""
    travel(served)  # what a process reads once, it reads now
    journeys = [travel(served) for _ in range(ROUNDS)]
    whole = median(sum(each.values()) for each in journeys)
    yield Row(f"CPU of a journey in plain pages, {database}", whole, at_most=at_most)
    for step in journeys[0]:
        yield Row(f"- {step}", median(each[step] for each in journeys))


def travel(served: Server) -> Journey:
    """One round. Its visits are deleted at the end, so that each round finds the same times."""
    browsers = [Browser(served, person.typed) for person in patients(served.url, PATIENTS)]
    with clinic.new_visits_deleted():
        unit = served.cost(lambda: served.get(PLAIN), PLAIN_PAGES)
        return {step: cost / unit for step, cost in _steps(served, browsers)}


def _steps(served: Server, browsers: list[Browser]) -> Iterator[tuple[str, float]]:
    """Each step by its name, with the CPU time that it takes for one patient."""

    def everyone(work: Callable[[int], Answer], status: int = 200) -> float:
        start = served.clock()
        answers = [work(number) for number in range(len(browsers))]
        spent = served.clock() - start
        assert {answer.status for answer in answers} == {status}
        return spent / len(browsers)

    yield "the condition page", everyone(lambda number: browsers[number].ask("GET", CONDITION))
    yield "the free times", everyone(lambda number: browsers[number].ask("GET", TIMES))
    wanted = _apart(browsers[0], len(browsers))
    yield "the form for details", everyone(lambda number: browsers[number].open(wanted[number]))
    yield "the booking", everyone(lambda number: browsers[number].send(wanted[number]), 303)
    proof = "/appointment/"
    yield "the proof", everyone(lambda number: browsers[number].ask("GET", proof))


def _apart(browser: Browser, count: int) -> list[str]:
    """Where so many free times lead that nobody's visit reaches into another's: the first and the
    last of each day of the strip.
    """
    days = DAYS.findall(browser.ask("GET", TIMES).page)
    pages = [browser.ask("GET", unescape(day)).page for day in days]
    found = [DETAILS.findall(SHOWN.findall(page)[0]) for page in pages]
    ends = [unescape(address) for day in found for address in (day[0], day[-1])]
    return ends[:count]
