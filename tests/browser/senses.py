"""What a page asks of hands, eyes and ears, measured in the browser. Each names what is wrong."""

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page

from tests.browser.measures import LARGE_TEXT, TEXT_FAULTS, USUAL_TEXT

WIDTHS = (320, 390, 640, 768, 1024, 1280)

# Text over which something else lies, in a window as high as the page.
COVERED = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, svg, option, .away, .skip")) continue;
    if (!element.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})) continue;
    // A card that is pressed as a whole is hidden by nothing of its own.
    const card = element.closest(".found li, .moves .card");
    const strip = element.closest(".chips, .days, .scroll")?.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 2) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (strip && (x < strip.left || x > strip.right)) continue;
      const top = document.elementFromPoint(x, y);
      if (top && !element.contains(top) && !top.contains(element) && !card?.contains(top))
        found.push(`covered: “${node.data.trim().slice(0, 30)}”`);
    }
  }
  return [...new Set(found)];
}"""

# WCAG 2.2, 2.5.8; a link within a sentence is exempt.
SMALL = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")].flatMap(element => {
  if (!element.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})) return [];
  if (element.closest(".away, .skip, svg")) return [];
  const {width, height} = element.getBoundingClientRect();
  let box = element;
  while (getComputedStyle(box).display === "inline") box = box.parentElement;
  if (box !== element && box.textContent.trim() !== element.textContent.trim()) return [];
  return width >= 24 && height >= 24 ? [] : [
    `small: ${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 30)}”`];
})"""

# Each time with the headings over it: its name, and the words of those that it says again.
REPEATED = """() => [...document.querySelectorAll("main .times a")].flatMap(link => {
  const section = link.closest("section");
  const heads = [...section?.querySelectorAll("h2, h3") ?? []].filter(
    head => head.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
  const said = new Set(heads.flatMap(head => head.innerText.toLowerCase().match(/[a-z]{3,}/g)));
  const again = link.textContent.toLowerCase().match(/[a-z]{3,}/g).filter(word => said.has(word));
  return again.length ? [`said again: ${again.join(", ")}`] : [];
})"""

ROWS = """selector => new Set([...document.querySelectorAll(selector)].map(
  element => Math.round(element.getBoundingClientRect().top))).size"""
IS_WRONG = "document.activeElement.getAttribute('role') === 'alert'"


def large_text(page: Page) -> list[str]:
    """With letters of 32 px, in windows from a small phone to a desk: whole, and not covered."""
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", LARGE_TEXT)
    found = [f"at {width} px: {fault}" for width in WIDTHS for fault in _at(page, width)]
    browser.send("Page.setFontSizes", USUAL_TEXT)
    return found


def _at(page: Page, width: int) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 800})
    yield from page.evaluate(TEXT_FAULTS)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})
    yield from page.evaluate(COVERED)
    page.set_viewport_size({"width": width, "height": 800})


def small_targets(page: Page) -> list[str]:
    """On a phone, what is too small to be pressed by any hand."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page.evaluate(SMALL)


def invalid_fields(page: Page) -> list[str]:
    """What a screen reader is told is wrong, by name or role."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return [
        f"invalid: {node['role']['value']} “{node.get('name', {}).get('value', '')}”"
        for node in tree["nodes"]
        for each in node.get("properties", [])
        if each["name"] == "invalid" and each["value"].get("value") not in (None, "false")
    ]


def undescribed_questions(page: Page) -> list[str]:
    """Safety questions whose group is not described by the list of signs."""
    groups = page.locator("[role=radiogroup]:has([name=red_flags])").evaluate_all(
        """all => all.map(group => (group.getAttribute("aria-describedby") ?? "").split(" ")
          .map(id => document.getElementById(id)?.querySelectorAll("li").length ?? 0))"""
    )
    return ["not described by its list" for lines in groups if sum(lines) == 0]


def lost_focus(page: Page) -> list[str]:
    """After an error, where the focus is if it is not on what says so."""
    return [] if page.evaluate(IS_WRONG) else ["the focus is not on the summary"]


def repeated_words(page: Page) -> list[str]:
    """Times that say what the headings over them have said."""
    return page.evaluate(REPEATED)


def rows_of(page: Page, selector: str) -> int:
    """In how many rows the elements stand."""
    return page.evaluate(ROWS, selector)


def stops_to(page: Page, target: Locator, skip: str) -> int:
    """How often Tab is pressed until the target has the focus, with the link of that name used."""
    for stop in range(1, 40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return stop
        if re.search(skip, page.evaluate("document.activeElement.innerText")):
            page.keyboard.press("Enter")
    return 40


def menu_that_stays(page: Page) -> list[str]:
    """On a phone: the menu opens by a key, and Escape closes it and gives the focus back."""
    page.set_viewport_size({"width": 390, "height": 844})
    button = page.locator(".nav").get_by_text("Menu", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    first = page.locator(".nav li").first
    if not first.is_visible():
        return ["the menu does not open"]
    page.keyboard.press("Escape")
    stays = ["the menu stays open"] if first.is_visible() else []
    back = button.evaluate("element => element === document.activeElement")
    return stays if back else [*stays, "the focus is lost"]
