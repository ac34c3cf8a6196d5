"""Parts of the body are drawn, said in words, and lead from a map to what is treated there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from pytest_django.asserts import assertNumQueries

from conditions.models import AreaPicture, BodyArea, Cause, Condition, PageSection
from conditions.pages import drawings
from conditions.pages.reading import Reading
from conditions.shipped import fixtures
from tests.conditions.builders import make_area, make_condition, make_exercise

SHIPPED = [
    record
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "bodyarea"
]
ANATOMY = Template("{% load drawings %}{% anatomy row %}")
MAP = Template("{% load drawings %}{% body_map rows %}")
SCENE = Template('{% include "includes/scene.html" %}')


def tight(html: str) -> str:
    return re.sub(r">\s+<", "><", html.replace("\n", " ")).strip()


def drawn(row: Condition | BodyArea) -> str:
    return tight(ANATOMY.render(Context({"row": row})))


def drawing(name: str) -> str:
    """What a page shows of a drawing of the file."""
    return (
        '<svg class="drawing" viewBox="0 0 320 240" role="img" '
        f'aria-label="{drawings.TITLES[name]}">'
        f'<use href="/static/drawings/areas.svg#{name}"/></svg>'
    )


def captioned(name: str) -> str:
    """The same on a condition's page: its words stand beneath it."""
    return (
        '<figure class="drawing"><svg viewBox="0 0 320 240" aria-hidden="true">'
        f'<use href="/static/drawings/areas.svg#{name}"/></svg>'
        f'<figcaption class="quiet">{drawings.TITLES[name]}</figcaption></figure>'
    )


@pytest.mark.parametrize("slug", [record.slug for record in SHIPPED])
def test_every_shipped_area_is_drawn_and_said(slug):
    assert drawn(BodyArea(slug=slug)) == drawing(slug)
    assert re.search(r"^The .{20,}\.$", drawings.TITLES[slug])


def test_every_shipped_area_but_the_whole_body_has_a_place_on_the_map():
    parts = {record.slug for record in SHIPPED if not record.fields.get("is_whole_body")}

    assert drawings.PLACES.keys() == parts


def test_area_of_a_clinic_s_own_shows_no_drawing():
    assert drawn(BodyArea(slug="jaw")) == ""


def test_condition_shows_its_own_drawing_before_that_of_its_area(db):
    low = make_area("low-back", title="Low back")
    sciatica = make_condition(slug="sciatica", areas=[low])
    ache = make_condition(slug="ache", areas=[make_area("jaw", title="Jaw"), low])

    assert (drawn(sciatica), drawn(ache)) == (captioned("sciatica"), captioned("low-back"))


def test_what_to_do_today_is_drawn_for_a_condition_and_said_beneath(db):
    to_do = Template("{% load drawings %}{% to_do row %}")
    back = to_do.render(Context({"row": make_condition(slug="back-pain")}))

    assert re.findall(r'href="(.*?)"|<figcaption class="quiet">(.*?)<', back) == [
        ("/static/drawings/areas.svg#back-pain-now", ""),
        ("", "Walk, get up often, and use heat if it feels good."),
    ]
    assert tight(to_do.render(Context({"row": make_condition(slug="ache")}))) == ""


@pytest.mark.parametrize(
    ("slug", "shown"),
    [("first-visit-2", ["/static/drawings/visit.svg#first-visit-2"]), ("costs-1", [])],
)
def test_section_of_the_clinic_s_own_page_shows_its_drawing(db, demo, slug, shown):
    section = PageSection(slug=slug, heading="What?", text="Words.")
    html = Template('{% include "conditions/_section.html" %}').render(
        Context({"section": section, "number": 1, "reading": Reading()})
    )

    assert re.findall(r'href="(.*?)"', html) == shown
    assert [title for title in drawings.BY_SLUG["visit"].values() if title in html] == [
        drawings.BY_SLUG["visit"][slug] for _each in shown
    ]
    assert "<p>Words.</p>" in html


def test_cause_shows_the_drawing_of_what_explains_it_where_that_shows_the_cause(db):
    cause = Template("{% load drawings %}{% drawing_of_cause cause %}")
    disc, ache = make_condition(slug="disc-problems"), make_condition(slug="back-pain")
    shown = [
        tight(cause.render(Context({"cause": Cause(title="Wear", explained_by=found)})))
        for found in (disc, ache, None)
    ]

    assert shown == [captioned("disc-problems"), "", ""]


