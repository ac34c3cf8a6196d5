"""One visit over another on purpose: who may not, how it is marked, when the mark goes, and what
nobody guards.
"""

from datetime import timedelta
from functools import partial

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction

from booking import transactions
from booking.calendars import free_times
from booking.models import Appointment
from booking.visits import attendance, changes, overriding, refusals, staff_changes, undoing
from booking.visits.overriding import Override
from tests.builders import (
    NOW,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    sent_by,
    visit,
)
from tests.guards import NAME, overlapping_pairs, without_lock, without_look_at_others
from tests.threads import together

pytestmark = pytest.mark.django_db

URGENT = Override("Cannot stand up")
LATER = at("16:00")


@pytest.fixture
def ana():
    return make_therapist(hours="9:00-17:00")


@pytest.fixture
def beneath(ana):
    return book(ana, at("9:30"))


@pytest.fixture
def over(ana, beneath):
    return book_over(ana, at("9:45"))


def book_over(therapist, start, number=1, override=URGENT):
    return book_by_desk(therapist, start, override=override, **sent_by(number))


def marks():
    """Whether each visit is marked as lying over another, by its start, as the database has it."""
    rows = Appointment.objects.order_by("starts_at", "pk")
    return [(row.starts_at, row.overrides) for row in rows]


def is_marked(row):
    row.refresh_from_db()
    return row.overrides


def test_a_clash_is_refused_and_names_the_other_visit(ana, beneath):
    with pytest.raises(refusals.SlotUnavailable) as caught:
        book_by_desk(ana, at("10:00"))

    assert caught.value.others == [beneath]
    assert caught.value.for_staff == (
        "That time is already taken by Rosa Marquez, 9:30 a.m.–10:15 a.m."
        f" ({beneath.reference}). Nothing was changed."
    )
    assert marks() == [(at("9:30"), False)]


def test_a_visit_is_booked_over_another_with_a_reason(ana, beneath, over):
    assert (over.overrides, over.override_reason) == (True, "Cannot stand up")
    assert marks() == [(at("9:30"), False), (at("9:45"), True)]


@pytest.mark.parametrize("override", [None, Override(""), Override("Urgent", over=[])])
def test_no_visit_is_booked_over_another_without_a_reason_or_leave(ana, beneath, override):
    with pytest.raises(refusals.SlotUnavailable):
        book_over(ana, at("9:45"), override=override)

    assert marks() == [(at("9:30"), False)]


def test_leave_is_given_for_the_visits_that_were_seen(ana, beneath):
    leave = Override("Urgent", over=[beneath.pk])
    came_since = book_by_desk(ana, at("10:15"))

    with pytest.raises(refusals.SlotUnavailable) as caught:
        book_over(ana, at("10:00"), override=leave)
    assert caught.value.others == [beneath, came_since]

    assert book_over(ana, at("9:00"), override=leave).overrides


def test_where_nothing_is_in_the_way_a_visit_with_leave_is_as_any(ana):
    row = book_over(ana, at("9:30"))

    assert (row.overrides, row.override_reason) == (False, "")
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Appointment.objects.bulk_create([visit(ana, at("9:45"))])


def test_the_form_sent_again_finds_the_visit_that_it_booked_over_another(ana, beneath):
    asked = sent_by(1)
    asked["request"] = type(asked["request"])(key=beneath.uuid, now=NOW)
    first = book_by_desk(ana, at("9:45"), override=URGENT, **asked)

    assert book_by_desk(ana, at("9:45"), override=URGENT, **asked) == first
    assert book_by_desk(ana, at("9:45"), **asked) == first


def is_offered(therapist, start):
    return free_times.slot_at(make_visit_type(), therapist, start, NOW) is not None


def test_a_visit_over_another_opens_no_time_and_holds_its_own(ana, beneath):
    begins = [at("8:45") + timedelta(minutes=15) * number for number in range(34)]
    before = {start for start in begins if is_offered(ana, start)}
    over = book_over(ana, at("10:00"))
    with_both = {start for start in begins if is_offered(ana, start)}
    changes.cancel_by_desk(appointment=beneath, now=NOW)
    without_the_first = {start for start in begins if is_offered(ana, start)}

    its_own = {at("9:30"), at("9:45"), at("10:00"), at("10:15"), at("10:30")}
    assert before - with_both == {at("10:15"), at("10:30")}
    assert with_both - before == set()
    assert without_the_first & its_own == set()
    assert not is_marked(over)


