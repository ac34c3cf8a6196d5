"""Visits that are booked, moved or cancelled together: all or none, and one message."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from booking.messages import kinds
from booking.models import Appointment, Estimate, OutgoingEmail, Series
from booking.visits import changes, corrections, series, staff_changes, tokens, undoing
from booking.visits.refusals import Changed, KeyReused, NotAllowed, SeriesTaken, SlotUnavailable
from booking.visits.requests import Request
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book_by_desk,
    book_series,
    make_location,
    make_therapist,
    make_visit_type,
    slot,
)
from tests.worker import send_due

pytestmark = pytest.mark.django_db
DAYS = [MONDAY + timedelta(days=number) for number in (0, 2, 7, 9)]


@pytest.fixture
def ana():
    return make_therapist()


@pytest.fixture
def ben():
    return make_therapist("ben-cole")


def slots(therapist, wall="9:30", days=DAYS):
    return [slot(therapist, at(wall, day)) for day in days]


def rows():
    fields = ["therapist__slug", "starts_at", "status", "sequence"]
    return list(Appointment.objects.order_by("starts_at", "pk").values_list(*fields))


def owed():
    fields = ["kind", "sequence", "state", "series", "appointment"]
    others = OutgoingEmail.objects.exclude(kind="reminder").order_by("pk")
    return list(others.values_list(*fields))


def visits(of):
    return list(of.visits.order_by("starts_at", "pk"))


def shown(of, *numbers):
    found = visits(of)
    return {found[number].pk: found[number].sequence for number in numbers}


def test_each_visit_is_a_row_of_its_own_and_one_message_is_owed(ana, ben):
    make_visit_type(reminder_hours="24")
    both = [slot(ana, at("9:30", DAYS[0])), slot(ben, at("14:00", DAYS[1]))]
    found = book_series(*both, note="Prefers mornings")

    assert rows() == [
        ("ana-ruiz", at("9:30", DAYS[0]), "booked", 0),
        ("ben-cole", at("14:00", DAYS[1]), "booked", 0),
    ]
    assert owed() == [("series", 0, "owed", found.pk, None)]
    assert OutgoingEmail.objects.filter(kind="reminder").count() == 2
    for visit in visits(found):
        assert (visit.name, visit.source, visit.note) == (PATIENT.name, "desk", "Prefers mornings")
        assert tokens.current(visit) is not None
        assert (visit.told_starts_at, visit.kept_against) == (visit.starts_at, [])


def test_the_times_may_come_in_any_order(ana):
    book_series(*reversed(slots(ana)))

    assert [start for _slug, start, *_rest in rows()] == [at("9:30", day) for day in DAYS]


def test_one_time_that_is_taken_books_nothing_and_says_who_is_there(ana):
    other = book_by_desk(ana, at("9:45", DAYS[2]))
    before = rows()
    with pytest.raises(SeriesTaken) as refused:
        book_series(*slots(ana))

    assert refused.value.taken == {2: other}
    assert (rows(), Series.objects.count()) == (before, 0)
    assert [kind for kind, *_rest in owed()] == ["confirmation"]


def test_two_of_its_own_times_that_overlap_book_nothing(ana, ben):
    wanted = [*slots(ana), slot(ana, at("10:00", DAYS[1])), slot(ben, at("10:00", DAYS[1]))]
    with pytest.raises(SeriesTaken) as refused:
        book_series(*wanted)

    assert (refused.value.taken, rows()) == ({4: None}, [])


@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_a_visit_that_holds_no_time_is_in_nobodys_way(ana, status):
    book_by_desk(ana, at("9:30", DAYS[2]))
    Appointment.objects.update(status=status)

    assert book_series(*slots(ana)).visits.count() == 4


def test_where_the_database_refuses_one_visit_nothing_is_booked(ana, monkeypatch):
    """As if somebody wrote past the services between the look and the write."""
    book_by_desk(ana, at("9:45", DAYS[3]))
    before = rows()
    monkeypatch.setattr(series, "_check_free", lambda *_arguments: None)
    with pytest.raises(SlotUnavailable):
        book_series(*slots(ana))

    assert (rows(), Series.objects.count()) == (before, 0)


def test_a_form_sent_twice_books_once(ana):
    request = Request(key=uuid.uuid4(), now=NOW)
    first = book_series(*slots(ana), request=request)

    assert book_series(*slots(ana), request=request) == first
    assert (len(rows()), len(owed())) == (4, 1)


def test_a_form_that_has_booked_books_nothing_else(ana):
    request = Request(key=uuid.uuid4(), now=NOW)
    book_series(*slots(ana), request=request)
    with pytest.raises(KeyReused):
        book_series(*slots(ana, "14:00"), request=request)

    assert len(rows()) == 4


@pytest.mark.parametrize("number", [0, series.MOST + 1])
def test_there_are_as_many_as_one_message_can_hold(ana, number):
    days = [MONDAY + timedelta(days=day) for day in range(number)]
    with pytest.raises(ValueError, match=str(number)):
        book_series(*slots(ana, days=days))


def test_who_pays_is_owed_an_estimate_for_each(ana):
    book_series(*slots(ana), patient=replace(PATIENT, payment="self-pay"))

    assert Estimate.objects.count() == 4


def test_without_an_address_nothing_is_owed(ana):
    book_series(*slots(ana), patient=replace(PATIENT, email=""))

    assert OutgoingEmail.objects.count() == 0


def test_a_message_is_about_one_thing(ana):
    found = book_series(*slots(ana))
    with pytest.raises(IntegrityError, match="about_one_thing"), transaction.atomic():
        found.emails.update(appointment=visits(found)[0])


def test_a_series_is_not_removed_under_its_visits(ana):
    found = book_series(*slots(ana))
    with pytest.raises(IntegrityError):
        found.delete()


def test_the_rest_is_cancelled_together_with_one_message(ana):
    make_visit_type(reminder_hours="24")
    found = book_series(*slots(ana))
    series.cancel_together(series=found, shown=shown(found, 2, 3), now=NOW)

    assert [(status, seq) for _slug, _start, status, seq in rows()] == [
        ("booked", 0),
        ("booked", 0),
        ("cancelled", 1),
        ("cancelled", 1),
    ]
    assert [row[:3] for row in owed()] == [("series", 0, "owed"), ("series-cancelled", 1, "owed")]
    waiting = OutgoingEmail.objects.filter(kind="reminder", state="owed")
    assert list(waiting.values_list("appointment__starts_at", flat=True).order_by("due_at")) == [
        at("9:30", DAYS[0]),
        at("9:30", DAYS[1]),
    ]


def test_a_second_click_cancels_and_mails_nothing_more(ana):
    found = book_series(*slots(ana))
    seen = shown(found, 2, 3)
    for _click in range(2):
        series.cancel_together(series=found, shown=seen, now=NOW)

    assert [row[:2] for row in owed()] == [("series", 0), ("series-cancelled", 1)]


def move_one(visit):
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=at("14:00", DAYS[3]), now=NOW
    )


CHANGES = {"cancel": series.cancel_together, "move": series.move_together}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_where_one_visit_was_changed_meanwhile(ana, change):
    found = book_series(*slots(ana))
    seen = shown(found, 2, 3)
    move_one(visits(found)[3])
    before = rows()
    with pytest.raises(Changed):
        asked(change, found, seen, ana)

    assert rows() == before


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_where_one_visit_has_begun(ana, change):
    found = book_series(*slots(ana))
    with pytest.raises(NotAllowed):
        asked(change, found, shown(found, 0, 1), ana, now=at("9:30", DAYS[0]))

    assert {status for _slug, _start, status, _seq in rows()} == {"booked"}


@pytest.mark.parametrize("change", CHANGES)
def test_a_visit_of_another_series_is_left_alone(ana, change):
    found, other = book_series(*slots(ana)), book_series(*slots(ana, "14:00"))
    with pytest.raises(NotAllowed):
        asked(change, found, shown(found, 0) | shown(other, 1), ana)

    assert {row[3] for row in rows()} == {0}


def asked(change, found, seen, therapist, now=NOW):
    more = {}
    if change == "move":
        days = sorted(Appointment.objects.in_bulk(seen), key=lambda pk: pk)
        more["slots"] = {
            pk: slot(therapist, at("16:00", DAYS[number])) for number, pk in enumerate(days)
        }
    return CHANGES[change](series=found, shown=seen, now=now, **more)


def moved(found, therapist, wall, *numbers, by=timedelta(0), **others):
    chosen = [visits(found)[number] for number in numbers]
    to = {row.pk: slot(therapist, at(wall, row.starts_at.date() + by)) for row in chosen}
    seen = {row.pk: row.sequence for row in chosen}
    return series.move_together(series=found, slots=to, shown=seen, now=NOW, **others)


def test_the_rest_moves_together_with_one_message(ana, ben):
    found = book_series(*slots(ana))
    moved(found, ben, "14:00", 2, 3)

    assert rows() == [
        ("ana-ruiz", at("9:30", DAYS[0]), "booked", 0),
        ("ana-ruiz", at("9:30", DAYS[1]), "booked", 0),
        ("ben-cole", at("14:00", DAYS[2]), "booked", 1),
        ("ben-cole", at("14:00", DAYS[3]), "booked", 1),
    ]
    assert [row[:3] for row in owed()] == [("series", 0, "owed"), ("series-moved", 1, "owed")]
    assert [visit.moved_from for visit in visits(found)][2:] == [at("9:30", d) for d in DAYS[2:]]


@pytest.mark.parametrize("days", [2, -2])
def test_visits_may_take_one_anothers_times(ana, days):
    """Two days later: Wednesday's goes where next week's was; two days sooner, the other way."""
    every_other = [MONDAY + timedelta(days=number) for number in (2, 4, 9, 11)]
    found = book_series(*slots(ana, days=every_other))
    moved(found, ana, "9:30", 0, 1, 2, 3, by=timedelta(days=days))

    assert [start for _slug, start, *_rest in rows()] == [
        at("9:30", day + timedelta(days=days)) for day in every_other
    ]


def test_a_ring_of_times_is_refused_as_a_whole(ana):
    found = book_series(*slots(ana))
    one, other, *_rest = visits(found)
    to = {one.pk: slot(ana, other.starts_at), other.pk: slot(ana, one.starts_at)}
    with pytest.raises(SeriesTaken) as refused:
        series.move_together(series=found, slots=to, shown=shown(found, 0, 1), now=NOW)

    assert refused.value.taken == {0: None, 1: None}
    assert {row[3] for row in rows()} == {0}


def test_one_time_that_is_taken_moves_nothing(ana):
    found = book_series(*slots(ana))
    other = book_by_desk(ana, at("14:15", DAYS[3]))
    before = rows()
    with pytest.raises(SeriesTaken) as refused:
        moved(found, ana, "14:00", 2, 3)

    assert (refused.value.taken, rows()) == ({1: other}, before)


def test_a_second_click_moves_and_mails_nothing_more(ana):
    found = book_series(*slots(ana))
    to = {row.pk: slot(ana, at("14:00", row.starts_at.date())) for row in visits(found)}
    seen = shown(found, 0, 1, 2, 3)
    for _click in range(2):
        series.move_together(series=found, slots=to, shown=seen, now=NOW)

    assert {row[3] for row in rows()} == {1}
    assert [row[:2] for row in owed()] == [("series", 0), ("series-moved", 1)]


def test_a_visit_lasts_as_long_as_before(ana):
    found = book_series(*slots(ana))
    visit_type = make_visit_type()
    visit_type.minutes = 30
    visit_type.save()
    moved(found, ana, "14:00", 0)

    assert visits(found)[0].minutes == 45


def test_a_move_goes_to_the_place_that_was_chosen(ana):
    found = book_series(*slots(ana))
    oak = make_location("oak-avenue", name="Oak Avenue")
    [first, *_rest] = visits(found)
    to = {first.pk: slot(ana, at("14:00", DAYS[0]), oak)}
    series.move_together(series=found, slots=to, shown={first.pk: 0}, now=NOW)

    first.refresh_from_db()
    assert (first.location, first.told_location) == (oak, oak)


def test_one_visit_changed_alone_is_told_alone(ana):
    found = book_series(*slots(ana))
    move_one(visits(found)[3])
    changes.cancel_by_desk(appointment=visits(found)[0], now=NOW)

    assert [row[:2] for row in owed()] == [("series", 0), ("moved", 1), ("cancelled", 1)]


def test_a_newer_message_about_it_all_overtakes_the_one_before(ana):
    found = book_series(*slots(ana))
    series.cancel_together(series=found, shown=shown(found, 3), now=NOW)
    send_due(NOW)

    assert [row[:3] for row in owed()] == [
        ("series", 0, "superseded"),
        ("series-cancelled", 1, "sent"),
    ]


def test_a_visit_with_another_address_is_told_alone(ana):
    found = book_series(*slots(ana))
    send_due(NOW)
    first = visits(found)[0]
    corrections.correct(appointment=first, changes={"email": "new@example.org"}, now=NOW)
    series.cancel_together(series=found, shown=shown(found, 0, 1, 2, 3), now=NOW)
    [about_all] = OutgoingEmail.objects.filter(kind="series-cancelled")

    assert [row[:2] for row in owed()] == [
        ("series", 0),
        ("series-cancelled", 1),
        ("cancelled", 1),
    ]
    assert kinds.of(about_all).email == PATIENT.email
    assert first not in kinds.of(about_all).to_come(NOW)


def test_where_the_address_of_one_is_corrected_first_each_is_told_alone(ana):
    """The link of the corrected one never goes to the mailbox that was left."""
    found = book_series(*slots(ana))
    first = visits(found)[0]
    corrections.correct(appointment=first, changes={"email": "new@example.org"}, now=NOW)

    assert [row[:3] for row in owed()] == [
        ("series", 0, "superseded"),
        *[("confirmation", 0, "owed")] * 4,
    ]


def test_what_was_sent_is_not_told_again_as_an_address_is_corrected(ana):
    found = book_series(*slots(ana))
    send_due(NOW)
    corrections.correct(appointment=visits(found)[0], changes={"email": "new@example.org"}, now=NOW)

    assert [row[:3] for row in owed()] == [("series", 0, "sent")]


def test_news_that_an_address_can_no_longer_get_is_a_doubt(ana):
    found = book_series(*slots(ana))
    send_due(NOW)
    moved(found, ana, "14:00", 0, 1)
    first, second, *_rest = visits(found)
    corrections.correct(appointment=first, changes={"email": ""}, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()

    assert (first.told_starts_at, second.told_starts_at) == (None, second.starts_at)


def test_a_cancelled_visit_of_it_can_be_taken_back(ana):
    found = book_series(*slots(ana))
    series.cancel_together(series=found, shown=shown(found, 3), now=NOW)
    undoing.undo_cancel(appointment=visits(found)[3], now=NOW)
    send_due(NOW)

    assert rows()[3] == ("ana-ruiz", at("9:30", DAYS[3]), "booked", 2)
    assert [row[:3] for row in owed()] == [
        ("series", 0, "superseded"),
        ("series-cancelled", 1, "sent"),
        ("confirmation", 2, "sent"),
    ]
    assert sorted(message.subject.partition(": ")[2] for message in mail.outbox) == [
        "your visit is booked",
        "your visits are booked",
    ]
