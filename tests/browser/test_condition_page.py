"""A condition page as it opens: short on a phone, filled on a desk, whole on paper."""

import re

import pytest

from tests.chromium import open_page

# What the pages look like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

PHONE = {"width": 390, "height": 844}
MOST_SCREENS, MOST_SHEETS = 12, 8
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture
def conditions(demo, new_page):
    """A page of the demo, and the addresses of all conditions."""
    page = new_page(base_url=demo.url)
    page.goto("/conditions/")
    found = page.locator("main .list a").evaluate_all("all => all.map(link => link.pathname)")
    assert len(found) == 10
    return page, found


def screens(page) -> float:
    """How many phone screens the page is high."""
    page.set_viewport_size(PHONE)
    return page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]


def sheets(page) -> int:
    return len(re.findall(rb"/Type /Page\b", page.pdf(format="Letter")))


def test_every_condition_opens_on_twelve_phone_screens_and_prints_on_eight_sheets(conditions):
    page, addresses = conditions
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = (screens(page), sheets(page))

    assert {
        address: size
        for address, size in found.items()
        if size[0] > MOST_SCREENS or size[1] > MOST_SHEETS
    } == {}


def test_an_unfolded_page_is_found_to_be_longer(conditions):
    page, [address, *_others] = conditions
    page.goto(address)
    folded, on_paper = screens(page), sheets(page)
    page.evaluate(OPEN_ALL)

    assert (screens(page) > folded + 1, sheets(page)) == (True, on_paper)


# What is folded on a screen and not on paper, and what warns and is folded.
NOT_ON_PAPER = """async () => {
  // What is folded is laid out with a frame, not with a style.
  for (const _frame of "12") await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll("main details > :not(summary)")]
  .filter(part => !part.closest("nav") && !part.checkVisibility({contentVisibilityAuto: true}))
  .map(part => part.textContent.trim().slice(0, 40));
}"""


def test_what_is_folded_on_a_screen_is_open_on_paper(conditions):
    page, addresses = conditions
    found = {}
    for address in addresses:
        page.goto(address)
        folded = page.evaluate(NOT_ON_PAPER)
        page.emulate_media(media="print")
        found[address] = (len(folded) > 5, page.evaluate(NOT_ON_PAPER))
        page.emulate_media(media="screen")

    assert found == dict.fromkeys(addresses, (True, []))


BESIDE = """y => {
  scrollTo(0, y);
  const box = document.querySelector("main .aside").getBoundingClientRect();
  const links = [...document.querySelectorAll(".aside .times a, .aside .contents a")];
  return [box.top >= 0, links.length > 8, links.every(link => link.checkVisibility(
    {contentVisibilityAuto: true}) && link.getBoundingClientRect().bottom <= innerHeight)];
}"""


def test_times_and_contents_stay_in_reach_beside_the_text(conditions):
    page, addresses = conditions
    page.set_viewport_size({"width": 1280, "height": 800})
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = [page.evaluate(BESIDE, y) for y in (900, 3000)]

    assert found == dict.fromkeys(addresses, [[True] * 3] * 2)


# Empty bands across the text column, and room at its right edge, in CSS pixels.
HOLES = """() => {
  const column = document.querySelector("main article > :last-child").getBoundingClientRect();
  const boxes = [...document.querySelectorAll("main article > :last-child *")]
    .filter(part => part.checkVisibility({contentVisibilityAuto: true})
      && (part.matches("img, svg, .card, .urgency, .safety")
        || [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim())))
    .map(part => part.getBoundingClientRect()).sort((one, other) => one.top - other.top);
  let [end, widest, band] = [column.top, 0, 0];
  for (const box of boxes) {
    band = Math.max(band, box.top - end);
    end = Math.max(end, box.bottom);
    widest = Math.max(widest, box.right);
  }
  const beside = document.querySelector("main .aside").getBoundingClientRect();
  const edge = beside.left > column.left ? beside.left : document.querySelector("main")
    .getBoundingClientRect().right;
  return {band, room: edge - widest};
}"""
MOST_BAND, MOST_ROOM = 90, 100


def holes(page) -> list[str]:
    """The empty places of the page that is open, at three widths."""
    found = []
    for width in (768, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        seen = page.evaluate(HOLES)
        if seen["band"] > MOST_BAND or seen["room"] > MOST_ROOM:
            found.append(f"{width}: {seen}")
    return found


def test_text_and_sidebar_have_no_holes(conditions):
    page, addresses = conditions
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = holes(page)

    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_a_planted_hole_is_found(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><main><article><div>Above</div><div class=aside>Times</div><div><p>One"
            "<p style='margin-top: 200px; width: 200px'>Two</div></article></main>"
        )

        assert len(holes(page)) == 3


def test_a_link_to_a_folded_source_unfolds_it(demo, new_page):
    page = new_page(base_url=demo.url, java_script_enabled=False)
    page.goto("/conditions/back-pain/#s3")

    assert page.locator("#s3").is_visible()
