"""Patients at their browsers: each with cookies of their own, over HTTP, all at once."""

import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from django.test import Client

from booking.models import TimeOffer, WaitlistEntry
from booking.visits import tokens

SECONDS = 600  # a busy machine is no fault of the site
Result = TypeVar("Result")


def opened(client: Client, row: TimeOffer | WaitlistEntry) -> str:
    """Follow the link in the e-mail about an offer or a wish; gives the page that it leads to."""
    prefix = "offer" if isinstance(row, TimeOffer) else "wish"
    answer = client.get(f"/{prefix}/{tokens.make(row)}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/{prefix}/")
    return answer["Location"]


class Form(HTMLParser):
    """The page's form that posts: what is filled in, and where each of its buttons leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.actions: list[str | None] = []
        self.inside, self.text = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self.inside = True
        if not self.inside:
            return
        if tag == "button":
            self.actions.append(given.get("formaction"))
        elif tag == "textarea":
            self.text = given["name"] or ""
            self.values[self.text] = ""
        elif tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self.values[given["name"] or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.text = "" if tag == "textarea" else self.text

    def handle_data(self, data: str) -> None:
        if self.text:
            # As browsers do: one kind of line break, and none at the very beginning.
            lines = (self.values[self.text] + data).replace("\r\n", "\n")
            self.values[self.text] = lines.removeprefix("\n")


@dataclass
class Answer:
    """What one request was answered."""

    status: int
    page: str
    location: str = ""

    @property
    def form(self) -> Form:
        return Form(self.page)


@dataclass
class Patient:
    """One browser. `typed` is what its person enters; `address` is told by a trusted proxy."""

    site: str
    typed: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        connection = HTTPConnection(urlsplit(self.site).netloc, timeout=SECONDS)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.site,
            **({"X-Forwarded-For": self.address} if self.address else {}),
        }
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            location = response.headers.get("Location", "")
            return Answer(response.status, response.read().decode(), location)
        finally:
            connection.close()

    def open(self, path: str) -> Answer:
        """Open the details of a time and fill them in."""
        answer = self.ask("GET", path)
        self.form = answer.form.values | self.typed
        return answer

    def send(self, path: str) -> Answer:
        return self.ask("POST", path, urlencode(self.form))


def patients(site: str, count: int) -> list[Patient]:
    """So many different people, who type awkward characters."""
    return [
        Patient(
            site,
            {
                "name": f"Zoë O'Neil <{number}> & Söhne",
                "phone": f"(212) 555-{number:04}",
                "email": f"patient-{number}@example.org",
                "reason": f'Pain, "number {number}"\r\n  under <b>the</b> shoulder blade',
                "payment": "self-pay",
                "red_flags": "no",
            },
        )
        for number in range(count)
    ]


def all_open(people: Sequence[Patient], paths: Sequence[str]) -> None:
    """Each has a page before them, filled in."""
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(Patient.open, people, paths))
    assert {answer.status for answer in opened} == {200}


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each call returned; all begin at the same moment."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        barrier.wait(SECONDS)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def all_send(people: Sequence[Patient], paths: Sequence[str]) -> list[Answer]:
    """Each opens their page; when all have it before them, all send at the same moment."""
    all_open(people, paths)
    assert all(uuid.UUID(person.form["key"]) for person in people)
    return at_once([partial(Patient.send, *pair) for pair in zip(people, paths, strict=True)])
