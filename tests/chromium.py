"""Pages in a real Chromium that reaches nothing but this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    expect,
)

MILLISECONDS = 120_000  # a busy machine is not a fault of the page
expect.set_options(timeout=MILLISECONDS)
NAMES = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
HERE = ("127.0.0.1", "localhost")  # browsers make passkeys for a name alone
POLICY_WORDS = ("Content Security Policy", "Content-Security-Policy")


def launch(playwright: Playwright) -> Browser:
    """The Chromium on the PATH, else Playwright's own."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=MILLISECONDS)


class Complaints(list[str]):
    """What a page may not do: break its content policy, throw, ask another host."""

    def watch(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.append(f"script error: {error}"))
        page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        if any(words in message.text for words in POLICY_WORDS):
            self.append(f"policy: {message.text}")

    def on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in HERE:
            self.append(f"third party: {request.url}")


@contextmanager
def open_page(browser: Browser, **options: object) -> Iterator[tuple[Page, Complaints]]:
    """A page in a context of its own, and the complaints about it.

    `options` are Playwright's for a context: `java_script_enabled`, `viewport`, `color_scheme`…
    """
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(MILLISECONDS)
    complaints = Complaints()
    context.on("page", complaints.watch)
    try:
        yield context.new_page(), complaints
    finally:
        context.close()


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait for the whole of it.

    A click alone comes back when the answer begins, and a title or a count is then read too early.
    """
    with link.page.expect_navigation():
        link.click()


def planted(styles: str, body: str) -> str:
    """The HTML of a page that has a fault, which a measure must find."""
    return (
        f"<!doctype html><html lang=en><title>Bad</title><style>{styles}</style>"
        f"<main><h1>A heading</h1>{body}</main>"
    )
