"""Pages bend to their reader: a phone, enlarged, spaced, keyboard, forced colours, paper, still."""

import pytest

from tests.browser import measures
from tests.chromium import open_page, planted

# What the pages look like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

SHEET = "/exercises/program/?exercise=bird-dog&exercise=bridge"
# One page for each template. The large one of each: what fits there fits the others.
PAGES = [
    "/",
    "/conditions/",
    "/conditions/back-pain/",
    "/articles/physical-therapy-for-back-pain/",
    "/exercises/",
    "/exercises/bird-dog/",
    "/exercises/program/",
    SHEET,
    "/services/",
    "/privacy/",
    "/team/",
    "/team/maya-lindqvist/",
    "/contact/",
    "/contact/question/",
    "/contact/question/sent/",
    "/costs/",
    "/nondiscrimination/",
    "/appointment/lost/",
    "/search/?q=numb+groin",
    "/book/?therapist=maya-lindqvist",
]
# Pages that are read, and so printed. The others are for choosing on a screen.
READ = [
    "/conditions/back-pain/",
    "/articles/physical-therapy-for-back-pain/",
    "/exercises/bird-dog/",
    SHEET,
    "/privacy/",
]


def faults(page, path: str) -> list[str]:
    """All that is wrong with the page that is open at `path`."""
    found = [*measures.motion(page), *measures.forced_colours(page), *measures.keyboard(page)]
    if path in READ:
        found += measures.on_paper(page)
    found += measures.reading_width(page)
    return [*found, *measures.reflow(page), *measures.large_and_spaced_text(page)]


def test_every_kind_of_page_bends_to_its_reader(demo, new_page):
    page = new_page(base_url=demo.url)
    found = {}
    for path in PAGES:
        assert (path, page.goto(path).status) == (path, 200)
        found[path] = faults(page, path)
    page = new_page(base_url=demo.url)
    page.goto("/conditions/")
    conditions = page.locator("main .list a").evaluate_all("all => all.map(link => link.pathname)")
    for path in conditions:
        page.goto(path)
        found[path] = found.get(path, []) + measures.first_screen(page)

    assert len(conditions) == 10
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


PLANTED = {
    "at 400 %: wider than the window": (measures.reflow, "<p id=wide>Wide"),
    "at 400 %: out of the window: p “Gone”": (measures.reflow, "<p id=gone>Gone</p>"),
    "at 400 %: cut off: p “A long line that is cut”": (
        measures.reflow,
        "<p id=cut>A long line that is cut</p>",
    ),
    "large and spaced: cut off: p “Two words”": (
        measures.large_and_spaced_text,
        "<p id=low>Two words</p>",
    ),
    "large and spaced: overlap: p “One” and p “Two”": (
        measures.large_and_spaced_text,
        "<div id=tight><p>One</p><p>Two</p></div>",
    ),
    "not reached: button “Lost”": (measures.keyboard, "<a href=/>A</a><button inert>Lost</button>"),
    "focus not seen: a “Bare”": (measures.keyboard, "<a id=bare href=/>Bare</a>"),
    "focus covered: a “Under”": (measures.keyboard, "<a href=/>Under</a><div id=cover></div>"),
    "a trap": (measures.keyboard, "<a href=/ onkeydown='event.preventDefault()'>A</a>"),
    "forced colours: picture not seen: svg “”": (
        measures.forced_colours,
        "<svg width=9 height=9><path d='M0 0h9' fill='none'/></svg>",
    ),
    "forced colours: no edge: a “Flat”": (
        measures.forced_colours,
        "<a class=button href=/>Flat</a>",
    ),
    "on paper: nav “Menu”": (measures.on_paper, "<nav>Menu</nav>"),
    "not on paper: telephone": (measures.on_paper, "<p>Call us</p>"),
    "not on paper: li “A study”": (measures.on_paper, "<ol id=sources hidden><li>A study</ol>"),
    "no address: a “There”": (measures.on_paper, "<a href=http://there.example/>There</a>"),
    "71 letters in a line: mmmmmmmmmmmm…": (measures.reading_width, f"<p>{'m' * 71}</p>"),
    "on the first screen: 2 of 3 lines of warning": (
        measures.first_screen,
        "<div class=emergency><h2>Call</h2><ul><li>one<li id=below>two</ul></div>",
    ),
    "moves: p": (measures.motion, "<p id=slow>Slow</p>"),
}
PLANTED_STYLES = """
#wide { width: 600px }
#gone { position: absolute; left: -30px }
#cut { width: 60px; overflow: hidden; white-space: nowrap }
#low { height: 1.3rem; overflow: hidden; width: 20rem; line-height: 1 }
#tight p { height: 12px; margin: 0 !important; font-size: 30px }
#bare:focus { outline: 0 }
#cover { position: fixed; inset: 0; background: silver }
#below { margin-top: 844px }
#slow { transition: color 1s }
.button { background: green; color: white; text-decoration: none }
"""


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_reported(browser, fault):
    measure, body = PLANTED[fault]
    with open_page(browser) as (page, _):
        page.set_content(planted(PLANTED_STYLES, body))

        assert fault in measure(page)


def test_a_plain_page_has_none_of_these_faults(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Good</title>"
            "<style>:focus {outline: 3px solid}</style><main><h1>A heading</h1>"
            "<p>Call <a href=tel:+12125550143>us</a></p></main>"
        )

        assert (faults(page, "/"), measures.on_paper(page)) == ([], [])
