"""The urgency cards: on every page and before every booking."""

import pytest
from django.template import Context, Template

from conditions.models import UrgencyLine
from conditions.pages import urgency
from tests.conditions.builders import make_condition, make_emergency_line


def texts(cards):
    return [[line.text for line in card] for card in (cards.emergency, cards.urgent, cards.routine)]


def test_shipped_cards_are_complete(content):
    assert [len(card) for card in texts(urgency.cards())] == [8, 5, 4]


def test_cards_hold_the_lines_of_every_page_and_those_of_the_condition(db):
    pain, other = make_condition(), make_condition(slug="other")
    make_emergency_line(text="general", order=1)
    make_emergency_line(text="first", order=0)
    make_emergency_line(text="only here", condition=pain, order=2)
    make_emergency_line(text="elsewhere", condition=other)
    make_emergency_line(text="today", level="urgent")
    make_emergency_line(text="soon", level="routine")

    assert texts(urgency.cards()) == [["first", "general"], ["today"], ["soon"]]
    assert texts(urgency.cards(pain)) == [["first", "general", "only here"], ["today"], ["soon"]]


@pytest.mark.parametrize("demo", [True, False])
def test_warnings_stand_before_they_are_signed_off_but_never_as_drafts(db, settings, demo):
    settings.DEMO = demo
    make_emergency_line(text="shipped", state="example")
    make_emergency_line(text="half written", state="draft")

    assert texts(urgency.cards()) == [["shipped"], [], []]


@pytest.mark.parametrize("rows", [1, 3])
def test_cards_take_one_query(db, django_assert_num_queries, rows):
    for _ in range(rows):
        make_emergency_line()

    with django_assert_num_queries(1):
        urgency.cards()
    assert UrgencyLine.objects.count() == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_any_template_can_say_the_emergency_lines_of_every_page(
    db, django_assert_num_queries, rows
):
    make_emergency_line(text="only here", condition=make_condition())
    make_emergency_line(text="today", level="urgent")
    make_emergency_line(text="half written", state="draft")
    for number in range(rows):
        make_emergency_line(text=f"sign {number}", order=number)
    template = Template(
        "{% load urgency %}{% emergency_lines as lines %}"
        "{% if lines %}{% for line in lines %}{{ line.text }};{% endfor %}{% endif %}"
    )

    with django_assert_num_queries(1):
        said = template.render(Context())

    assert said == "".join(f"sign {number};" for number in range(rows))
