"""Until when an offered time is kept: an hour from when its e-mail leaves, whenever that is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from booking.earlier import deadlines, offers, waitlist
from booking.messages import kinds, outbox
from booking.models import Appointment, OutgoingEmail, TimeOffer, VisitType
from booking.visits import refusals
from booking.visits.requests import Request
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    wait,
    wait_without_visit,
)
from tests.worker import send_due

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def ana():
    return make_therapist(hours="9:00-9:45")


@pytest.fixture
def asked(ana):
    """Thursday's visit, whose patient is to be asked about Monday at nine."""
    wait(book(ana, at("9:00", THURSDAY)))
    send_due(NOW)
    mail.outbox.clear()
    offers.look(NOW)
    return offered()


@pytest.fixture
def away(settings):
    """No mail server answers; to be called when one does."""
    kept = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    return lambda: setattr(settings, "EMAIL_BACKEND", kept)


def offered():
    return TimeOffer.objects.with_details().get()


def question():
    return OutgoingEmail.objects.get(kind="offer")


def until():
    """How long after its making the offer lasts."""
    return TimeOffer.objects.get().expires_at - NOW


def test_who_is_written_to_late_has_the_whole_hour(ana, asked, away):
    send_due(NOW)
    assert (question().state, until()) == ("owed", 60 * MINUTE)
    away()
    send_due(NOW + 31 * MINUTE)

    assert (question().state, until()) == ("sent", 91 * MINUTE)
    assert "We keep it for you until Friday, November 27, 1:31 p.m." in mail.outbox[0].body
    with pytest.raises(refusals.SlotUnavailable):
        book(ana, at("9:00"), request=Request(now=NOW + 90 * MINUTE))
    visit = offers.claim(offer=offered(), now=NOW + 90 * MINUTE)
    assert visit.starts_at == at("9:00")


def try_all_day():
    """When its e-mail was tried until it was given up, in minutes."""
    now, tries = NOW, []
    while question().state == "owed":
        assert send_due(now) == 1
        tries.append((now - NOW) // MINUTE)
        now = question().leased_until
    return tries


def test_an_offer_ends_as_its_email_is_given_up_and_the_desk_may_call(ana, asked, away):
    assert try_all_day() == [0, 1, 3, 7, 15, 31, 63]
    lost, now = question(), NOW + 63 * MINUTE
    assert (lost.state, lost.last_error) == ("given-up", "ConnectionRefusedError")
    assert until() == 63 * MINUTE
    with pytest.raises(offers.OfferOver):
        offers.claim(offer=offered(), now=now)

    assert offers.look(now) == 1  # whoever is next
    assert list(TimeOffer.objects.values_list("state", flat=True)) == ["open", "lapsed"]
    assert list(OutgoingEmail.objects.to_telephone(now)) == [lost]


def test_the_public_has_the_time_of_an_offer_whose_email_is_given_up(ana, asked, away):
    send_due(NOW)
    send_due(NOW + 31 * MINUTE)
    now = NOW + 63 * MINUTE
    with pytest.raises(refusals.SlotUnavailable):
        book(ana, at("9:00"), request=Request(now=now))
    send_due(now)

    assert book(ana, at("9:00"), request=Request(now=now)).starts_at == at("9:00")


def test_an_offer_lasts_that_another_worker_has_mailed_meanwhile(asked):
    lost = kinds.of(question())
    outbox.mark_sent(lost.owed, NOW)
    outbox.give_up(lost, "TimeoutError", NOW + MINUTE)

    assert (question().state, until()) == ("sent", 60 * MINUTE)


@pytest.mark.parametrize(("minutes", "state"), [(59, "sent"), (60, "superseded")])
def test_a_worker_that_was_away_asks_while_the_hour_of_the_making_lasts(asked, minutes, state):
    send_due(NOW + minutes * MINUTE)

    assert (question().state, len(mail.outbox)) == (state, int(state == "sent"))


@pytest.mark.parametrize(("minutes", "late"), [(59, False), (60, True)])
def test_its_email_is_late_when_the_hour_of_the_making_is_over(asked, minutes, late):
    assert deadlines.is_late(asked, NOW + minutes * MINUTE) == late


def test_a_time_that_was_named_is_never_taken_back(asked):
    for minutes, expected in [(10, 70), (5, 70), (-30, 70), (12, 72)]:  # clocks go back
        assert deadlines.begin(offer=asked, now=NOW + minutes * MINUTE)
        assert (until(), asked.expires_at) == (expected * MINUTE, NOW + expected * MINUTE)


def test_a_worker_that_dies_before_the_mark_leaves_the_longer_time(asked, monkeypatch):
    def die(*_arguments):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "mark_sent", die)
        with pytest.raises(SystemExit):
            outbox.send_next(NOW + 2 * MINUTE)
    assert (question().state, until()) == ("owed", 62 * MINUTE)
    send_due(NOW + 7 * MINUTE)

    assert (question().state, until()) == ("sent", 67 * MINUTE)
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second


@pytest.fixture
def asked_about_today():
    """About the soonest time that may be offered: two hours' notice, one to be mailed, one more."""
    make_therapist(hours="15:15-16:45")
    book_by_desk(make_therapist("ben-cole", hours=""), at("9:00", THURSDAY))
    wait(Appointment.objects.get())
    offers.look(NOW)
    assert TimeOffer.objects.get().starts_at == at("16:00", NOW.date())


def test_the_soonest_time_leaves_the_whole_hour_to_who_is_written_to_last(asked_about_today):
    send_due(NOW + 59 * MINUTE)

    assert (question().state, until()) == ("sent", 119 * MINUTE)


def test_nobody_is_given_longer_than_the_notice_leaves(asked_about_today):
    VisitType.objects.update(notice_minutes=170)  # by the desk, meanwhile

    send_due(NOW + 20 * MINUTE)
    assert (question().state, until()) == ("sent", 70 * MINUTE)


def given_to_a_caller(offer):
    book_by_desk(offer.therapist, offer.starts_at)


def answered(offer):
    offers.decline(offer=offer, now=NOW)


def left(offer):
    waitlist.leave(wish=offer.entry, now=NOW)


@pytest.mark.parametrize("change", [given_to_a_caller, answered, left])
def test_no_time_begins_for_what_is_over(asked, change):
    change(asked)

    assert not deadlines.begin(offer=asked, now=NOW + 10 * MINUTE)
    assert until() == 60 * MINUTE


@pytest.mark.parametrize("change", [answered, left])
def test_no_time_ends_for_what_is_over(asked, change):
    change(asked)
    deadlines.end(asked, NOW + 10 * MINUTE)

    assert until() == 60 * MINUTE


def test_no_time_ends_later_than_it_has(asked):
    deadlines.end(asked, NOW + 70 * MINUTE)

    assert until() == 60 * MINUTE


def test_no_time_begins_for_what_has_run_out(asked):
    assert not deadlines.begin(offer=asked, now=NOW + 60 * MINUTE)
    assert until() == 60 * MINUTE


@pytest.mark.parametrize("rows", [1, 3])
def test_an_offers_email_takes_a_fixed_number_of_queries(django_assert_num_queries, rows):
    for number in range(rows):
        make_therapist(f"therapist-{number}", hours="9:00-9:45")
    for number in range(rows):
        name, email = f"Person {number}", f"person-{number}@example.org"
        wait_without_visit(replace(PATIENT, name=name, email=email))
    offers.look(NOW)
    OutgoingEmail.objects.exclude(kind="offer").update(state="sent")

    with django_assert_num_queries(19 * rows + 1):
        send_due(NOW)
