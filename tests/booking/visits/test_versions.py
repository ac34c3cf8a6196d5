"""Whoever acts on a page left open: what others changed meanwhile is never overridden."""

from datetime import timedelta
from functools import partial

import pytest

from booking.models import Appointment
from booking.visits import attendance, changes, refusals, staff_changes, undoing, versions
from tests.builders import MONDAY, NOW, at, book, make_therapist
from tests.threads import meanwhile, together

NEXT_WEEK = MONDAY + timedelta(days=7)


def move(by, appointment, starts_at, **options):
    where = {"therapist": appointment.therapist, "starts_at": starts_at}
    return by(appointment=appointment, now=NOW, **where, **options)


ACTIONS = {
    "cancel": partial(changes.cancel_by_patient, now=NOW),
    "cancel at the desk": partial(changes.cancel_by_desk, now=NOW),
    "move": partial(move, changes.move_by_patient, starts_at=at("14:00")),
    "move at the desk": partial(move, staff_changes.change_by_desk, starts_at=at("14:00")),
    "come": partial(attendance.confirm, now=NOW),
    "arrived": partial(attendance.set_status, status="arrived", now=NOW),
}


def state():
    return Appointment.objects.values_list("starts_at", "status", "confirmed_at", "sequence").get()


@pytest.mark.parametrize(
    ("text", "seen"),
    [(None, None), ("0", 0), ("12", 12), ("", -1), ("x", -1), ("-2", -1), ("9" * 99, -1)],
)
def test_what_a_form_says_that_it_showed(text, seen):
    assert versions.parse(text) == seen


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [0, None])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_visit_that_is_as_it_was_seen_is_acted_on_twice_as_once(action, seen):
    visit = book(make_therapist(), at("9:30"))
    ACTIONS[action](appointment=visit, seen=seen)
    done = state()
    assert done != (at("9:30"), "booked", None, 0)

    ACTIONS[action](appointment=visit, seen=seen)
    assert state() == done


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [0, 2, versions.NONE_EVER])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_visit_that_is_not_as_it_was_seen_stays_as_it_is(action, seen):
    visit = book(make_therapist(), at("9:30"))
    move(staff_changes.change_by_desk, visit, at("9:30", NEXT_WEEK))

    with pytest.raises(refusals.Changed):
        ACTIONS[action](appointment=visit, seen=seen)
    assert state() == (at("9:30", NEXT_WEEK), "booked", None, 1)


@pytest.mark.django_db
def test_a_cancellation_that_was_taken_back_is_a_change():
    visit = book(make_therapist(), at("9:30"))
    changes.cancel_by_patient(appointment=visit, now=NOW, seen=0)
    undoing.undo_cancel(appointment=visit, now=NOW)

    with pytest.raises(refusals.Changed):
        changes.cancel_by_patient(appointment=visit, now=NOW, seen=0)
    assert state() == (at("9:30"), "booked", None, 2)


@pytest.mark.django_db
def test_a_cancellation_after_the_one_that_was_seen_is_not_undone():
    visit = book(make_therapist(), at("9:30"))
    undo = partial(undoing.undo_cancel, appointment=visit, now=NOW)
    changes.cancel_by_desk(appointment=visit, now=NOW)
    undo(seen=1)
    changes.cancel_by_patient(appointment=visit, now=NOW)

    with pytest.raises(refusals.Changed):
        undo(seen=1)
    assert state() == (at("9:30"), "cancelled", None, 3)
    assert undo(seen=3).status == "booked"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("was", "now", "click"),
    [
        ("booked", "fulfilled", "arrived"),
        ("noshow", "arrived", "booked"),
        ("x", "booked", "arrived"),
    ],
)
def test_one_click_sets_no_status_back_that_was_not_seen(was, now, click):
    visit = book(make_therapist(), at("9:30"))
    Appointment.objects.update(status=now)
    to = partial(attendance.set_status, appointment=visit, status=click, now=NOW, seen=0)

    with pytest.raises(refusals.Changed):
        to(was=was)
    assert state() == (at("9:30"), now, None, 0)
    assert to(was=now).status == click


def while_it_moves(action):
    """What an action raised that was asked for while the desk's move was not yet committed."""
    visit = book(make_therapist(), at("9:30"))
    elsewhere = partial(move, staff_changes.change_by_desk, visit, at("9:30", NEXT_WEEK))
    with meanwhile(elsewhere) as commit:
        assert Appointment.objects.get().sequence == 0
        result, _none = together(partial(ACTIONS[action], appointment=visit, seen=0), commit)
    return type(result) if isinstance(result, Exception) else None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["cancel", "move", "come", "arrived"])
def test_a_visit_that_moves_at_this_moment_stays_where_it_moves(action):
    assert while_it_moves(action) == refusals.Changed
    assert state() == (at("9:30", NEXT_WEEK), "booked", None, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["cancel", "move", "come", "arrived"])
def test_compared_before_the_lock_the_move_is_overridden(action, monkeypatch):
    def check(row, seen, was=None):
        assert seen in (None, 0)  # so it was, before the lock

    monkeypatch.setattr(versions, "check", check)

    assert while_it_moves(action) is None
    assert state() != (at("9:30", NEXT_WEEK), "booked", None, 1)
