"""Booking a caller."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import OperationalError, connection

from booking.models import Appointment, Closure, OutgoingEmail, TimeOff
from booking.visits import corrections
from tests.booking.desk.pages import ADD, NOTE, typed
from tests.builders import NOW, at, book, book_by_desk, make_therapist, make_visit_type
from tests.conditions.builders import make_area, make_emergency_line
from tests.reading import said, texts


@pytest.fixture
def therapist():
    make_visit_type()
    return make_therapist()


def rows():
    return list(
        Appointment.objects.values_list("therapist__slug", "starts_at", "name", "source", "note")
    )


def test_the_form_begins_with_the_signs_of_an_emergency(desk, therapist):
    bare = texts(desk.get(ADD), "desk-ask")
    make_emergency_line(text="you cannot pass urine")
    make_emergency_line(level="urgent", text="you have a fever")
    make_emergency_line(text="it locks", areas=[make_area("knee", lead="knee pain")])

    assert bare == ["Ask first. If it may be an emergency, it is 911, not a booking."]
    assert texts(desk.get(ADD), "desk-ask") == [
        "Ask first. If pain comes with one of these, it is 911, not a booking: "
        "you cannot pass urine Knee pain it locks"
    ]


def test_the_form_opens_at_the_free_time(desk, therapist):
    response = desk.get(ADD, {"therapist": "ana-ruiz", "start": "20261130T1430Z"})
    form = response.context["form"]

    assert [form[name].value() for name in ("therapist", "visit_type")] == [
        "ana-ruiz",
        "initial-consultation",
    ]
    assert [f"{form[name].value()}" for name in ("day", "time")] == ["2026-11-30", "09:30:00"]


@pytest.mark.parametrize("start", ["", "now", "20261130T9930Z", "99991231T2359Z", "00010101T0000Z"])
def test_the_form_opens_empty_for_what_is_no_time(desk, therapist, start):
    response = desk.get(ADD, {"therapist": "nobody", "start": start, "visit": "none"})

    assert response.status_code == 200
    assert response.context["form"]["name"].value() is None


def test_a_caller_is_booked_without_an_address(desk, therapist):
    response = desk.post(ADD, typed(), follow=True)
    visit = Appointment.objects.get()

    assert rows() == [("ana-ruiz", at("9:30"), "Omar Haddad", "desk", NOTE)]
    assert visit.phone_e164 == "+12125550123"
    assert OutgoingEmail.objects.count() == 0
    assert said(response) == [
        f"Booked Omar Haddad, Monday, November 30, 9:30 a.m., {visit.reference}."
        " No e-mail: tell them the reference."
    ]
    assert response.redirect_chain == [
        (f"/admin/desk/?date=2026-11-30&open={visit.pk}#visit-{visit.pk}", 302)
    ]


def test_a_caller_with_an_address_gets_a_confirmation(desk, therapist):
    desk.post(ADD, typed(email="omar@example.org"))

    assert list(OutgoingEmail.objects.values_list("kind", "state")) == [("confirmation", "owed")]


def test_a_form_sent_twice_books_once(desk, therapist):
    form = typed()
    for _time in range(2):
        assert desk.post(ADD, form).status_code == 302

    assert len(rows()) == 1


def test_a_form_that_has_booked_books_nothing_else(desk, therapist):
    form = typed()
    desk.post(ADD, form)
    response = desk.post(ADD, form | {"time": "11:00"})

    assert response.context["form"].non_field_errors() == [
        "This form has already booked a visit. Open a new one to book."
    ]
    assert len(rows()) == 1


def test_a_clash_is_an_error_that_keeps_the_typing(desk, therapist):
    book(therapist, at("9:30"))
    response = desk.post(ADD, typed(time="09:45"))

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        "Ana Ruiz already has a visit at that time (Monday, November 30, 9:45 a.m.)."
        " Choose another."
    ]
    page = response.content.decode()
    assert [kept in page for kept in ("Omar Haddad", "212 555 0123", "Prefers mornings")] == [
        True
    ] * 3
    assert len(rows()) == 1


def test_after_a_clash_one_click_takes_another_time(desk, therapist):
    book(therapist, at("9:30"))
    desk.post(ADD, typed())
    desk.post(ADD, typed(slot="ana-ruiz:20261130T1600Z"))

    assert rows()[1:] == [("ana-ruiz", at("11:00"), "Omar Haddad", "desk", NOTE)]


@pytest.mark.parametrize("slot", ["", ":", "ana-ruiz:", "ana-ruiz:noon", ":20261130T1600Z:"])
def test_a_slot_that_is_none_leaves_the_time_typed(desk, therapist, slot):
    desk.post(ADD, typed(slot=slot))

    assert [row[1] for row in rows()] == [at("9:30")]


DOUBTS = {
    "07:00": ["Outside Ana Ruiz's working hours."],
    "10:00": ["Ana Ruiz is away then."],
    "14:00": ["The clinic is closed then: Snow."],
}


@pytest.mark.parametrize("time", DOUBTS)
def test_a_doubtful_time_takes_a_tick(desk, therapist, time):
    TimeOff.objects.create(therapist=therapist, starts_at=at("10:00"), ends_at=at("11:00"))
    Closure.objects.create(name="Snow", starts_at=at("14:00"), ends_at=at("15:00"))

    response = desk.post(ADD, typed(time=time))
    assert response.context["doubts"] == DOUBTS[time]
    assert rows() == []
    assert len(texts(response, "desk-doubts")) == 1

    tick = response.context["form"].confirmation()
    desk.post(ADD, typed(time=time, confirm=tick))
    assert [row[1] for row in rows()] == [at(time)]


def test_a_tick_for_one_time_is_none_for_another(desk, therapist):
    tick = desk.post(ADD, typed(time="07:00")).context["form"].confirmation()
    response = desk.post(ADD, typed(time="06:00", confirm=tick))

    assert response.context["doubts"] == ["Outside Ana Ruiz's working hours."]
    assert rows() == []


def test_a_tick_for_one_doubt_is_none_for_another(desk, therapist):
    visit = book(therapist, at("9:30"))
    tick = desk.post(ADD, typed(time="07:00")).context["form"].confirmation()
    of_rosa = typed(time="07:00", name=visit.name, email=visit.email, confirm=tick)
    asked = desk.post(ADD, of_rosa)

    assert asked.context["doubts"] == [
        "Outside Ana Ruiz's working hours.",
        f"May be the same person as {visit.reference}:"
        " Monday, November 30, 9:30 a.m. with Ana Ruiz.",
    ]
    assert "checked" not in box(asked)
    assert len(rows()) == 1
    desk.post(ADD, of_rosa | {"confirm": asked.context["form"].confirmation()})
    assert len(rows()) == 2


def box(response):
    """The box that says yes, as the page has it."""
    html = response.content.decode()
    return html[html.index('name="confirm"') :].partition(">")[0]


def test_a_time_that_is_past_takes_a_tick(desk, therapist):
    response = desk.post(ADD, typed(day="2026-11-27", time="09:30"))

    assert response.context["doubts"] == ["That time is past."]


def test_notice_horizon_and_online_limit_do_not_apply(desk, therapist, settings):
    settings.BOOKING_LIMIT = 0
    therapist.online_booking = False
    therapist.save()
    far = (at("9:30") + timedelta(days=364)).date().isoformat()
    for day, time in [("2026-11-27", "13:00"), (far, "09:30")]:
        assert desk.post(ADD, typed(day=day, time=time, name=f"Omar of {day}")).status_code == 302

    assert len(rows()) == 2


CLOCK_CHANGES = {
    "2027-03-14 02:30": "The clocks change then: choose another time.",  # skipped
    "2027-11-07 01:30": "The clocks change then: choose another time.",  # comes twice
}


@pytest.mark.parametrize("wall", CLOCK_CHANGES)
def test_a_time_that_a_clock_change_skips_or_doubles_is_an_error(desk, therapist, wall):
    day, time = wall.split()
    response = desk.post(ADD, typed(day=day, time=time))

    assert response.context["form"].errors == {"time": [CLOCK_CHANGES[wall]]}
    assert rows() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"day": "soon"},
        {"time": "25:00"},
        {"time": ""},
        {"therapist": "nobody"},
        {"therapist": "\x00"},
        {"visit_type": "unknown"},
        {"visit_type": "\x00"},
        {"name": ""},
        {"phone": "12"},
        {"email": "omar"},
        {"key": "x"},
        {"payment": "gold"},
    ],
)
def test_rubbish_is_an_error_on_its_field(desk, therapist, wrong):
    response = desk.post(ADD, typed(**wrong))

    assert list(response.context["form"].errors) == list(wrong)
    assert response.content.decode().count("<title>Error: ") == 1
    assert rows() == []


class Failing:
    """The database's n-th statement from now on finds the disk full."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Callable, *arguments: object) -> object:
        self.left -= 1
        if not self.left:
            raise OperationalError("disk full")
        return execute(*arguments)


