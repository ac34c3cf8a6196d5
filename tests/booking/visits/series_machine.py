"""Series among everything else that writes to the calendars, beside the same plain model."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule

from booking.models import Appointment, OutgoingEmail, Series
from booking.visits import series
from booking.visits.requests import Patient, Request
from tests.booking.visits.calendar_machine import LENGTH, Calendars, nows, persons, slugs, starts
from tests.booking.visits.calendar_model import Refused, Visit
from tests.builders import NOW, slot

times = st.lists(st.tuples(slugs, starts), min_size=1, max_size=3)
numbers = st.sets(st.integers(min_value=0, max_value=2), min_size=1)
steps = st.sampled_from([-30, -15, 15, 30, 45]).map(lambda minutes: timedelta(minutes=minutes))


class CalendarsWithSeries(Calendars):
    """Adds: several visits booked, cancelled or moved together, all of them or none."""

    all_series = Bundle("all_series")

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[int, list[int]] = {}  # primary keys of a series' visits
        self.told: list[tuple[int, str, int]] = []  # messages owed about series

    @rule(target=all_series, wanted=times, has_email=persons)
    def book_together(self, wanted, has_email):
        email = "rosa@example.org" if has_email else ""
        expected = [
            Visit(slug, start, start + LENGTH, has_email=has_email) for slug, start in wanted
        ]
        result = self.both(
            lambda: series.book_series(
                visit_type=self.visit_type,
                slots=[slot(self.therapists[slug], start) for slug, start in wanted],
                patient=Patient("Rosa", "1", email=email),
                request=Request(now=NOW),
            ),
            lambda: self.put_together(expected),
        )
        if result is None:
            return multiple()
        made = result[0]
        rows = list(made.visits.all())
        for visit in expected:
            [row] = [row for row in rows if (row.therapist.slug, row.starts_at) == key(visit)]
            self.model.visits[row.pk] = visit
        self.members[made.pk] = [row.pk for row in rows]
        if has_email:
            self.told.append((made.pk, "series", 0))
        return made.pk

    def put_together(self, expected):
        there = [*self.model.visits.values(), *expected]
        if any(visit.shares(other) for visit in expected for other in there):
            raise Refused
        for visit in expected:
            self.tell_and_remind(visit, NOW)

    def chosen(self, pk, picked):
        """Some of a series' visits, by primary key, as the model has them."""
        members = self.members[pk]
        return {key: self.model.visits[key] for n, key in enumerate(members) if n in picked}

    @rule(pk=all_series, picked=numbers, now=nows)
    def cancel_together(self, pk, picked, now):
        visits = self.chosen(pk, picked)
        if not visits:
            return
        shown = {key: visit.sequence for key, visit in visits.items()}
        going = [visit for visit in visits.values() if visit.status != "cancelled"]

        def expect():
            self.refuse_unless_to_come(going, now)
            for visit in going:
                self.model.cancel(visit, now, by_patient=False, tells=False, noted=False)

        made = Series.objects.get(pk=pk)
        done = self.both(lambda: series.cancel_together(series=made, shown=shown, now=now), expect)
        self.note(done, pk, "series-cancelled", going)

    @rule(pk=all_series, picked=numbers, step=steps, now=nows)
    def move_together(self, pk, picked, step, now):
        visits = self.chosen(pk, picked)
        if not visits:
            return
        shown = {key: visit.sequence for key, visit in visits.items()}
        slots = {
            key: slot(self.therapists[visit.therapist], visit.starts_at + step)
            for key, visit in visits.items()
        }
        made = Series.objects.get(pk=pk)
        done = self.both(
            lambda: series.move_together(series=made, slots=slots, shown=shown, now=now),
            lambda: self.expect_moved(list(visits.values()), step, now),
        )
        self.note(done, pk, "series-moved", list(visits.values()))

    def expect_moved(self, going, step, now):
        self.refuse_unless_to_come(going, now)
        before = [replace(visit) for visit in going]
        for visit in going:
            changed = {"starts_at": visit.starts_at + step, "ends_at": visit.ends_at + step}
            vars(visit).update(changed, sequence=visit.sequence + 1)
        clash = any(one.shares(other) for one in going for other in self.model.visits.values())
        if clash:
            for visit in going:
                changed = {"starts_at": visit.starts_at - step, "ends_at": visit.ends_at - step}
                vars(visit).update(changed, sequence=visit.sequence - 1)
            raise Refused
        for visit, was in zip(going, before, strict=True):
            visit.overrides, visit.confirmed_at = False, None
            self.tell_and_remind(visit, now)
            self.model.hold_again(was)

    def tell_and_remind(self, visit, now):
        """What the list offers is free: nothing is known to speak against it."""
        visit.tell()
        visit.kept = False
        visit.remind(now)

    def refuse_unless_to_come(self, going, now):
        if any(visit.status != "booked" or visit.starts_at <= now for visit in going):
            raise Refused

    def note(self, done, pk, kind, going):
        """One message about the series, where one of its visits has an address."""
        if done is not None and any(visit.has_email for visit in going):
            sequence = 1 + max((row[2] for row in self.told if row[0] == pk), default=0)
            self.told.append((pk, kind, sequence))

    @invariant()
    def a_series_is_whole_or_is_not(self) -> None:
        if not hasattr(self, "model"):
            return
        stored = {
            pk: sorted(Appointment.objects.filter(series=pk).values_list("pk", flat=True))
            for pk in Series.objects.values_list("pk", flat=True)
        }
        assert stored == {pk: sorted(members) for pk, members in self.members.items()}

    @invariant()
    def each_deed_is_told_once(self) -> None:
        if not hasattr(self, "model"):
            return
        owed = OutgoingEmail.objects.filter(series__isnull=False)
        assert sorted(owed.values_list("series", "kind", "sequence")) == sorted(self.told)


def key(visit):
    return visit.therapist, visit.starts_at
