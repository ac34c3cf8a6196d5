"""Any order of anything that writes to the calendars, against a plain model."""

from datetime import timedelta

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from booking.messages import outbox
from booking.messages.kinds import Reminder
from booking.models import StaffChange, Therapist
from booking.models.outgoing_email import OutgoingEmailQuerySet
from booking.visits import overriding, reminders
from booking.visits.overriding import Override
from tests.booking.visits.calendar_machine import Calendars
from tests.booking.visits.series_machine import CalendarsWithSeries
from tests.booking.visits.services_machine import ByServicesAlone
from tests.builders import NOW, at
from tests.guards import constraint_dropped

pytestmark = pytest.mark.django_db


def run(machine=CalendarsWithSeries, **options):
    settings = hypothesis_settings(stateful_step_count=40, **options)
    run_state_machine_as_test(machine, settings=settings)


def test_calendars_hold_what_the_model_holds_whatever_is_done(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    run(max_examples=30)
    assert not Therapist.objects.exists()


def test_without_the_constraint_the_machine_finds_an_overlap(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    with constraint_dropped(), pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        run(max_examples=60, phases=[Phase.generate], report_multiple_bugs=False)


def test_by_services_alone_marks_lie_over_visits_and_overlaps_were_given_leave(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    run(ByServicesAlone, max_examples=15)


LOOKS_AT = overriding.beside


def cancelled_beneath(machine, pk):
    machine.cancel(pk=pk, by_patient=False, now=NOW)


def booked_over_the_marked_alone(machine, _pk):
    machine.book(slug="ana", start=at("10:30"), by_patient=False, has_email=False)


STEPS_OF_OVERRIDING = [
    ("settle", lambda *_rows: None, cancelled_beneath),
    ("beside", lambda row: LOOKS_AT(row).held(), booked_over_the_marked_alone),
]


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize(("step", "without", "happens"), STEPS_OF_OVERRIDING)
def test_without_a_step_of_overriding_the_machine_finds_it(
    step, without, happens, guarded, settings, monkeypatch
):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    if not guarded:
        monkeypatch.setattr(overriding, step, without)
    machine = ByServicesAlone()
    machine.open_the_clinic()
    for start, override in {"9:30": None, "10:00": Override("Cannot stand up")}.items():
        where = {"slug": "ana", "start": at(start), "by_patient": False, "has_email": False}
        machine.book(**where, override=override)

    def go_on():
        happens(machine, min(machine.model.visits))
        machine.what_is_marked_lies_over_what_the_guard_holds()

    if guarded:
        go_on()
    else:
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            go_on()


def moved(machine, pk):
    machine.move(pk=pk, slug="ben", start=at("9:00"), by_patient=True, now=NOW)


def dead_when_it_is_due(machine, _pk):
    machine.update_many(slug="ana", old="booked", new="cancelled")
    machine.let_a_worker_look(now=NOW + timedelta(hours=22))


def both_due_at_once(machine, _pk):
    machine.let_a_worker_look(now=NOW + timedelta(hours=46))


def changed_past_every_service(machine, pk):
    machine.update_one(pk=pk, slug="ana", start=at("9:15"), minutes=45)
    machine.let_a_worker_look(now=NOW + timedelta(hours=22))


def looked_at_twice(machine, _pk):
    for hours in (22, 24):
        machine.let_a_worker_look(now=NOW + timedelta(hours=hours))


GUARDS_OF_REMINDERS = [
    (reminders, "drop", moved),
    (Reminder, "is_over", dead_when_it_is_due),
    (Reminder, "is_held_back", changed_past_every_service),
    (reminders, "is_late", both_due_at_once),
    (outbox, "mark_sent", looked_at_twice),
]


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize(("owner", "guard", "happens"), GUARDS_OF_REMINDERS)
def test_without_a_guard_the_machine_finds_a_wrong_reminder(
    owner, guard, happens, guarded, settings, monkeypatch
):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    if not guarded:
        monkeypatch.setattr(owner, guard, lambda *_arguments: None)
    machine = Calendars()
    machine.open_the_clinic()
    machine.book(slug="ana", start=at("9:00"), by_patient=True, has_email=True)
    [pk] = machine.model.visits
    happens(machine, pk)

    if guarded:
        machine.reminders_are_as_the_model_has_them()
    else:
        with pytest.raises(AssertionError):
            machine.reminders_are_as_the_model_has_them()


def changed_and_undone(machine, pk):
    machine.let_a_worker_look(now=NOW)
    machine.change_at_the_desk(pk=pk, slug="ben", start=at("9:30"), minutes=30, tells=True, now=NOW)
    machine.undo_change(pk=pk, now=NOW)
    machine.let_a_worker_look(now=NOW + timedelta(hours=22))


def cancelled_and_undone(machine, pk):
    machine.let_a_worker_look(now=NOW)
    machine.cancel(pk=pk, by_patient=False, now=NOW)
    machine.undo_cancel(pk=pk, now=NOW)


GUARDS_OF_UNDOING = [
    (reminders, "carry", changed_and_undone),
    (reminders, "carry", cancelled_and_undone),
    (StaffChange, "put_back", changed_and_undone),
    (StaffChange, "put_back_heard", changed_and_undone),
    (OutgoingEmailQuerySet, "untouched", cancelled_and_undone),
]


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize(("owner", "guard", "happens"), GUARDS_OF_UNDOING)
def test_without_a_guard_the_machine_finds_a_wrong_undoing(
    owner, guard, happens, guarded, settings, monkeypatch
):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    if not guarded:
        nothing = {"untouched": OutgoingEmailQuerySet.none}
        monkeypatch.setattr(owner, guard, nothing.get(guard, lambda *_args, **_named: None))
    machine = Calendars()
    machine.open_the_clinic()
    machine.book(slug="ana", start=at("9:00"), by_patient=True, has_email=True)
    [pk] = machine.model.visits
    happens(machine, pk)

    if guarded:
        check(machine)
    else:
        with pytest.raises(AssertionError):
            check(machine)


def check(machine):
    machine.the_database_holds_what_the_model_holds()
    machine.reminders_are_as_the_model_has_them()
