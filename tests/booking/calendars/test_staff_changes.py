"""Whatever staff change over whatever visits: each is true by a model of its own, or listed; what
the desk knew as it booked or kept one lists it no more, and whatever came on top does.
"""

from datetime import time, timedelta

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

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
from booking.visits import keeping
from booking.visits.refusals import SlotUnavailable
from tests.builders import (
    MONDAY,
    NEW_YORK,
    NOW,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
)

pytestmark = pytest.mark.django_db

whose = st.sampled_from(["ana-ruiz", "ben-cole"])
wall = st.integers(8 * 4, 18 * 4).map(lambda quarter: f"{quarter // 4}:{quarter % 4 * 15:02}")
day = st.integers(0, 1).map(lambda days: MONDAY + timedelta(days=days))
span = st.tuples(day, st.lists(wall, min_size=2, max_size=2, unique=True))
change = st.one_of(
    st.tuples(st.just("leaves"), whose),
    st.tuples(st.just("hours"), whose, wall),
    st.tuples(st.just("elsewhere"), whose),
    st.tuples(st.just("ended"), whose, day),
    st.tuples(st.just("away"), whose, span),
    st.tuples(st.just("closed"), span),
    st.tuples(st.just("withdrawn"), st.sampled_from(["initial-consultation", "follow-up"])),
    st.tuples(st.just("offline"), st.sampled_from(["initial-consultation", "follow-up"])),
    st.tuples(st.just("street"), st.sampled_from(["12 Willow Street", "14 Willow Street"])),
)
known = st.one_of(
    change,
    st.tuples(st.just("longer"), span),
    st.tuples(st.just("desk books"), whose, day, wall),
    st.tuples(st.just("desk keeps")),
)
BOOKED = [
    ("ana-ruiz", "9:00", "initial-consultation"),
    ("ana-ruiz", "13:00", "follow-up"),
    ("ben-cole", "16:15", "initial-consultation"),
]


def instants(span):
    day, walls = span
    return sorted(at(each, day) for each in walls)


def do(kind, *what):
    """One change, through the rows alone."""
    if kind == "leaves":
        Therapist.objects.filter(slug=what[0]).update(active=False)
    elif kind == "hours":
        closes = time(*map(int, what[1].split(":")))
        rows = WorkingHours.objects.filter(therapist__slug=what[0], opens__lt=closes)
        rows.update(closes=closes)
    elif kind == "elsewhere":
        rows = WorkingHours.objects.filter(therapist__slug=what[0], weekday=0)
        rows.update(location=Location.objects.get(slug="oak-avenue"))
    elif kind == "ended":
        WorkingHours.objects.filter(therapist__slug=what[0]).update(valid_until=what[1])
    elif kind in ("withdrawn", "offline"):
        flag = {"withdrawn": "active", "offline": "online"}[kind]
        VisitType.objects.filter(slug=what[0]).update(**{flag: False})
    elif kind == "longer":
        starts_at, ends_at = instants(*what)
        TimeOff.objects.update(starts_at=starts_at, ends_at=ends_at)
        Closure.objects.update(starts_at=starts_at, ends_at=ends_at)
    elif kind == "street":
        Location.objects.filter(slug="willow-street").update(street=what[0])
    else:
        span = dict(zip(("starts_at", "ends_at"), instants(what[-1]), strict=True))
        if kind == "closed":
            Closure.objects.create(name="Snow", **span)
        else:
            therapist = Therapist.objects.get(slug=what[0])
            TimeOff.objects.create(therapist=therapist, **span)


def is_true(visit):
    """Asked minute by minute of the rows, in clinic time."""
    if not visit.therapist.active or visit.location.street != "12 Willow Street":
        return False
    if not visit.visit_type.active:
        return False
    absences = [*TimeOff.objects.filter(therapist=visit.therapist), *Closure.objects.all()]
    moment = visit.starts_at
    while moment < visit.ends_at:
        if any(row.starts_at <= moment < row.ends_at for row in absences):
            return False
        if not works(visit, moment.astimezone(NEW_YORK)):
            return False
        moment += timedelta(minutes=1)
    return True