def by_desk(row):
    changes.cancel_by_desk(appointment=row, now=NOW)


def by_patient(row):
    changes.cancel_by_patient(appointment=row, now=NOW)


def missed(row):
    attendance.set_status(appointment=row, status="noshow", now=LATER)


def moved_by_desk(row):
    therapist = row.therapist
    staff_changes.change_by_desk(
        appointment=row, therapist=therapist, starts_at=at("14:00"), now=NOW
    )


def moved_to_another(row):
    ben = make_therapist("ben-cole")
    staff_changes.change_by_desk(appointment=row, therapist=ben, starts_at=row.starts_at, now=NOW)


def moved_by_patient(row):
    start = at("14:00")
    changes.move_by_patient(appointment=row, therapist=row.therapist, starts_at=start, now=NOW)


LEAVES = [by_desk, by_patient, missed, moved_by_desk, moved_to_another, moved_by_patient]


@pytest.mark.parametrize("leaves", LEAVES)
def test_the_mark_goes_with_the_visit_beneath_and_the_guard_holds_it_again(ana, over, leaves):
    beneath = Appointment.objects.exclude(pk=over.pk).get()

    leaves(beneath)

    assert not is_marked(over)
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Appointment.objects.bulk_create([visit(ana, at("10:15"))])


@pytest.mark.parametrize("leaves", LEAVES)
def test_without_the_settling_the_mark_stays(over, leaves, monkeypatch):
    monkeypatch.setattr(overriding, "settle", lambda *_rows: None)
    leaves(Appointment.objects.exclude(pk=over.pk).get())

    assert is_marked(over)


@pytest.mark.parametrize("status", ["arrived", "fulfilled"])
def test_a_visit_that_is_here_or_seen_keeps_the_one_over_it_marked(over, beneath, status):
    for each in ["arrived", "fulfilled"]:
        attendance.set_status(appointment=beneath, status=each, now=LATER)
        if each == status:
            break

    assert is_marked(over)


def test_the_visit_above_may_come_be_seen_and_leave(over, beneath):
    for status in ["arrived", "fulfilled"]:
        attendance.set_status(appointment=over, status=status, now=LATER)
        assert is_marked(over)

    attendance.set_status(appointment=over, status="arrived", now=LATER)
    attendance.set_status(appointment=over, status="booked", now=LATER)
    moved_by_desk(over)
    assert not is_marked(over)
    assert not is_marked(beneath)


def test_of_two_over_one_the_earlier_is_held_and_the_later_stays_over_it(ana, beneath):
    first, second = book_over(ana, at("9:45"), 1), book_over(ana, at("10:00"), 2)
    assert (is_marked(first), is_marked(second)) == (True, True)

    by_desk(beneath)
    assert (is_marked(first), is_marked(second)) == (False, True)

    by_desk(first)
    assert (is_marked(first), is_marked(second)) == (False, False)


def test_over_a_marked_visit_alone_it_takes_leave_too_but_the_guard_holds_it(ana, beneath):
    over = book_over(ana, at("10:00"), 1)
    with pytest.raises(refusals.SlotUnavailable) as caught:
        book_by_desk(ana, at("10:15"))
    assert caught.value.others == [over]

    third = book_over(ana, at("10:15"), 2)

    assert (third.overrides, third.override_reason) == (False, "Cannot stand up")
    by_desk(beneath)
    assert is_marked(over)  # the third is beneath it now
    by_desk(third)
    assert not is_marked(over)


def test_a_move_over_another_takes_leave(ana, beneath):
    row = book_by_desk(ana, at("14:00"), **sent_by(1))
    move = partial(staff_changes.change_by_desk, appointment=row, therapist=ana, now=NOW)
    with pytest.raises(refusals.SlotUnavailable) as caught:
        move(starts_at=at("9:45"))
    assert caught.value.others == [beneath]
    assert marks() == [(at("9:30"), False), (at("14:00"), False)]

    move(starts_at=at("9:45"), override=URGENT)
    assert marks() == [(at("9:30"), False), (at("9:45"), True)]


def undo(row, **leave):
    return undoing.undo_cancel(appointment=row, now=NOW, **leave)


def come_late(row, **leave):
    return attendance.set_status(appointment=row, status="arrived", now=LATER, **leave)


