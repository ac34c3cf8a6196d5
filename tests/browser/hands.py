"""What a patient does with a page: fill it in, and walk it by keys alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.looks import PAGE_IS_WIDER
from tests.chromium import follow


def runs_no_script(policy: str) -> bool:
    """Whether a page's content policy lets it run none: nothing is said of scripts but "none"."""
    parts = policy.split("; ")
    return "default-src 'none'" in parts and not any(part.startswith("script-") for part in parts)


def fill(page, **changes):
    typed = {"name": "Rosa Marquez", "phone": "(212) 555-0199", "email": "rosa@example.org"}
    for name, value in (typed | changes).items():
        page.fill(f"[name={name}]", value)


def choose_last_time(page: Page) -> None:
    """The last time of the last day of the strip: days away, so that it may still be changed."""
    follow(page.locator(".days a:not([rel])").last)
    follow(page.locator("#times a").last)


def reach(page: Page, target: Locator, most: int) -> None:
    """Press Tab until the target has the focus; fails where that takes more stops than `most`."""
    for _stop in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"more than {most} stops to {target}")


def enter(page: Page, target: Locator, most: int) -> None:
    """Reach what leads to another page, and press it. The page must fit a small phone."""
    reach(page, target, most)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert (page.url, page.evaluate(PAGE_IS_WIDER)) == (page.url, False)


def jump(page: Page, target: Locator, most: int, place: Locator) -> None:
    """Reach a link within the page and press it; the focus follows when the browser draws next."""
    enter(page, target, most)
    expect(place).to_be_focused()


def write(page: Page, name: str, text: str, most: int = 2) -> None:
    reach(page, page.locator(f"[name={name}]"), most)
    page.keyboard.type(text)


def to_content(page: Page) -> None:
    """Past the header, by the page's first link; what is wrong has the focus from the start."""
    wrong = page.locator("[autofocus]")
    if wrong.count():
        expect(wrong.first).to_be_focused()
        return
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
