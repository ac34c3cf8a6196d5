"""What is wrong with a page as a browser shows it."""

from tests.axe import violations_in_both_schemes
from tests.browser import measures

PAGE_IS_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def faults(page) -> list[str]:
    """What is wrong with the page as it is shown now, in either scheme and on a small phone."""
    found = violations_in_both_schemes(page)
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate(PAGE_IS_WIDER):
        found.append("wider than a small phone")
    found += measures.broken_numbers(page)
    page.set_viewport_size(size)
    if page.locator("script:not([type='application/ld+json'])").count():
        found.append("has a script")
    return found