@pytest.mark.parametrize(("leaves", "comes_back"), [(by_desk, undo), (missed, come_late)])
def test_what_was_beneath_comes_back_with_leave_alone(ana, beneath, over, leaves, comes_back):
    leaves(beneath)
    with pytest.raises(refusals.SlotUnavailable) as caught:
        comes_back(beneath)
    assert caught.value.others == [over]

    comes_back(beneath, override=URGENT)
    assert (is_marked(beneath), is_marked(over)) == (True, False)
    assert beneath.override_reason == "Cannot stand up"


@pytest.mark.parametrize(("leaves", "comes_back"), [(by_desk, undo), (missed, come_late)])
def test_what_was_above_comes_back_with_leave_alone(over, leaves, comes_back):
    leaves(over)
    assert (is_marked(over), over.override_reason) == (False, "Cannot stand up")
    with pytest.raises(refusals.SlotUnavailable):
        comes_back(over)

    comes_back(over, override=URGENT)
    assert is_marked(over)


def test_a_patient_books_over_nobody(ana, over):
    for start in ["9:30", "9:45", "10:15"]:
        with pytest.raises(refusals.SlotUnavailable):
            book(ana, at(start), **sent_by(3))


def test_the_database_wants_a_reason_of_what_is_marked(ana, beneath):
    with pytest.raises(IntegrityError, match="override_has_reason"), transaction.atomic():
        visit(ana, at("9:45"), overrides=True).save()

    assert marks() == [(at("9:30"), False)]


def test_the_history_says_that_it_was_booked_over_another_but_not_why(over, beneath):
    by_desk(beneath)
    entries = LogEntry.objects.get_for_object(over).order_by("pk")
    told = [entry.changes for entry in entries]

    assert [changes.get("overrides") for changes in told] == [
        ["None", "True"],
        ["True", "False"],
    ]
    assert told[0]["override_reason"] == ["", "(not shown)"]


class TestWhatNobodyGuards:
    """A writer past the services may lay a visit over a marked one: `docs/booking.md`."""

    @pytest.fixture
    def over(self, ana, beneath):
        return book_over(ana, at("10:00"))

    def test_the_guard_says_nothing_of_a_visit_over_a_marked_one(self, ana, over):
        Appointment.objects.bulk_create([visit(ana, at("10:15"))])

        assert overlapping_pairs() == []
        assert len(overlapping_pairs(overrides=True)) == 2

    def test_the_guard_still_says_no_over_what_lies_beneath(self, ana, over):
        with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
            Appointment.objects.bulk_create([visit(ana, at("10:00"))])

    def test_services_look_before_they_lay_one_there(self, ana, over):
        with pytest.raises(refusals.SlotUnavailable) as caught:
            book_by_desk(ana, at("10:15"), **sent_by(3))

        assert caught.value.others == [over]

    def test_without_that_look_a_service_lays_one_there(self, ana, over, monkeypatch):
        without_look_at_others(monkeypatch.setattr)

        book_by_desk(ana, at("10:15"), **sent_by(3))

        assert len(overlapping_pairs(overrides=True)) == 2

    def test_a_writer_past_the_services_leaves_the_mark(self, beneath, over):
        Appointment.objects.filter(pk=beneath.pk).update(status="cancelled")

        assert is_marked(over)


ROUNDS = 6


def races(monkeypatch=None):
    """How often a mark is left over nothing, or lacks, where a visit is booked over another that is
    cancelled at the same moment.
    """
    ana, wrong = make_therapist(), 0
    make_visit_type()
    for number in range(ROUNDS):
        beneath = book_by_desk(ana, at("9:30"), **sent_by(2 * number))
        results = together(
            partial(by_desk, beneath),
            partial(book_over, ana, at("9:45"), 2 * number + 1),
        )
        assert results[0] is None, results
        [row] = Appointment.objects.active()
        wrong += row.overrides
        Appointment.objects.all().delete()
    return wrong


@pytest.mark.django_db(transaction=True)
def test_a_visit_over_one_that_is_cancelled_at_that_moment_keeps_no_mark():
    assert races() == 0


@pytest.mark.only("postgresql")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_such_a_mark_stays(monkeypatch):
    without_lock(monkeypatch.setattr)
    monkeypatch.setattr(transactions, "lock_therapists", lambda _therapists: None)

    for _again in range(20):
        if races():
            return
    pytest.fail("No mark was left: the lock prevents nothing.")
