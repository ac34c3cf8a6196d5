"""axe-core in a page: what it finds, one line each."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of these, what looks at colours: all that another scheme of the same page can break.
COLOURS = ["color-contrast", "link-in-text-block"]
OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # would add an inline style, against the policy
}
EVERYTHING = OPTIONS | {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS_ALONE = OPTIONS | {"runOnly": {"type": "rule", "values": COLOURS}}
RUN = "options => axe.run(options).then(results => results.violations)"


def violations(page: Page, options: dict[str, object] = EVERYTHING) -> list[str]:
    """Rule and element of everything that breaks WCAG 2.2 A and AA or good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found = page.evaluate(RUN, options)
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def violations_in_both_schemes(page: Page) -> list[str]:
    """The same, the scheme before each: everything in the light one, colours in the dark one."""
    found = []
    for scheme, options in [("light", EVERYTHING), ("dark", COLOURS_ALONE)]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{scheme}: {line}" for line in violations(page, options)]
    return found
