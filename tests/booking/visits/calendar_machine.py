"""Anything that writes to the calendars, as the rules of a machine that has a plain model."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import modelform_factory
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from booking.earlier import offers, waitlist
from booking.models import Appointment
from booking.visits import (
    attendance,
    bookings,
    changes,
    refusals,
    sending_again,
    staff_changes,
    undoing,
)
from booking.visits.overriding import Override
from booking.visits.refusals import KeyReused
from booking.visits.requests import Patient, Request
from tests.booking.visits import shown_times
from tests.booking.visits.calendar_model import CalendarModel, Refused, Visit
from tests.booking.visits.calendar_rows import dues, owed, reminder_rows, stored
from tests.builders import NOW, at, make_therapist, make_visit_type, visit
from tests.guards import overlapping_pairs
from tests.statuses import EVERY
from tests.worker import send_due

QUARTER, LENGTH = timedelta(minutes=15), timedelta(minutes=45)
REFUSALS = (
    refusals.SlotUnavailable,
    refusals.NotAllowed,
    refusals.Changed,
    refusals.TooLate,
    offers.OfferOver,
    waitlist.NotOnTheList,
    IntegrityError,
    ValidationError,
)
LATE = at("9:00") - timedelta(hours=1)  # inside everybody's change window
AFTER = at("15:00")

slugs = st.sampled_from(["ana", "ben"])
starts = st.integers(min_value=-1, max_value=8).map(lambda number: at("9:00") + number * QUARTER)
lengths = st.sampled_from([15, 30, 45, 90])
statuses = st.sampled_from(EVERY)
nows = st.sampled_from([NOW, NOW, NOW, NOW + timedelta(minutes=11), LATE, AFTER])
persons = st.booleans()
leaves = st.sampled_from([None, None, Override("Cannot stand up")])  # to lie over another visit
# The worker's clock, which may go back as well as on: before and after each reminder's time.
looks = st.sampled_from([0, 1, 22, 24, 40, 46, 47, 60, 67, 69, 72, 80])
clocks = looks.map(lambda hours: NOW + timedelta(hours=hours))


class Calendars(RuleBasedStateMachine):
    """Each rule does the same to the database and to the model; both refuse, or neither."""

    rows = Bundle("rows")

    @initialize(fills_day=st.booleans())
    def open_the_clinic(self, fills_day: bool = True) -> None:
        self.savepoint = transaction.savepoint()
        self.visit_type = make_visit_type(reminder_hours="48, 24", fills_day=fills_day)
        mail.outbox.clear()
        self.therapists = {
            slug: make_therapist(slug, hours="9:00-11:15") for slug in ("ana", "ben")
        }
        self.forms: dict[int, tuple] = {}  # what was sent, by the row that it booked
        offered = {at("9:00") + number * QUARTER for number in range(7)}
        self.model = CalendarModel(at("9:00"), at("11:15"), offered)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def both(self, real: Callable[[], Any], model: Callable[[], Any]) -> tuple[Any, Any] | None:
        """What the database's side and the model's gave; None if both refused."""
        try:
            expected = model()
        except Refused:
            with pytest.raises(REFUSALS), transaction.atomic():
                real()
            return None
        with transaction.atomic():
            return real(), expected

    def keep(self, pairs: list[tuple[Appointment, Visit]]) -> Any:
        for row, expected in pairs:
            self.model.visits[row.pk] = expected
        return multiple(*(row.pk for row, _expected in pairs))

    def send(self, key, slug, start, by_patient, has_email, override=None) -> Appointment:
        book = bookings.book_by_patient
        if not by_patient:
            book = partial(bookings.book_by_desk, override=override)
        return book(
            visit_type=self.visit_type,
            therapist=self.therapists[slug],
            starts_at=start,
            patient=Patient("Rosa", "1", email="rosa@example.org" if has_email else ""),
            request=Request(key, now=NOW),
        )

    @rule(
        target=rows,
        slug=slugs,
        start=starts,
        by_patient=persons,
        has_email=persons,
        override=leaves,
    )
    def book(self, slug, start, by_patient, has_email, override=None):
        asked = (uuid.uuid4(), slug, start, by_patient, has_email, override)
        expected = Visit(slug, start, start + LENGTH, has_email=has_email)
        leave = override is not None
        result = self.both(
            lambda: self.send(*asked),
            lambda: self.model.book(expected, NOW, by_patient=by_patient, leave=leave),
        )
        if result is None:
            return multiple()
        self.forms[result[0].pk] = asked
        return self.keep([result])

    @rule(pk=rows)
    def send_the_form_again(self, pk):
        if pk in self.forms:
            assert self.send(*self.forms[pk]).pk == pk

    @rule(pk=rows, start=starts)
    def send_the_form_with_another_time(self, pk, start):
        if pk in self.forms and start != self.forms[pk][2]:
            key, slug, _start, *who = self.forms[pk]
            with pytest.raises(KeyReused):
                self.send(key, slug, start, *who)

    @rule(pk=rows, by_patient=persons, now=nows)
    def cancel(self, pk, by_patient, now):
        row, expected = self.pair(pk)
        cancel = changes.cancel_by_patient if by_patient else changes.cancel_by_desk
        self.both(
            lambda: cancel(appointment=row, now=now),
            lambda: self.model.cancel(expected, now, by_patient=by_patient),
        )

    @rule(pk=rows, now=nows, override=leaves)
    def undo_cancel(self, pk, now, override=None):
        row, expected = self.pair(pk)
        leave = override is not None
        self.both(
            lambda: undoing.undo_cancel(appointment=row, now=now, override=override),
            lambda: self.model.undo_cancel(expected, now, leave=leave),
        )

    @rule(pk=rows, slug=slugs, start=starts, by_patient=persons, now=nows, override=leaves)
    def move(self, pk, slug, start, by_patient, now, override=None):
        row, expected = self.pair(pk)
        move = changes.move_by_patient
        if not by_patient:
            move = partial(staff_changes.change_by_desk, override=override)
        therapist, leave = self.therapists[slug], override is not None
        self.both(
            lambda: move(appointment=row, therapist=therapist, starts_at=start, now=now),
            lambda: self.model.move(expected, slug, start, now, by_patient=by_patient, leave=leave),
        )

    @rule(
        pk=rows,
        slug=slugs,
        start=starts,
        minutes=st.none() | lengths,
        tells=persons,
        now=nows,
    )
    def change_at_the_desk(self, pk, slug, start, minutes, tells, now):
        row, expected = self.pair(pk)
        to = {"therapist": self.therapists[slug], "starts_at": start, "minutes": minutes}
        self.both(
            lambda: staff_changes.change_by_desk(appointment=row, now=now, tells=tells, **to),
            lambda: self.model.change(expected, slug, start, now, minutes, tells),
        )

    @rule(pk=rows, now=nows)
    def cancel_without_an_email(self, pk, now):
        row, expected = self.pair(pk)
        self.both(
            lambda: changes.cancel_by_desk(appointment=row, now=now, tells=False),
            lambda: self.model.cancel(expected, now, by_patient=False, tells=False),
        )

    @rule(pk=rows, now=nows)
    def undo_change(self, pk, now):
        row, expected = self.pair(pk)
        self.both(
            lambda: undoing.undo_change(appointment=row, now=now),
            lambda: self.model.undo_change(expected, now),
        )

    @rule(pk=rows, status=statuses, now=nows, override=leaves)
    def set_status(self, pk, status, now, override=None):
        row, expected = self.pair(pk)
        leave = override is not None
        self.both(
            lambda: attendance.set_status(
                appointment=row, status=status, now=now, override=override
            ),
            lambda: self.model.set_status(expected, status, now, leave=leave),
        )

    @rule(pk=rows)
    def send_the_confirmation_again(self, pk):
        row, expected = self.pair(pk)
        self.both(
            lambda: sending_again.send_again(appointment=row, now=NOW),
            lambda: self.model.send_again(expected),
        )

    @rule(pk=rows, now=nows)
    def say_that_they_come(self, pk, now):
        row, expected = self.pair(pk)
        self.both(
            lambda: attendance.confirm(appointment=row, now=now),
            lambda: self.model.confirm(expected, now),
        )

    @rule(now=clocks)
    def let_a_worker_look(self, now):
        due_at = dues()
        for pk, expected in self.model.visits.items():
            for row in expected.emails:
                row.due_at = due_at[pk, row.kind, row.sequence, row.occasion]
        send_due(now)
        self.model.send_reminders(now)

    @rule(
        target=rows,
        wanted=st.lists(st.tuples(slugs, starts, lengths, statuses), min_size=1, max_size=3),
    )
    def bulk_create(self, wanted):
        expected = [
            Visit(slug, start, start + timedelta(minutes=minutes), status)
            for slug, start, minutes, status in wanted
        ]
        made = [
            visit(self.therapists[slug], start, minutes, status=status)
            for slug, start, minutes, status in wanted
        ]
        result = self.both(
            lambda: Appointment.objects.bulk_create(made), lambda: self.model.put(*expected)
        )
        return self.keep(zip(made, expected, strict=True)) if result else multiple()

    @rule(slug=slugs, old=statuses, new=statuses)
    def update_many(self, slug, old, new):
        chosen = Appointment.objects.filter(therapist__slug=slug, status=old)
        expected = [self.model.visits[row.pk] for row in chosen]
        self.both(lambda: chosen.update(status=new), lambda: self.model.write(expected, status=new))

    @rule(pk=rows, slug=slugs, start=starts, minutes=lengths)
    def update_one(self, pk, slug, start, minutes):
        end = start + timedelta(minutes=minutes)
        self.both(
            lambda: Appointment.objects.filter(pk=pk).update(
                therapist=self.therapists[slug], starts_at=start, ends_at=end
            ),
            lambda: self.model.write(
                [self.model.visits[pk]], therapist=slug, starts_at=start, ends_at=end
            ),
        )

    @rule(pk=rows, slug=slugs, start=starts, minutes=lengths, status=statuses)
    def save_a_form(self, pk, slug, start, minutes, status):
        row, expected = self.pair(pk)
        end = start + timedelta(minutes=minutes)
        data = {
            "therapist": self.therapists[slug].pk,
            "starts_at": start,
            "ends_at": end,
            "status": status,
        }
        form = modelform_factory(Appointment, fields=list(data))(data, instance=row)
        changes = {"therapist": slug, "starts_at": start, "ends_at": end, "status": status}
        self.both(lambda: submit(form), lambda: self.model.write([expected], **changes))

    def pair(self, pk: int) -> tuple[Appointment, Visit]:
        return Appointment.objects.get(pk=pk), self.model.visits[pk]

    @invariant()
    def the_database_holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "model"):
            return
        assert overlapping_pairs() == []
        assert stored() == {
            pk: (*place(row), row.status, row.sequence, row.overrides, row.confirmed_at is not None)
            for pk, row in self.model.visits.items()
        }
        assert owed() == sorted(
            (pk, row.kind, row.sequence, row.occasion, row.state)
            for pk, visit in self.model.visits.items()
            for row in visit.emails
        )

    @invariant()
    def patients_are_shown_what_fills_the_day(self) -> None:
        if hasattr(self, "model"):
            shown_times.check(self.visit_type)

    @invariant()
    def reminders_are_as_the_model_has_them(self) -> None:
        if not hasattr(self, "model"):
            return
        assert reminder_rows() == sorted(
            (pk, row.sequence, row.due_at, row.state)
            for pk, visit in self.model.visits.items()
            for row in visit.reminders
        )
        sent = [message.extra_headers["Message-ID"] for message in mail.outbox]
        assert len(sent) == len(set(sent))


def submit(form):
    """Save as the admin does: only what is valid, and then without a second look."""
    if form.errors:
        assert form.errors == {"__all__": ["That time is already booked."]}
        raise ValidationError("refused")
    form.save()


def place(row):
    return row.therapist, row.starts_at, row.ends_at
