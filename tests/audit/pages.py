"""Every public address of a running site, and what it answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen

# Addresses that no link leads to: searches of every outcome, and the page for a mistyped address.
BESIDE = [
    "/search/?q=back",
    "/search/?q=fever",
    "/search/?q=numb+groin",
    "/search/?q=xylophone",
    "/no-such-page/",
    "/appointment/",
    "/appointment/lost/sent/",
    "/contact/question/sent/",
    "/exercises/program/?exercise=bridge&exercise=cat-cow",
]
A_TIME = r"^/book/[^/]+/\d{8}T\d{4}Z/$"
# Addresses of one template each. What has one segment and is none of these is a clinic page.
LISTS = {"/", "/book/", "/search/", "/team/", "/contact/", "/conditions/", "/articles/"}
LISTS |= {"/exercises/", "/exercises/program/", "/services/", "/costs/"}


@dataclass(frozen=True)
class Page:
    """An answer. `path` has the query too."""

    path: str
    status: int
    html: str


class Links(HTMLParser):
    """Where the links of a page lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


def walk(url: str) -> list[Page]:
    """One page for every path that links lead to from the home page and from those beside it.

    Of the times to book there are hundreds: one stands for all.
    """
    seen: set[str] = set()
    waiting = ["/", *BESIDE]
    pages = []
    while waiting:
        path = waiting.pop(0)
        if known(path) in seen:
            continue
        seen.add(known(path))
        page = fetch(url, path)
        pages.append(page)
        waiting += onward(url, page)
    return pages


def known(path: str) -> str:
    return re.sub(A_TIME, "/book/a-time/", path)


def onward(url: str, page: Page) -> Iterator[str]:
    """Paths of the site's own pages that the page links to, without queries."""
    for link in Links(page.html).found:
        address = urlsplit(urldefrag(urljoin(url + page.path, link)).url)
        if f"{address.scheme}://{address.netloc}" == url and address.path.endswith("/"):
            yield address.path


def fetch(url: str, path: str) -> Page:
    try:
        with urlopen(url + path, timeout=60) as answer:
            return Page(path, answer.status, answer.read().decode())
    except HTTPError as answer:
        return Page(path, answer.code, answer.read().decode())


def kind(path: str) -> str:
    """Pages of one kind are made by one template."""
    path = urlsplit(path).path
    if path in LISTS or re.match(A_TIME, path):
        return known(path)
    first, *rest = path.strip("/").split("/")
    return f"/{first}/…/" if rest else "/…/"


def one_of_each_kind(pages: list[Page]) -> dict[str, Page]:
    """The largest page of each kind. Lighthouse looks at no page that answers 404."""
    largest: dict[str, Page] = {}
    for page in sorted(pages, key=lambda page: len(page.html)):
        if page.status == 200:
            largest[kind(page.path)] = page
    return dict(sorted(largest.items()))