def works(visit, moment):
    rules = WorkingHours.objects.filter(therapist=visit.therapist, location=visit.location)
    return any(
        rule.opens <= moment.time() < rule.closes
        and rule.weekday == moment.weekday()
        and (rule.valid_until is None or moment.date() <= rule.valid_until)
        for rule in rules
    )


def book_some():
    """Three visits on each of two days, of two therapists."""
    make_location("oak-avenue", name="Oak Avenue", street="3 Oak Avenue")
    therapists = {slug: make_therapist(slug) for slug in ("ana-ruiz", "ben-cole")}
    for slug, start, name in BOOKED:
        visit_type = make_visit_type(name)
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            book(therapists[slug], at(start, day), visit_type=visit_type)


@settings(max_examples=40)
@given(changes=st.lists(change, max_size=4))
def test_a_visit_is_true_or_listed(changes):
    with transaction.atomic():
        book_some()
        for each in changes:
            do(*each)
        visits = Appointment.objects.with_details()
        wrong = {visit.reference for visit in visits if not is_true(visit)}
        listed = {visit.reference for visit in untrue(Appointment.objects.all(), NOW)}
        transaction.set_rollback(True)

    assert listed == wrong


def wrong_of(visit):
    """All that is not so of it: minute by minute, and as a whole, by the rows."""
    whole = {
        ("left",): not visit.therapist.active,
        ("withdrawn",): not visit.visit_type.active,
        ("address", visit.location.street): visit.told_place != visit.location.in_full,
    }
    found = {name for name, is_wrong in whole.items() if is_wrong}
    absences = [*TimeOff.objects.filter(therapist=visit.therapist), *Closure.objects.all()]
    moment = visit.starts_at
    while moment < visit.ends_at:
        found |= {(row, moment) for row in absences if row.starts_at <= moment < row.ends_at}
        if not works(visit, moment.astimezone(NEW_YORK)):
            found.add(("off work", moment))
        moment += timedelta(minutes=15)  # whatever is changed here begins and ends on a quarter
    return found


def listed():
    return untrue(Appointment.objects.all(), NOW)


def act(kind, *what):
    """One change, or a booking or a look of the desk; gives the visits of which it knows all."""
    if kind == "desk books":
        slug, day, start = what
        try:
            visit = book_by_desk(Therapist.objects.get(slug=slug), at(start, day))
        except SlotUnavailable:
            return []
        return [visit]
    if kind == "desk keeps":
        found = listed()
        for visit, doubts in found.items():
            codes = [doubt.code for doubt in doubts]
            keeping.keep(appointment=visit, codes=codes, now=NOW)
        return list(found)
    do(kind, *what)
    return []


WHOLE_DAY = ["8:00", "18:00"]
KEPT = ("desk keeps",)


@settings(max_examples=40)
@example([("away", "ana-ruiz", (MONDAY, ["8:00", "9:15"])), KEPT, ("longer", (MONDAY, WHOLE_DAY))])
@example([("closed", (MONDAY, ["8:00", "9:15"])), KEPT, ("longer", (MONDAY, WHOLE_DAY))])
@example([("hours", "ana-ruiz", "13:30"), KEPT, ("ended", "ana-ruiz", MONDAY)])
@example([("leaves", "ana-ruiz"), KEPT, ("elsewhere", "ana-ruiz")])
@given(changes=st.lists(known, max_size=8))
def test_what_the_desk_knew_is_settled_and_nothing_on_top_of_it(changes):
    with transaction.atomic():
        book_some()
        kept = {}
        for each in changes:
            settled = act(*each)
            rows = {row.reference: wrong_of(row) for row in Appointment.objects.with_details()}
            kept |= {visit.reference: rows[visit.reference] for visit in settled}
            found = {visit.reference for visit in listed()}

            assert found & {visit.reference for visit in settled} == set()
            assert {name for name in rows if rows[name] - kept.get(name, set())} <= found
            assert found <= {name for name in rows if rows[name]}
        transaction.set_rollback(True)