def test_herniated_disc_shows_its_own_drawing_and_not_that_of_a_whole_disc(db):
    cause = Template("{% load drawings %}{% drawing_of_cause cause %}")
    herniated = Cause(slug="sciatica-disc", explained_by=make_condition(slug="disc-problems"))
    html = tight(cause.render(Context({"cause": herniated})))

    assert html == captioned("sciatica-disc")
    assert "The disc pushes out and presses on the nerve." in html


def test_list_of_exercises_shows_the_drawing_of_each_area(db, demo, client):
    make_exercise("bird-dog", area=make_area("low-back", title="Low back"))
    make_exercise("nod", area=make_area("jaw", title="Jaw", order=2))
    html = client.get("/exercises/").content.decode()

    assert re.findall(r"areas\.svg#([\w-]+)", html) == ["low-back"]


def test_picture_of_an_area_stands_in_the_place_of_its_drawing(db, demo, client):
    area = make_area("low-back", title="Low back")
    make_exercise("bird-dog", area=area)
    AreaPicture.objects.create(
        slug="back", area=area, file="0" * 32, alt="A back", width=720, height=480
    )
    html = client.get("/exercises/").content.decode()

    assert ('alt="A back"' in html, "areas.svg" in html) == (True, False)


@pytest.fixture
def treated(db):
    """Conditions of three areas, one of which no map knows; each stands under its first."""
    knee = make_area("knee", title="Knee", order=7)
    low = make_area("low-back", title="Low back", order=4)
    jaw = make_area("jaw", title="Jaw", order=9)
    make_condition(slug="ache", title="Ache", order=1, areas=[low, knee])
    make_condition(slug="click", title="Click", order=2, areas=[knee, jaw])
    make_condition(slug="grind", title="Grind", order=3, areas=[jaw])
    return Condition.objects.order_by("order").prefetch_related("areas")


def test_map_lists_what_is_treated_by_area_without_any_picture(treated):
    with assertNumQueries(2):
        html = tight(MAP.render(Context({"rows": treated})))
    _map, _end, listed = html.partition("</svg>")

    assert re.findall(r'id="area-([\w-]+)"|<h3>(.*?)</h3>|<a href="(.*?)">(.*?)</a>', listed) == [
        ("low-back", "", "", ""),
        ("", "Low back", "", ""),
        ("", "", "/conditions/ache/", "Ache"),
        ("knee", "", "", ""),
        ("", "Knee", "", ""),
        ("", "", "/conditions/click/", "Click"),
        ("jaw", "", "", ""),
        ("", "Jaw", "", ""),
        ("", "", "/conditions/grind/", "Grind"),
    ]


def test_numbers_of_the_map_lead_to_the_list_for_those_who_can_see_it(treated):
    html = tight(MAP.render(Context({"rows": treated})))
    shown, _end, _listed = html.partition("</svg>")

    assert re.findall(r'<a href="#area-([\w-]+)" tabindex="-1">.*?>(\d)</text>', shown) == [
        ("low-back", "1"),
        ("knee", "2"),
    ]
    assert 'aria-hidden="true"' in shown


@pytest.mark.parametrize(
    ("areas", "shown"),
    [
        (["low-back", "upper-back"], "300 0 300 520"),
        (["knee"], "0 0 300 520"),
        (["knee", "low-back"], "0 0 600 520"),
        (["jaw"], "0 0 600 520"),  # which stands nowhere on the map
    ],
)
def test_side_of_the_body_without_a_number_is_not_shown(db, areas, shown):
    for slug in areas:
        make_condition(slug=f"{slug}-pain", areas=[make_area(slug, title=slug)])
    html = MAP.render(Context({"rows": Condition.objects.prefetch_related("areas")}))

    assert re.findall(r'viewBox="(.*?)"', html) == [shown]


def test_scene_is_one_file_of_its_own_and_said_in_words():
    html = tight(SCENE.render(Context()))

    assert re.findall(r'aria-label="(.*?)"|href="(.*?)"', html) == [
        ("A therapist guides a patient’s raised arm in a bright room with a tall window.", ""),
        ("", "/static/drawings/scene.svg#scene"),
    ]
