"""Public pages, made and compressed once for all visitors, kept by each process.

A page is kept only if its view says `Cache-Control: public`, as `conditions.views.public` does. It
is kept by its path alone: no public page differs by the host that was asked (its links come from
BASE_URL), nor by a query, unless its view says that it reads one. In each process one thread makes
a public page at a time; who asks meanwhile waits for it.
It is kept for one content version (conditions.models.ContentVersion) and at most
PAGE_CACHE_SECONDS, since it may show bookable times. The version is read at most once a second,
so a change by staff shows within two seconds on every process. While the database is away, busy or
full, a page is answered as it was last made: what it warns of can be read. The database is tried
again each second.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers

from booking.faults import is_away
from clinic_site.middleware.packing import PACK, accepted
from conditions.models import ContentVersion

Answer = Callable[[HttpRequest], HttpResponse]

MOST_PAGES = 256
VERSION_SECONDS = 1.0
LONGEST_WAIT = 5.0  # seconds for a page that another thread makes; then it is made once more
# Changes of visits alone: no public page keeps them longer than its seconds.
NOT_CONTENT = ("/admin/booking/appointment/", "/admin/desk/", "/admin/login/", "/admin/logout/")


@dataclass
class Page:
    """One page as it goes out: its headers, and its bytes by encoding, each made when asked."""

    body: bytes
    headers: dict[str, str]
    etag: str
    version: int
    fresh_until: float  # monotonic seconds
    packed: dict[str, bytes] = field(default_factory=dict)

    def bytes_for(self, encoding: str) -> bytes:
        """The body in an encoding: "br", "gzip", or "" for as it is."""
        if encoding not in self.packed:
            self.packed[encoding] = PACK[encoding](self.body)
        return self.packed[encoding]


class Shelf:
    """The pages that one process keeps, the longest unused given up first; for all its threads."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.version: int | None = 0
        self.version_until = 0.0
        self.lock, self.maker = Lock(), Lock()

    def current_version(self) -> int | None:
        """The content version, at most a second old; None while the database is away."""
        now = time.monotonic()
        if now >= self.version_until:
            self.version = read_version()
            # Counted from the answer: a database that is away takes seconds to say nothing.
            self.version_until = time.monotonic() + VERSION_SECONDS
        return self.version

    @contextmanager
    def making(self) -> Iterator[None]:
        """While one thread makes a page, others wait here, and may find it made."""
        # Closes the race of many who ask for one page that nobody has made: each would make it.
        maker = self.maker
        is_mine = maker.acquire(timeout=LONGEST_WAIT)
        try:
            yield
        finally:
            if is_mine:
                maker.release()

    def get(self, path: str, version: int) -> Page | None:
        """The page, if it is of this version and not too old."""
        # The lock keeps one thread from giving up a page while another moves it to the end.
        with self.lock:
            page = self.pages.get(path)
            if page is None or page.version != version or time.monotonic() >= page.fresh_until:
                return None
            self.pages.move_to_end(path)
            return page

    def note_away(self) -> None:
        """For a second nobody needs to ask the database."""
        self.version, self.version_until = None, time.monotonic() + VERSION_SECONDS

    def while_away(self, path: str) -> Page | None:
        """The page as it was last made, of whichever version, if the database is away."""
        with self.lock:
            return self.pages.get(path) if self.version is None else None

    def give_up(self, path: str) -> None:
        with self.lock:
            self.pages.pop(path, None)

    def put(self, path: str, page: Page) -> None:
        # As above: two threads may both find the shelf full.
        with self.lock:
            before = self.pages.get(path)
            if before and before.etag == page.etag:
                page.packed = before.packed  # made anew and the same: no need to pack it again
            self.pages[path] = page
            self.pages.move_to_end(path)
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)


SHELF = Shelf()


def read_version() -> int | None:
    """None where the database is away. Raises DatabaseError on anything else, such as no table."""
    try:
        return ContentVersion.objects.current()
    except (DatabaseError, InterfaceError) as error:
        if not is_away(error):
            raise
        return None


