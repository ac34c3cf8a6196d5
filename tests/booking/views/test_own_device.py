"""Visits that strangers make up in somebody's name, and the device that holds one of their own."""

from dataclasses import replace
from functools import partial

import pytest

from booking.models import Appointment, OutgoingEmail, Tally
from booking.visits.refusals import OverLimit
from booking.visits.requests import Request
from tests.booking.views.devices import Browser
from tests.builders import NOW, PATIENT, at, book, book_by_desk, make_therapist
from tests.threads import together


@pytest.fixture(autouse=True)
def limits(settings, ana):
    settings.OPEN_BOOKINGS_LIMIT, settings.MINIMUM_FILL_SECONDS = 3, 0
    Browser.networks = iter(range(1, 250))


@pytest.fixture
def rosa():
    """Rosa's device, which booked a visit; then strangers booked until her number was full."""
    device = Browser()
    assert device.book() == 303
    assert [Browser().book() for _stranger in range(4)] == [303, 303, 429, 429]
    return device


def act(device, page, **fields):
    visit = Appointment.objects.earliest("pk")
    typed = {"reference": visit.reference, "sequence": visit.sequence} | fields
    return device.post(f"/appointment/{page}/", typed).status_code


def test_strangers_who_fill_her_number_keep_her_own_device_from_nothing(rosa):
    to = f"ana-ruiz/{at('16:00').strftime('%Y%m%dT%H%MZ')}"
    assert act(rosa, "move", to=to) == 303
    assert rosa.book() == 303
    assert act(Browser().hold(Appointment.objects.earliest("pk")), "cancel") == 303

    by_time = Appointment.objects.order_by("pk").values_list("status", flat=True)
    assert list(by_time) == ["cancelled", "booked", "booked", "booked"]


def test_nor_from_booking_by_the_link_in_her_mail_on_another_device(rosa):
    visit = Appointment.objects.earliest("pk")

    assert Browser().book() == 429
    assert Browser().hold(visit).book() == 303


def test_nor_do_as_many_in_her_mailbox_as_an_hour_takes(rosa, settings):
    settings.BOOKING_LIMIT = 3
    assert Browser().book(name="Somebody") == 429

    assert rosa.book() == 303


def test_what_her_own_device_books_counts_however_it_goes_on(rosa):
    """The cookie is always that of the last visit: the number goes along from one to the next."""
    assert [rosa.book() for _time in range(4)] == [303, 303, 429, 429]

    held = Appointment.objects.exclude(device=None)
    assert {visit.device for visit in held} == {Appointment.objects.earliest("pk").uuid}
    assert held.count() == 2
    assert Browser().hold(held.first()).book() == 429
    held.update(status="cancelled")
    assert rosa.book() == 429  # it holds a cancelled one now, and is as anybody else


def test_what_a_cancelled_one_frees_her_device_may_book_again(rosa):
    assert [rosa.book() for _time in range(2)] == [303, 303]
    Appointment.objects.filter(pk=Appointment.objects.earliest("pk").pk).update(status="cancelled")

    # By the link in her mail: five of this hour have left, and typing proves no mailbox.
    assert rosa.hold(Appointment.objects.latest("pk")).book() == 303


def test_a_device_that_typed_fills_the_mailbox_as_any_form_does(rosa, settings):
    """It waits in no queue either: what it books in her name would keep her own mail for days."""
    settings.OPEN_BOOKINGS_LIMIT = 9
    assert [rosa.book() for _time in range(3)] == [303, 303, 429]

    assert set(OutgoingEmail.objects.values_list("due_at", flat=True)) == {NOW}


def test_nor_does_a_full_mailbox_keep_who_reads_it_from_booking(rosa, settings):
    settings.OPEN_BOOKINGS_LIMIT = 9
    assert [rosa.book() for _time in range(3)] == [303, 303, 429]

    assert Browser().hold(Appointment.objects.earliest("pk")).book() == 303
    confirmation = Appointment.objects.latest("pk").emails.get(kind="confirmation")
    assert (confirmation.due_at, Tally.objects.get().moments) == (NOW, [NOW.timestamp()] * 5)


def test_a_link_that_was_mailed_elsewhere_says_nothing_of_her_mailbox(rosa, settings):
    """A stranger books with her name and number, but gets the mail."""
    settings.OPEN_BOOKINGS_LIMIT = 9
    assert Browser().book(email="evil@example.net") == 303
    stranger = Browser().hold(Appointment.objects.latest("pk"))
    assert [rosa.book() for _time in range(2)] == [303, 303]

    assert stranger.book() == 429


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Rosa Marquez", "email": "else@example.org", "phone": "(212) 555-0142"},
        {"name": "Luis Marquez"},
    ],
)
def test_another_persons_visit_proves_nothing(rosa, typed):
    """A stranger's own visit lends no number in Rosa's name."""
    stranger = Browser()
    assert stranger.book(**typed) == 303

    assert stranger.book() == 429


@pytest.mark.parametrize("wrong", ["", "rubbish", "a.b.c"])
def test_a_cookie_that_opens_nothing_is_as_none(rosa, wrong):
    stranger = Browser()
    stranger.cookies["appointment"] = wrong

    assert stranger.book() == 429


def test_a_visit_that_the_desk_booked_is_her_own_by_its_link(rosa):
    ben = make_therapist("ben-cole")
    visit = book_by_desk(ben, at("9:00"))

    assert Browser().hold(visit).book() == 303
    assert Appointment.objects.latest("pk").device == visit.uuid


def test_past_visits_lend_nothing(rosa):
    Appointment.objects.filter(pk=Appointment.objects.earliest("pk").pk).update(starts_at=NOW)

    assert rosa.book() == 303  # hers is past: two are coming
    assert [Browser().book(), rosa.book()] == [429, 303]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("missing", ["email", "phone_e164"])
def test_of_two_bookings_at_once_by_one_device_one_keeps_the_number(ana, settings, missing):
    settings.OPEN_BOOKINGS_LIMIT = 2
    own = book(ana, at("9:00"))
    request = Request(client="", held=own, now=NOW)
    calls = [
        partial(
            book,
            make_therapist(slug),
            at("9:00"),
            request=replace(request, client=slug),
            patient=who,
        )
        for slug, who in [("ben-cole", PATIENT), ("cem-kaya", replace(PATIENT, **{missing: ""}))]
    ]

    kinds = {type(result) for result in together(*calls)}
    assert kinds == {Appointment, OverLimit}
