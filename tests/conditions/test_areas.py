"""Parts of the body: what ships, what belongs to them, and what a running clinic gets."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from conditions.models import AreaPicture, Article, BodyArea, Condition, PainKind, UrgencyLine
from conditions.pages import urgency
from conditions.review import approval
from tests.conditions import people
from tests.conditions.builders import (
    TODAY,
    make_area,
    make_condition,
    make_emergency_line,
    make_kind,
    make_picture,
    make_reviewer,
)

ADMIN = "/admin/conditions"
BOTH = ["low-back", "upper-back"]
SHIPPED = {
    "back-pain": BOTH,
    "back-strain-sports-injury": BOTH,
    "back-surgery-rehab": ["low-back"],
    "disc-problems": ["low-back"],
    "lumbar-spinal-stenosis": ["low-back"],
    "pregnancy-back-pelvic-pain": ["low-back"],
    "sciatica": ["low-back"],
    "scoliosis": BOTH,
    "spine-osteoarthritis": BOTH,
    "upper-back-pain": ["upper-back"],
}


def slugs(rows):
    return [row.slug for row in rows]


@pytest.fixture
def editor(db):
    return people.editor()


def sign(line):
    approval.approve(content=line, reviewer=make_reviewer(), on=TODAY)


def run(migration, step):
    """What that step of a migration does to the rows that are there."""
    module = import_module(f"conditions.migrations.{migration}")
    getattr(module, step)(apps, connection.schema_editor())


def test_what_ships_covers_the_body(content):
    assert [(area.title, area.lead) for area in BodyArea.objects.all()] == [
        ("Head and neck", "head or neck pain"),
        ("Shoulder", "shoulder pain"),
        ("Elbow and hand", "elbow or hand pain"),
        ("Low back", "back pain"),
        ("Upper back", "back pain"),
        ("Hip", "hip pain"),
        ("Knee", "knee pain"),
        ("Ankle and foot", "ankle or foot pain"),
        ("Whole body", "pain"),
    ]


def test_every_shipped_condition_belongs_to_its_areas(content):
    found = {row.slug: slugs(row.areas.all()) for row in Condition.objects.all()}

    assert found == SHIPPED


def test_a_condition_is_asked_for_an_area(editor):
    typed = {"title": "Ache", "slug": "ache", "name_in_text": "ache", "summary": "It aches."}
    below = {
        f"{name}-{count}_FORMS": 0
        for name in ("causes", "treatment_uses", "urgency_lines", "uses", "pictures")
        for count in ("TOTAL", "INITIAL")
    }
    typed |= {"about": "Much.", "order": 0} | below
    refused = editor.post(f"{ADMIN}/condition/add/", typed)
    taken = editor.post(f"{ADMIN}/condition/add/", typed | {"areas": [make_area("knee").pk]})

    assert refused.context["adminform"].errors == {"areas": ["This field is required."]}
    assert taken.status_code == 302
    assert [slugs(row.areas.all()) for row in Condition.objects.all()] == [["knee"]]


@pytest.mark.parametrize(("is_used", "status"), [(True, 403), (False, 302)])
def test_an_area_that_a_page_belongs_to_is_not_deleted(editor, is_used, status):
    area = make_area("knee")
    make_condition(areas=[area] if is_used else [make_area("hip")])
    response = editor.post(f"{ADMIN}/bodyarea/{area.pk}/delete/", {"post": "yes"})

    assert response.status_code == status
    assert BodyArea.objects.filter(pk=area.pk).exists() is is_used


def test_a_picture_goes_with_its_area(editor):
    row = make_picture(AreaPicture, area=make_area("knee"))
    response = editor.post(f"{ADMIN}/bodyarea/{row.area.pk}/delete/", {"post": "yes"})

    assert (response.status_code, AreaPicture.objects.count()) == (302, 0)


def test_a_new_clinic_has_no_areas_before_its_content(db):
    run("0011_areas_of_conditions", "belong_to_the_back")

    assert BodyArea.objects.count() == 0


def test_pages_of_a_running_clinic_belong_to_the_back(db):
    make_emergency_line()
    for slug in ["back-pain", "upper-back-pain", "sciatica", "our-own-page"]:
        make_condition(slug=slug, areas=[])
    knee = make_condition(slug="knee-pain", areas=[make_area("knee")])
    for _twice in range(2):
        run("0011_areas_of_conditions", "belong_to_the_back")
    found = {row.slug: slugs(row.areas.all()) for row in Condition.objects.exclude(pk=knee.pk)}

    assert found == {
        "back-pain": BOTH,
        "upper-back-pain": ["upper-back"],
        "sciatica": ["low-back"],
        "our-own-page": ["low-back"],
    }
    assert slugs(knee.areas.all()) == ["knee"]


def test_a_line_is_an_areas_or_a_conditions(editor):
    line = {"level": "emergency", "text": "it is bad", "order": 1, "areas": [make_area().pk]}
    both = line | {"condition": make_condition().pk}
    refused = editor.post(f"{ADMIN}/urgencyline/add/", both)
    taken = editor.post(f"{ADMIN}/urgencyline/add/", line)

    assert refused.context["adminform"].errors == {
        "__all__": ["Choose body areas or a condition, not both."]
    }
    assert taken.status_code == 302
    assert [slugs(row.areas.all()) for row in UrgencyLine.objects.all()] == [["low-back"]]


def shown_lines(page):
    return [line.text for line in urgency.cards(page).emergency]


@pytest.mark.parametrize("state", ["example", "approved"])
def test_pages_of_a_running_clinic_keep_every_line_that_they_showed(db, state):
    page, article = make_condition(areas=[]), Article.objects.create(slug="a", title="A")
    for number in range(1, 9):
        make_emergency_line(slug=f"emergency-{number}", text=f"sign {number}", order=number)
    make_emergency_line(slug="our-own", text="of this clinic", order=9)
    if state == "approved":
        sign(UrgencyLine.objects.get(slug="emergency-1"))
    before = shown_lines(page)
    run("0011_areas_of_conditions", "belong_to_the_back")
    for _twice in range(2):
        run("0012_lines_of_areas", "belong_to_the_back")

    assert shown_lines(page) == before == [*(f"sign {n}" for n in range(1, 9)), "of this clinic"]
    knee = make_condition(slug="knee-pain", areas=[make_area("knee")])
    assert shown_lines(knee) == ["sign 6", "sign 7", "sign 8", "of this clinic"]
    assert shown_lines(None) == before
    assert UrgencyLine.objects.get(slug="emergency-1").state == state
    assert slugs(article.areas.all()) == BOTH


def test_where_no_other_line_would_warn_on_every_page_they_stay_general(db):
    page = make_condition(areas=[])
    make_emergency_line(slug="emergency-1", text="sign 1")
    make_emergency_line(slug="emergency-6", text="sign 6", state="draft")
    run("0011_areas_of_conditions", "belong_to_the_back")
    run("0012_lines_of_areas", "belong_to_the_back")

    assert shown_lines(None) == shown_lines(page) == ["sign 1"]


def test_no_shipped_page_shows_a_line_of_another_part(content):
    for page in Condition.objects.all():
        cards = urgency.cards(page)
        areas = set(slugs(page.areas.all()))
        for line in [*cards.emergency, *cards.urgent, *cards.routine]:
            owners = set(slugs(line.areas.all()))
            assert line.condition in (None, page)
            assert not owners or owners & areas


# Kinds of pain


def areas_of_kinds():
    return {kind.slug: slugs(kind.areas.all()) for kind in PainKind.objects.all()}


LOW_BACK = [
    *("any", "acute", "subacute", "chronic", "leg", "walking", "surgery", "curve", "pregnancy"),
    *("pelvic", "low-back-or-leg", "chronic-or-leg"),
]
OF_KINDS = {slug: ["low-back"] for slug in LOW_BACK} | {
    "upper": ["upper-back"],
    "rounding": ["upper-back"],
    "neck": ["head-neck"],
    "weak-bones": ["whole-body"],
}


def test_every_shipped_kind_of_pain_belongs_to_its_area(content):
    assert areas_of_kinds() == OF_KINDS


def test_kinds_of_pain_that_are_there_are_of_the_areas_with_which_they_ship(content):
    PainKind.areas.through.objects.all().delete()
    for _twice in range(2):
        run("0051_areas_of_pain_kinds", "belong_to_areas")

    assert areas_of_kinds() == OF_KINDS


def test_an_area_that_is_not_there_yet_comes_as_it_ships(db):
    for slug in ("any", "neck", "weak-bones"):
        make_kind(slug, areas=[])
    run("0051_areas_of_pain_kinds", "belong_to_areas")
    made = {area.slug: [area.title, area.lead, area.order] for area in BodyArea.objects.all()}

    assert made == {
        "head-neck": ["Head and neck", "head or neck pain", 1],
        "low-back": ["Low back", "back pain", 4],
        "whole-body": ["Whole body", "pain", 9],
    }
    assert slugs(BodyArea.objects.filter(is_whole_body=True)) == ["whole-body"]


def test_a_kind_of_pain_of_a_clinics_own_goes_where_its_pages_are(db):
    for slug in ("knee", "hip"):
        page = make_condition(slug=slug, areas=[make_area(slug)])
        page.pain_kinds.add(make_kind("ache", areas=[]))
    make_kind("unused", areas=[])
    make_kind("neck", areas=[make_area("shoulder")])
    run("0051_areas_of_pain_kinds", "belong_to_areas")

    assert areas_of_kinds() == {"ache": ["hip", "knee"], "unused": [], "neck": ["shoulder"]}