class PageCacheMiddleware:
    """Answers public pages from the shelf. Stands outside of all that makes or marks a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_be_kept(request):
            response = self.get_response(request)
            if changes_content(request, response):
                say_changed()
            return response
        request.get_host()  # a name that is not ours is refused, though the page is kept
        try:
            version = SHELF.current_version()
        except DatabaseError:  # the page itself says what is wrong
            return self.get_response(request)
        if version is None:
            old = SHELF.while_away(request.path)
            return sent(old, request) if old else self.get_response(request)
        return self.answer(request, version)

    def answer(self, request: HttpRequest, version: int) -> HttpResponse:
        page = SHELF.get(request.path, version)
        if page is None:
            with SHELF.making():
                page = SHELF.get(request.path, version) or SHELF.while_away(request.path)
                if page is None:
                    return self.made(request, version)
        return sent(page, request)

    def made(self, request: HttpRequest, version: int) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            SHELF.note_away()
            old = SHELF.while_away(request.path)
            return sent(old, request) if old else response
        if not is_for_everyone(request, response):
            if response.status_code == HTTPStatus.NOT_FOUND:  # staff took it back
                SHELF.give_up(request.path)
            return response
        page = kept(response, version)
        SHELF.put(request.path, page)
        return sent(page, request)


def may_be_kept(request: HttpRequest) -> bool:
    """A question whose answer may be a page for everyone: one of a public view, and without a query
    where the view reads it.
    """
    if request.method not in ("GET", "HEAD") or settings.PAGE_CACHE_SECONDS <= 0:
        return False
    query = bool(request.META.get("QUERY_STRING"))
    if not query and request.path in SHELF.pages:  # spares looking for its view
        return True
    reads_query = getattr(view_at(request.path_info), "reads_query", None)
    return reads_query is not None and not (query and reads_query)


def view_at(path: str) -> object:
    """What answers there; None where nothing does."""
    try:
        return resolve(path).func
    except Resolver404:
        return None


def is_for_everyone(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer may be kept: a whole page that its view says is everybody's."""
    vary = response.get("Vary", "").lower()
    policy = response.get("Cache-Control", "")
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not response.cookies
        and "cookie" not in vary
        and "public" in policy
        and "no-store" not in policy
    )


def changes_content(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether staff may just have changed what public pages show."""
    return (
        request.method == "POST"
        and request.path.startswith("/admin/")
        and not request.path.startswith(NOT_CONTENT)
        and response.status_code < 400
        # A stranger's post is sent on to the sign-in page: it must not empty every shelf.
        and request.user.is_authenticated
    )


def say_changed() -> None:
    """Tell every process, this one at once."""
    SHELF.version_until = 0.0
    # What staff did is saved: their answer stands even if pages must age to show it.
    with suppress(DatabaseError):
        ContentVersion.objects.bump()


def kept(response: HttpResponse, version: int) -> Page:
    """An answer as a page to keep."""
    patch_vary_headers(response, ["Accept-Encoding"])
    left_out = {"content-length", "etag"}
    return Page(
        body=response.content,
        headers={name: text for name, text in response.items() if name.lower() not in left_out},
        # Weak: the same for each encoding of the page, and on every process.
        etag=f'W/"{sha256(response.content).hexdigest()[:10]}"',
        version=version,
        fresh_until=time.monotonic() + settings.PAGE_CACHE_SECONDS,
    )


def sent(page: Page, request: HttpRequest) -> HttpResponse:
    """A page for one visitor: packed as their browser takes it, or "you have it already"."""
    encoding = accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.bytes_for(encoding)
    response = HttpResponse(body if request.method == "GET" else b"", headers=page.headers)
    response["ETag"] = page.etag
    response["Content-Length"] = str(len(body))
    if encoding:
        response["Content-Encoding"] = encoding
    if "HTTP_IF_NONE_MATCH" in request.META:
        response = get_conditional_response(request, page.etag, response=response) or response
    return response
