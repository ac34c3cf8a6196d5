"""The clinic's name and look in a browser: its colours, its letters, nothing that moves."""

import re
import urllib.request

import pytest

from booking.brand import palettes
from booking.models import Clinic
from conditions.models import ContentVersion

# One browser is enough: nothing here depends on the database.
pytestmark = pytest.mark.only("postgresql")

TOKEN = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
LOADED = """async () => {
  await document.fonts.ready;
  return [...document.fonts].map(face => [face.family, face.status]);
}"""
HEADING = "getComputedStyle(document.querySelector('h1')).fontFamily"
MOVED = """() => new Promise(done => new PerformanceObserver(list => done(
  list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
)).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"""


@pytest.fixture
def clinic(serve, new_page):
    site = serve(environment={"PAGE_CACHE_SECONDS": "60"}, workers=3)
    return site, new_page(base_url=site.url)


@pytest.mark.parametrize("style", palettes.STYLES)
def test_a_browser_takes_the_look_in_both_schemes_and_not_on_paper(clinic, style):
    _site, page = clinic
    Clinic.objects.update(style=style, colour="#9d174d")
    page.goto("/")
    seen = {}
    for name, media in {
        "light": {"color_scheme": "light", "media": "screen"},
        "dark": {"color_scheme": "dark", "media": "screen"},
        "paper": {"color_scheme": "light", "media": "print"},
    }.items():
        page.emulate_media(**media)
        seen[name] = page.evaluate(TOKEN, "--brand")

    light, dark = palettes.palette(style, "#9d174d")
    assert seen == {"light": light["brand"], "dark": dark["brand"], "paper": "#000"}
    assert page.evaluate(TOKEN, "--r-m") == light["r-m"]
    assert page.evaluate(HEADING).startswith("Title, ")


def test_the_letters_come_from_this_site_and_nothing_moves(clinic):
    _site, page = clinic
    for path in ("/", "/team/"):
        page.goto(path, wait_until="networkidle")
        letters, moved = page.evaluate(LOADED), page.evaluate(MOVED)

        assert (path, letters, moved) == (path, [["Title", "loaded"]], 0)


def test_every_process_answers_with_the_hash_of_the_sheet_that_it_sends(clinic):
    site, page = clinic
    found = set()
    for style in (*palettes.STYLES, palettes.STYLE):
        Clinic.objects.update(style=style)
        ContentVersion.objects.bump()
        for _visit in range(8):  # a page that breaks its own policy fails the test
            page.goto("/")
        html = urllib.request.urlopen(f"{site.url}/conditions/").read().decode()
        found |= set(re.findall(r"fonts/(\w+)\.", html))

    assert found <= {"fraunces", "figtree"}
