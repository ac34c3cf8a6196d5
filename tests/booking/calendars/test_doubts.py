"""What speaks against a time: asked once, for whoever books or moves a visit."""

from datetime import timedelta

import pytest

from booking.calendars import doubts
from booking.earlier import offers
from booking.models import Closure, TimeOff
from tests.builders import (
    MONDAY,
    NOW,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    visit,
    wait,
)

pytestmark = pytest.mark.django_db

VISIT = timedelta(minutes=45)
AWAY = "Ana Ruiz is away then."
CLOSED = "The clinic is closed then: Snow."
OUTSIDE = "Outside Ana Ruiz's working hours."
ELSEWHERE = "Ana Ruiz works at Willow Street then."
WAY = "Too little time for the way: from 10:30 a.m. to 11:15 a.m. is a visit at Oak Avenue."


@pytest.fixture
def ana():
    """At Willow Street until half past ten, at Oak Avenue from one."""
    therapist = make_therapist(hours="9:00-10:30")
    oak = make_location("oak-avenue", name="Oak Avenue", travel_minutes=30)
    add_hours(therapist, 0, "13:00-17:00", oak)
    return therapist


def against(therapist, wall, now=NOW, **options):
    return doubts.against(therapist, at(wall), at(wall) + VISIT, now, **options)


def test_nothing_speaks_against_a_time_within_the_hours(ana):
    assert against(ana, "9:00") == []


def test_all_that_speaks_against_a_time_is_said_the_worst_first(ana):
    oak = make_location("oak-avenue")
    visit(ana, at("10:30"), location=oak).save()
    span = {"starts_at": at("9:00"), "ends_at": at("12:00")}
    TimeOff.objects.create(therapist=ana, **span)
    Closure.objects.create(name="Snow", **span)
    willow = make_location()

    late = against(ana, "9:40", now=at("12:00"))
    assert late == ["That time is past.", AWAY, CLOSED, WAY]
    assert against(ana, "9:46", location=willow) == [OUTSIDE, AWAY, CLOSED, WAY]
    assert against(ana, "9:00", location=oak) == [ELSEWHERE, AWAY, CLOSED]


def test_a_visit_that_moves_is_not_in_its_own_way(ana):
    moving = visit(ana, at("10:30"), location=make_location("oak-avenue"))
    moving.save()

    assert against(ana, "9:40") == [WAY]
    assert against(ana, "9:40", moving=moving) == []


@pytest.mark.parametrize(("now", "said"), [("9:15", []), ("9:16", ["That time is past."])])
def test_a_time_that_began_a_quarter_of_an_hour_ago_is_not_past(ana, now, said):
    assert against(ana, "9:00", now=at(now)) == said


def test_somebody_who_is_away_twice_is_said_to_be_away_once(ana):
    for wall in ("9:00", "9:30"):
        TimeOff.objects.create(therapist=ana, starts_at=at(wall), ends_at=at("10:00"))

    assert against(ana, "9:15") == [AWAY]


def test_of_a_time_that_somebody_is_asked_about_it_is_said_until_when():
    therapist = make_therapist(hours="9:00-9:45")
    wait(book(therapist, at("9:00", MONDAY + timedelta(days=1))))
    offers.look(NOW)

    said = "Until 1 p.m. this time is offered to Rosa Marquez, who may still say yes."
    assert against(therapist, "9:00") == [said]
    assert against(therapist, "9:00", now=NOW + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    ("span", "said"),
    [(("9:00", "9:45"), [[AWAY], []]), (("9:45", "10:30"), [[], [AWAY]])],
)
def test_who_is_away_beside_a_visit_is_there_for_it(ana, span, said):
    visits = [visit(ana, at(wall)) for wall in ("9:00", "9:45")]
    for row in visits:
        row.save()
    TimeOff.objects.create(therapist=ana, starts_at=at(span[0]), ends_at=at(span[1]))

    found = doubts.of_visits(visits)
    assert [[doubt.words for doubt in of_one] for of_one in found] == said


def test_where_nothing_speaks_against_a_visit_no_message_settles_anything():
    assert not doubts.of_message_alone([])


def test_of_two_places_where_the_hours_have_it_the_first_is_named(ana):
    add_hours(ana, 0, "9:00-10:30", make_location("elm-square", name="Elm Square"))
    row = visit(ana, at("9:00"), location=make_location("oak-avenue"))
    row.save()
    [found] = doubts.of_visits([row])

    willow = make_location()
    assert [doubt.words for doubt in found] == [ELSEWHERE]
    assert [doubt.code.rpartition(":")[0] for doubt in found] == [f"place:{willow.pk}"]
