"""Answers that tell of something wrong, in a browser that looks at them."""

import uuid
from datetime import datetime

from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.looks import faults
from tests.site import Site

HTML = "text/html; charset=utf-8"

TYPED = {
    "name": "Rosa Marquez",
    "phone": "(212) 555-0199",
    "email": "rosa@example.org",
    "red_flags": "no",
}

TOO_LONG = {"name": "n" * 101, "phone": "2" * 41, "email": f"{'e' * 255}@example.org"}
TOO_LONG |= {"booked_by": "b" * 101, "interpreter": "i" * 61, "reason": "long " * 101}


def form(**changes: str) -> dict[str, str]:
    return TYPED | {"key": str(uuid.uuid4())} | changes


# The heading of the summary of what is wrong, else of the page.
SAID = "(document.querySelector('[role=alert] h2') || document.querySelector('h1')).innerText"


class Shown:
    """Pages from elsewhere, in a browser that looks at them: Django's client's answers, or what a
    browser without scripts shows. Style sheets come from a running site.
    """

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.address = page, f"{site.url}/shown/"
        self.seen: dict[str, tuple[int, str, list[str]]] = {}
        self.client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})

    def show(self, name: str, response: HttpResponse) -> None:
        """Keep as `name` the status, what is wrong in the page's words, and the page's faults."""
        self.seen[name] = (response.status_code, *self.look(response.content.decode()))

    def look(self, html: str) -> tuple[str, list[str]]:
        """What is wrong in the page's words, and the page's faults."""
        self.page.route(self.address, lambda route: route.fulfill(body=html, content_type=HTML))
        self.page.goto(self.address)
        self.page.unroute(self.address)
        return self.page.evaluate(SAID), faults(self.page)

    def statuses(self) -> dict[str, tuple[int, list[str]]]:
        """The same without the words."""
        return {name: (status, found) for name, (status, _said, found) in self.seen.items()}


def away(execute, *rest):
    raise OperationalError("the connection is lost")


def slot(starts_at: datetime) -> str:
    return reverse("booking:book_slot", args=["ana-ruiz", starts_at])
