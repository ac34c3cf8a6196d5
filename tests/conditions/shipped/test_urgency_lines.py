"""The shipped warnings: each part of the body has its own, and a sign of a nerve says how new."""

import re

import pytest

from conditions.admin import examples
from conditions.models import BodyArea, Condition, UrgencyLine
from conditions.pages import urgency
from tests.conditions.builders import make_condition

LEVELS = ["emergency", "urgent"]
# Of the spinal cord or of many nerves of the spine at once.
SQUEEZED = re.compile(r"genital|bladder|both legs|sexual|unsteady")
IS_NEW = re.compile(r"\(new or worse\b|\bsuddenly\b|\bnewly\b")
CALLS_A_DOCTOR = [
    *("does not ease when you rest", "worse at night", "lump or swelling", "changed shape"),
    *("it is severe", "gets worse and worse", "older, and it came after a small fall"),
    *("injection or surgery in your spine", "blood thinners", "under 18 or over 50"),
]
HEART = [f"upper-back-emergency-{number}" for number in (1, 2, 3)]


def slugs(lines):
    return {line.slug for line in lines}


def test_every_sign_of_a_squeezed_nerve_is_new_or_getting_worse(content):
    lines = UrgencyLine.objects.filter(level=UrgencyLine.Level.EMERGENCY)
    signs = [line.text for line in lines if SQUEEZED.search(line.text)]

    assert len(signs) == 9
    assert [text for text in signs if not IS_NEW.search(text)] == []


def test_only_a_sign_of_a_squeezed_nerve_gives_way_where_it_has_not_changed(content):
    lines = UrgencyLine.objects.exclude(level=UrgencyLine.Level.EMERGENCY)
    texts = [line.text for line in lines if re.search("not changed|unchanged", line.text)]

    assert texts == [
        "numb genitals, weak legs, or bladder, bowel or sexual trouble are old and unchanged"
    ]


@pytest.mark.parametrize("sign", CALLS_A_DOCTOR)
def test_every_page_of_the_back_sends_each_of_these_signs_to_a_doctor_today(content, sign):
    pages = Condition.objects.published()
    texts = {page.slug: [line.text for line in urgency.cards(page).urgent] for page in pages}

    assert len(texts) == 10
    assert [slug for slug, told in texts.items() if sign not in " ".join(told)] == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_part_of_the_body_has_warnings_of_its_own(content, level):
    found = BodyArea.objects.filter(urgency_lines__level=level).distinct()

    assert set(found) == set(BodyArea.objects.all())


@pytest.mark.parametrize("slug", ["shoulder", "knee", "ankle-foot"])
def test_a_page_shows_the_warnings_of_its_part_and_of_no_other(content, slug):
    area = BodyArea.objects.get(slug=slug)
    cards = urgency.cards(make_condition(slug="new-page", areas=[area]))
    own = UrgencyLine.objects.filter(areas=area)
    others = UrgencyLine.objects.filter(areas__isnull=False).exclude(areas=area)
    shown = slugs([*cards.emergency, *cards.urgent, *cards.routine])

    assert (own.count() > 0, slugs(own) - shown, slugs(others) & shown) == (True, set(), set())


@pytest.mark.parametrize("sign", ["lose control of bladder", "genitals are numb or tingle,"])
def test_a_page_about_the_neck_warns_of_each_sign_of_the_cord_alone(content, sign):
    neck = BodyArea.objects.get(slug="head-neck")
    cards = urgency.cards(make_condition(slug="new-page", areas=[neck]))
    texts = {line.slug: line.text for line in cards.emergency if sign in line.text}

    assert list(texts) == ["head-neck-emergency-9"]
    assert "even one alone" in texts["head-neck-emergency-9"]


@pytest.mark.parametrize(
    ("area", "is_asked"), [("", True), ("knee", False), ("ankle-foot", False), ("low-back", True)]
)
@pytest.mark.parametrize("slug", ["emergency-1", "emergency-2"])
def test_who_comes_from_no_page_is_asked_of_saddle_numbness_and_urine(
    content, slug, area, is_asked
):
    areas = BodyArea.objects.filter(slug=area)
    page = make_condition(slug="new-page", areas=areas) if area else None

    assert (slug in slugs(urgency.cards(page).emergency)) is is_asked


@pytest.mark.parametrize("sign", ["chest pain", "racing heart", "short breath", "blacked out"])
def test_a_page_about_falls_calls_911_for_each_sign_of_the_heart_before_one(content, sign):
    body = BodyArea.objects.get(slug="whole-body")
    cards = urgency.cards(make_condition(slug="new-page", areas=[body]))
    before = [line.text for line in cards.emergency if "before a fall" in line.text]

    assert [text for text in before if sign in text] == before[:1] != []


def test_signs_of_the_heart_are_those_of_every_part_that_they_are_felt_in(content):
    lines = UrgencyLine.objects.filter(slug__in=HEART)

    assert {line.slug: slugs(line.areas.all()) for line in lines} == {
        slug: {"head-neck", "shoulder", "upper-back"} for slug in HEART
    }


@pytest.mark.parametrize("told", [examples.WARNINGS, examples.URGENCY_LINE["text"]])
def test_an_example_of_a_warning_is_one_of_the_part_that_it_names(content, told):
    (area,) = [each for each in BodyArea.objects.all() if f"if you have {each.lead} and:" in told]
    lines = [line.text for line in area.urgency_lines.filter(level="emergency")]

    assert len([text for text in lines if text in told]) == 1
