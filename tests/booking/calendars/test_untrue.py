"""A booked visit that stops being true is found from the rows, whoever changed them."""

import pytest

from booking.calendars.doubts import untrue
from booking.models import (
    Appointment,
    Closure,
    Location,
    Therapist,
    TimeOff,
    VisitType,
    WorkingHours,
)
from booking.visits import attendance, changes, keeping, staff_changes
from booking.visits.refusals import Changed, NotAllowed
from booking.visits.requests import Request
from tests.builders import NOW, add_hours, at, book, book_by_desk, make_location, make_therapist

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def said(now=NOW):
    """What is no longer so, in words, by reference."""
    found = untrue(Appointment.objects.all(), now).items()
    return {row.reference: [doubt.words for doubt in doubts] for row, doubts in found}


def codes(visit):
    found = untrue(Appointment.objects.all(), NOW)
    return [doubt.code for doubt in found.get(visit, [])]


def test_a_visit_as_it_was_told_is_true(visit):
    assert said() == {}


def test_a_therapist_made_inactive(visit):
    Therapist.objects.update(active=False)

    assert said() == {visit.reference: ["Ana Ruiz no longer works here."]}


def test_a_visit_type_that_was_withdrawn_and_not_one_that_went_offline(visit):
    VisitType.objects.update(online=False)
    assert said() == {}

    VisitType.objects.update(active=False)
    assert said() == {visit.reference: ["Initial consultation is no longer offered."]}


@pytest.mark.parametrize("move", [staff_changes.change_by_desk, changes.move_by_patient])
def test_a_visit_of_a_withdrawn_type_may_move_and_is_settled_by_the_desk_alone(visit, move):
    VisitType.objects.update(active=False)
    moved = move(appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW)

    assert (moved.starts_at, moved.minutes) == (at("14:00"), 45)
    assert list(said()) == ([] if move == staff_changes.change_by_desk else [visit.reference])


def test_a_visit_of_a_withdrawn_type_is_kept_on_purpose(visit):
    VisitType.objects.update(active=False)
    assert codes(visit) == [f"withdrawn:{visit.visit_type_id}"]
    keeping.keep(appointment=visit, codes=codes(visit), now=NOW)

    assert said() == {}


def test_all_hours_moved_to_another_place(visit):
    oak = make_location("oak-avenue", name="Oak Avenue", street="3 Oak Avenue")
    WorkingHours.objects.update(location=oak)

    assert said() == {visit.reference: ["Ana Ruiz works at Oak Avenue then."]}


def test_hours_that_ended(visit):
    WorkingHours.objects.update(valid_until="2026-11-29")

    assert said() == {visit.reference: ["Outside Ana Ruiz's working hours."]}


@pytest.mark.parametrize(("closes", "covered"), [("10:15", True), ("10:14", False)])
def test_hours_that_were_shortened(visit, closes, covered):
    WorkingHours.objects.filter(opens="9:00").update(closes=closes)

    assert said() == ({} if covered else {visit.reference: ["Outside Ana Ruiz's working hours."]})


@pytest.mark.parametrize(
    ("start", "end", "meets"),
    [
        ("8:00", "9:30", False),
        ("8:00", "9:31", True),
        ("10:14", "11:00", True),
        ("10:15", "11:00", False),
    ],
)
def test_time_off_and_a_closure_over_it(visit, start, end, meets):
    span = {"starts_at": at(start), "ends_at": at(end)}
    TimeOff.objects.create(therapist=visit.therapist, **span)
    TimeOff.objects.create(therapist=make_therapist("ben-cole"), **span)
    Closure.objects.create(name="Snow", **span)

    words = ["Ana Ruiz is away then.", "The clinic is closed then: Snow."]
    assert said() == ({visit.reference: words} if meets else {})


def test_a_place_s_street_changed(visit):
    Location.objects.update(street="14 Willow Street")

    told = "Willow Street, 12 Willow Street, Springfield, NY 10001"
    assert said() == {visit.reference: [f"The patient was told another address: {told}."]}


def test_a_status_that_is_clicked_by_mistake_tells_nobody_anything(visit):
    Location.objects.update(street="9 New Road")
    listed, morning = said(), at("9:00")
    for status in ("arrived", "booked"):
        attendance.set_status(appointment=visit, status=status, now=morning)

    assert listed != {}
    assert said() == listed


def test_only_booked_visits_still_to_come_are_asked_about(visit):
    Therapist.objects.update(active=False)
    changes.cancel_by_desk(appointment=book_by_desk(visit.therapist, at("14:00")), now=NOW)

    assert list(said()) == [visit.reference]
    assert said(visit.starts_at) == {}


def test_a_moved_visit_is_told_anew(visit):
    Location.objects.update(street="14 Willow Street")
    TimeOff.objects.create(therapist=visit.therapist, starts_at=at("9:00"), ends_at=at("10:00"))
    changes.move_by_patient(
        appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW
    )

    assert said() == {}


def test_what_the_desk_books_outside_the_hours_has_not_stopped_being_true():
    therapist = make_therapist()
    booked = book_by_desk(therapist, at("7:00"))
    moved = book(therapist, at("9:30"))
    staff_changes.change_by_desk(
        appointment=moved, therapist=therapist, starts_at=at("18:00"), now=NOW
    )
    assert said() == {}

    Closure.objects.create(name="Snow", starts_at=at("6:00"), ends_at=at("8:00"))
    assert said() == {booked.reference: ["The clinic is closed then: Snow."]}


def test_a_visit_kept_on_purpose_is_listed_again_for_what_is_new(visit):
    Therapist.objects.update(active=False)
    keeping.keep(appointment=visit, codes=codes(visit), now=NOW)
    visit.refresh_from_db()
    assert (said(), visit.kept_at) == ({}, NOW)

    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("11:00"))
    assert said() == {visit.reference: ["The clinic is closed then: Snow."]}


def test_what_came_up_after_the_button_was_shown_is_not_kept(visit):
    Therapist.objects.update(active=False)
    shown = codes(visit)
    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("11:00"))
    keeping.keep(appointment=visit, codes=shown, now=NOW)

    assert said() == {visit.reference: ["The clinic is closed then: Snow."]}


def test_a_move_ends_what_was_kept(visit):
    Therapist.objects.update(active=False)
    keeping.keep(appointment=visit, codes=codes(visit), now=NOW)
    Therapist.objects.update(active=True)
    moved = changes.move_by_patient(
        appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW
    )

    assert (moved.kept_against, moved.kept_at) == ([], None)


def test_only_the_visit_that_was_seen_is_kept_and_none_that_has_begun(visit):
    with pytest.raises(Changed):
        keeping.keep(appointment=visit, codes=["inactive"], now=NOW, seen=7)
    with pytest.raises(NotAllowed):
        keeping.keep(appointment=visit, codes=["inactive"], now=visit.starts_at)

    visit.refresh_from_db()
    assert (visit.kept_against, visit.kept_at) == ([], None)


@pytest.mark.parametrize("visits", [1, 5])
def test_the_question_takes_four_queries(django_assert_num_queries, visits):
    for number in range(visits):
        therapist = make_therapist(f"therapist-{number}")
        book_by_desk(therapist, at("9:30"), request=Request(now=NOW))
    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("11:00"))

    with django_assert_num_queries(4):
        assert len(said()) == visits


def test_hours_at_two_places_cover_it_at_the_one_it_is_at(visit):
    add_hours(visit.therapist, 0, "9:00-12:00", location=make_location("oak-avenue", name="Oak"))

    assert said() == {}