def left_by_failures(act: Callable[[], object]) -> set[tuple[str, ...]]:
    """The notes of the visits there are after a failure at the first statement, the second, ..."""
    left = set()
    for number in count(1):
        try:
            with connection.execute_wrapper(Failing(number)):
                act()
        except OperationalError:
            left.add(tuple(Appointment.objects.values_list("note", flat=True)))
            Appointment.objects.all().delete()
        else:
            break
    assert number > 5
    return left


def in_one_transaction(therapist):
    book_by_desk(therapist, at("9:30"), note=NOTE)


def in_two(therapist):
    """How nobody should book: the note comes when the visit is there."""
    visit = book_by_desk(therapist, at("9:30"))
    corrections.correct(appointment=visit, changes={"note": NOTE}, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("act", "left"), [(in_one_transaction, {()}), (in_two, {(), ("",)})])
def test_a_failure_leaves_neither_the_visit_nor_its_note(therapist, act, left):
    assert left_by_failures(lambda: act(therapist)) == left
    assert list(Appointment.objects.values_list("note", flat=True)) == [NOTE]


def test_a_form_that_has_booked_keeps_its_note(desk, therapist):
    form = typed()
    desk.post(ADD, form)
    response = desk.post(ADD, form | {"note": "Prefers evenings"})

    assert response.context["form"].non_field_errors() == [
        "This form has already booked a visit. Open a new one to book."
    ]
    assert [row[-1] for row in rows()] == [NOTE]
