"""Our own drawings: whole by themselves, small, and in colours that follow the page."""

import re
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest
from django.conf import settings

from booking.brand.colours import contrast
from booking.management import demo as demo_clinic
from tests import shipped
from tests.builders import at
from tests.svg import SVG, colours, tags

STATIC = Path(settings.BASE_DIR) / "static"
FILES = [STATIC / "figures.svg", *sorted((STATIC / "drawings").glob("*.svg"))]
SHAPES = {"svg", "title", "defs", "g", "path", "rect", "circle", "ellipse", "text"}
FROM_THE_PAGE = re.compile(r"none|currentColor|var\(--[a-z][a-z0-9-]*,.+\)")
# Bytes as they are sent; first visits have a bound of their own.
LIMITS = {"figures": 6_000, "areas": 9_000, "body": 2_000}
LIMITS |= {"portraits": 3_500, "scene": 3_000, "home": 3_000, "ways": 1_000, "visit": 2_000}
LIMITS |= {
    "articles": 2_000,
    "easier": 1_000,
    "harder": 1_100,
    "well-done": 1_600,
    "on-the-way": 1_300,
}
LEAST_SHAPE_CONTRAST = 3  # WCAG 2.2, 1.4.11: parts of a picture that one needs to see it
LIMBS = ["skin", "skin-2", "skin-3", "leg", "leg-2", "accent", "chair"]
USED = re.compile(r'<use href="/static/(.*?)#(.*?)"')
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def drawn(file: Path) -> list[ElementTree.Element]:
    """What is drawn in a file."""
    return list(ElementTree.parse(file).getroot())


@each_file
def test_drawing_says_what_it_shows(file):
    first = ElementTree.parse(file).getroot()[0]

    assert (first.tag, bool(first.text)) == (f"{SVG}title", True)


@each_file
def test_drawing_is_made_of_shapes_alone_and_asks_for_nothing(file):
    root = ElementTree.parse(file).getroot()
    names = {name for each in root.iter() for name in each.attrib}

    assert tags(root) - SHAPES == set()
    assert [name for name in names if name.endswith(("href", "src", "style", "class"))] == []
    assert re.findall(r"url\(|data:|@import|<!DOCTYPE|<\?xml-", file.read_text()) == []


@each_file
def test_every_colour_can_come_from_the_page(file):
    used = {colour for part in drawn(file) for colour in colours(part)}

    assert [colour for colour in used if not FROM_THE_PAGE.fullmatch(colour)] == []


@each_file
def test_no_shape_is_black_for_want_of_a_colour(file):
    """Without one, a browser would fill it black, in the dark scheme too."""
    unfilled = [
        ElementTree.tostring(shape)[:80]
        for part in drawn(file)
        for shape in bare_shapes(part, has_colour=False)
    ]

    assert unfilled == []


def bare_shapes(part: ElementTree.Element, has_colour: bool) -> list[ElementTree.Element]:
    """Shapes whose filling neither they nor what is round them names."""
    has_colour = has_colour or "fill" in part.attrib
    if part.tag.removeprefix(SVG) in SHAPES - {"svg", "title", "defs", "g"}:
        return [] if has_colour or ("stroke" in part.attrib and is_straight(part)) else [part]
    return [shape for each in part for shape in bare_shapes(each, has_colour)]


def is_straight(shape: ElementTree.Element) -> bool:
    """Whether its lines enclose nothing, so that no filling of it can be seen."""
    return not re.search(r"[cqasCQAS]|[zZ]", shape.attrib.get("d", "z"))


@each_file
def test_drawing_is_small(file):
    assert len(brotli.compress(file.read_bytes())) <= LIMITS[file.stem]


def own_colours(file: Path) -> dict[str, tuple[str, str]]:
    """The colours in the light and in the dark scheme that a file names itself."""
    pair = r"--([\w-]+),light-dark\((#\w{6}),(#\w{6})\)"
    return {name: (light, dark) for name, light, dark in re.findall(pair, file.read_text())}


@pytest.mark.parametrize("ground", ["sand", "arch"])
@pytest.mark.parametrize("limb", LIMBS)
def test_limbs_of_figures_stand_out_from_what_is_behind_them(limb, ground):
    own = own_colours(STATIC / "figures.svg")
    pairs = zip(own[limb], own[ground], strict=True)

    assert [contrast(*pair) >= LEAST_SHAPE_CONTRAST for pair in pairs] == [True, True]


def test_one_name_is_one_colour_in_all_drawings():
    named: dict[str, set[str]] = {}
    for file in FILES:
        for name, value in re.findall(
            r"var\(--([\w-]+),(light-dark\(.*?\)|#\w+)\)", file.read_text()
        ):
            named.setdefault(name, set()).add(value)

    assert {name: own for name, own in named.items() if len(own) > 1} == {}


@pytest.fixture
def clinic(db, settings):
    """The demo with all its content and people."""
    settings.DEMO = True
    shipped.load()
    demo_clinic.load(at("8:00"))


def test_pages_use_only_what_is_drawn(clinic, client):
    paths = ["/", "/conditions/", "/exercises/", "/exercises/program/", "/team/"]
    paths += ["/team/grace-chen/", "/conditions/sciatica/", "/exercises/bird-dog/", "/first-visit/"]
    paths += ["/articles/", "/articles/aquatic-therapy/"]
    used = {
        found
        for path in paths
        for found in re.findall(
            r'<use href="/static/(.*?)#(.*?)"', client.get(path).content.decode()
        )
    }
    there = {
        (str(file.relative_to(STATIC)), each.attrib["id"])
        for file in [*FILES, STATIC / "icon.svg"]
        for each in ElementTree.parse(file).iter()
        if "id" in each.attrib
    }

    assert used - there == set()
    assert {file for file, _name in used} >= {
        "figures.svg",
        "drawings/areas.svg",
        "drawings/articles.svg",
        "drawings/easier.svg",
        "drawings/harder.svg",
        "drawings/portraits.svg",
        "drawings/well-done.svg",
    }
