"""The urgency cards: on every page and before every booking."""

import pytest
from django.template import Context, Template

from conditions.models import Condition
from conditions.pages import urgency
from tests.conditions.builders import make_area, make_condition, make_emergency_line


def texts(cards):
    return [[line.text for line in card] for card in (cards.emergency, cards.urgent, cards.routine)]


def test_shipped_cards_are_complete(content):
    assert [len(card) for card in texts(urgency.cards())] == [14, 15, 4]
    assert [len(card) for card in texts(urgency.cards(back_pain()))] == [12, 14, 4]


def back_pain():
    return Condition.objects.get(slug="back-pain")


def test_cards_hold_the_general_lines_those_of_the_areas_and_those_of_the_condition(db):
    neck, back, knee = make_area("neck"), make_area("back"), make_area("knee")
    pain, other = make_condition(areas=[neck, back]), make_condition(slug="other", areas=[knee])
    make_emergency_line(text="general", order=1)
    make_emergency_line(text="first", order=0)
    make_emergency_line(text="neck and back", areas=[neck, back], order=2)
    make_emergency_line(text="back and knee", areas=[back, knee], order=3)
    make_emergency_line(text="knee alone", areas=[knee], order=4)
    make_emergency_line(text="only here", condition=pain, order=5)
    make_emergency_line(text="elsewhere", condition=other)
    make_emergency_line(text="today", level="urgent")
    make_emergency_line(text="today, of the knee", level="urgent", areas=[knee])
    make_emergency_line(text="soon", level="routine")
    own = ["first", "general", "neck and back", "back and knee", "only here"]

    shared = ["neck and back", "back and knee"]

    assert texts(urgency.cards()) == [["first", "general", *shared], ["today"], ["soon"]]
    assert texts(urgency.cards(pain)) == [own, ["today"], ["soon"]]
    assert texts(urgency.cards_of_areas([knee])) == [
        ["first", "general", "back and knee", "knee alone"],
        ["today", "today, of the knee"],
        ["soon"],
    ]


def test_where_no_part_is_known_the_lines_of_the_whole_body_stand(db):
    whole, knee = make_area("whole", is_whole_body=True), make_area("knee")
    make_emergency_line(text="general")
    make_emergency_line(text="of the whole body", areas=[whole, knee], order=1)
    make_emergency_line(text="knee alone", areas=[knee])
    hip = make_condition(areas=[make_area("hip")])

    assert texts(urgency.cards())[0] == ["general", "of the whole body"]
    assert texts(urgency.cards(hip))[0] == ["general"]


def test_a_line_that_parts_of_the_body_share_is_asked_where_no_part_is_known(db):
    """No single part owns it, so only the parts that it names, and who names none, are asked."""
    low, upper, knee, hip = (make_area(slug) for slug in ("low", "upper", "knee", "hip"))
    for parts in ([low, upper], [low, upper, knee], [hip], []):
        make_emergency_line(text=" and ".join(map(str, parts)) or "general", areas=parts)
    shared = ["Low and Upper", "Low and Upper and Knee"]
    found = {
        area: texts(urgency.cards(make_condition(slug=f"{area.slug}-pain", areas=[area])))[0]
        for area in (low, knee, hip)
    }

    assert texts(urgency.cards())[0] == [*shared, "general"]
    assert found == {
        low: [*shared, "general"],
        knee: [shared[1], "general"],
        hip: ["Hip", "general"],
    }


def test_a_line_that_names_areas_and_a_condition_is_the_conditions_alone(db):
    knee = make_area("knee")
    pain, other = make_condition(areas=[]), make_condition(slug="other", areas=[knee])
    make_emergency_line(text="both", condition=pain, areas=[knee])

    assert [texts(urgency.cards(each))[0] for each in (None, pain, other)] == [[], ["both"], []]
    assert texts(urgency.cards_of_areas([knee]))[0] == []


@pytest.mark.parametrize(
    ("own", "areas", "said"),
    [
        ("back or leg pain", ["low-back"], "back or leg pain"),
        ("", ["low-back", "knee"], "low-back pain"),
        ("", [], "pain"),
    ],
)
def test_a_condition_says_its_own_words_or_those_of_its_first_area(db, own, areas, said):
    made = [make_area(slug, order=place) for place, slug in enumerate(areas)]

    assert urgency.cards(make_condition(warning_lead=own, areas=made)).lead == said


@pytest.mark.parametrize(
    ("areas", "said"),
    [(["a", "b"], "a pain"), (["a", "c"], "pain"), (["c"], "c pain"), ([], "pain")],
)
def test_several_areas_have_the_words_that_they_share(db, areas, said):
    leads = {"a": "a pain", "b": "a pain", "c": "c pain"}

    assert urgency.cards_of_areas([make_area(s, lead=leads[s]) for s in areas]).lead == said


@pytest.mark.parametrize("demo", [True, False])
def test_warnings_stand_before_they_are_signed_off_but_never_as_drafts(db, settings, demo):
    settings.DEMO = demo
    make_emergency_line(text="shipped", state="example")
    make_emergency_line(text="half written", state="draft")

    assert texts(urgency.cards()) == [["shipped"], [], []]


@pytest.mark.parametrize("rows", [1, 3])
def test_cards_take_one_query_and_one_for_the_areas(db, django_assert_num_queries, rows):
    areas = [make_area(f"part-{number}") for number in range(rows)]
    condition = make_condition(areas=areas)
    for number in range(rows):
        make_emergency_line(text=f"sign {number}", order=number, areas=areas)

    with django_assert_num_queries(1):
        urgency.cards()
    with django_assert_num_queries(1):
        assert len(urgency.cards_of_areas(areas).emergency) == rows
    with django_assert_num_queries(2):
        assert len(urgency.cards(condition).emergency) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_any_template_can_say_the_lines_where_no_part_is_known(db, django_assert_num_queries, rows):
    make_emergency_line(text="only here", condition=make_condition())
    make_emergency_line(text="of the knee", areas=[make_area("knee")])
    make_emergency_line(text="half written", state="draft")
    for number in range(rows):
        make_emergency_line(text=f"sign {number}", order=number)
    template = Template(
        "{% load urgency %}{% urgency_cards as cards %}{{ cards.lead }}:"
        "{% for line in cards.emergency %}{{ line.text }};{% endfor %}"
    )

    with django_assert_num_queries(1):
        said = template.render(Context())

    assert said == "pain:" + "".join(f"sign {number};" for number in range(rows))


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_are_told_every_sign_by_the_pain_that_it_is_asked_of(
    db, demo, django_assert_num_queries, rows
):
    whole = make_area("whole", is_whole_body=True)
    back = [make_area("upper", lead="back pain"), make_area("low", lead="back pain")]
    page = make_condition(title="Sciatica", state="example")
    make_emergency_line(text="of this page", condition=page)
    make_emergency_line(text="of a draft", condition=make_condition(slug="draft"))
    make_emergency_line(text="half written", state="draft")
    make_emergency_line(text="today", level="urgent")
    make_emergency_line(text="of no part", areas=[whole], order=9)
    for number in range(rows):
        make_emergency_line(text=f"of the back {number}", areas=back, order=number)
        make_emergency_line(text=f"sign {number}", order=number)

    with django_assert_num_queries(2):
        found = urgency.emergencies()

    assert [(title, [line.text for line in lines], folded) for title, lines, folded in found] == [
        ("", [*(f"sign {number}" for number in range(rows)), "of no part"], False),
        ("Back pain", [f"of the back {number}" for number in range(rows)], False),
        ("Sciatica", ["of this page"], True),
    ]
