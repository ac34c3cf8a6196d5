"""The board alone, read anew by a page that shows it: 304 for as long as it shows what is so."""

import random
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from booking.earlier import offers
from booking.models import (
    Appointment,
    Closure,
    Location,
    OutgoingEmail,
    PatientChange,
    Therapist,
    TimeOff,
    TimeOffer,
    VisitType,
    WorkingHours,
)
from booking.visits import attendance, changes, corrections, seeing, staff_changes
from booking.visits.refusals import Refused
from tests.booking.desk.pages import sheet
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
)

LIVE = reverse("desk:board")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
TUESDAY = MONDAY + timedelta(days=1)
MORNING = at("9:20")


@pytest.fixture
def clinic(now):
    """Two therapists on Monday morning: one visit just past, one to come, one cancelled."""
    now.move_to(NOW)
    VisitType.objects.update(change_window_hours=0)
    ana, ben = make_therapist(), make_therapist("ben-cole")
    make_visit_type(change_window_hours=0)
    early = replace(PATIENT, name="Omar Haddad", email="omar@example.org", phone_e164="")
    book_by_desk(ben, at("9:00"), patient=early)
    changes.cancel_by_desk(appointment=book_by_desk(ben, at("15:00"), patient=early), now=NOW)
    book(ana, at("10:00"))
    Appointment.objects.update(created_at=MORNING - timedelta(hours=23, minutes=57))
    now.move_to(MORNING)


def rosa():
    return Appointment.objects.filter(name="Rosa Marquez").earliest("pk")


def omar():
    return Appointment.objects.get(name="Omar Haddad", status="booked")


def ana():
    return Therapist.objects.get(slug="ana-ruiz")


def save(model, **values):
    """Write fields of the first row, as a form of the admin would."""

    def write(now):
        row = model.objects.order_by("pk").first()
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    return write


def moves(to, service=staff_changes.change_by_desk):
    return lambda now: service(appointment=rosa(), therapist=ana(), starts_at=at(to), now=MORNING)


def give_up(now):
    OutgoingEmail.objects.filter(appointment=rosa()).update(state="given-up")


def ask(now):
    """Somebody of the earlier-time list is asked about a time; written past the service."""
    from_desk = Appointment.objects.get(status="cancelled")
    wish = offers.WaitlistEntry.objects.create(
        appointment=from_desk,
        visit_type=from_desk.visit_type,
        weekdays="01234",
        morning=True,
        ends_at=at("9:00", TUESDAY),
    )
    TimeOffer.objects.create(
        entry=wish,
        therapist=ana(),
        visit_type=from_desk.visit_type,
        location=make_location(),
        starts_at=at("14:00"),
        ends_at=at("14:45"),
        expires_at=at("12:02"),
        created_at=MORNING,
        token_hash="x",
    )


def later(minutes):
    return lambda now: now.move_to(timezone.now() + timedelta(minutes=minutes))


CHANGES = {
    "booked": lambda now: book_by_desk(ana(), at("11:00"), patient=replace(PATIENT, name="Cy Dee")),
    "moved by the desk": moves("13:00"),
    "moved by its patient": moves("13:00", changes.move_by_patient),
    "moved away": lambda now: staff_changes.change_by_desk(
        appointment=rosa(), therapist=ana(), starts_at=at("9:00", TUESDAY), now=MORNING
    ),
    "cancelled": lambda now: changes.cancel_by_desk(appointment=rosa(), now=MORNING),
    "cancelled by its patient": lambda now: changes.cancel_by_patient(
        appointment=rosa(), now=MORNING
    ),
    "arrived": lambda now: attendance.set_status(appointment=omar(), status="arrived", now=MORNING),
    "did not come": lambda now: attendance.set_status(
        appointment=omar(), status="noshow", now=MORNING
    ),
    "will come": lambda now: attendance.confirm(appointment=rosa(), now=MORNING),
    "another name": lambda now: corrections.correct(
        appointment=rosa(), changes={"name": "Rosa Diaz"}, now=MORNING
    ),
    "no e-mail": lambda now: corrections.correct(
        appointment=rosa(), changes={"email": ""}, now=MORNING
    ),
    "a note": lambda now: corrections.correct(
        appointment=rosa(), changes={"note": "Stairs"}, now=MORNING
    ),
    "an e-mail is given up": give_up,
    "the same person elsewhere": lambda now: book_by_desk(ana(), at("9:00", TUESDAY)),
    "a late visit of the evening before": lambda now: visit(
        ana(), at("23:30", MONDAY - timedelta(days=1)), reference="AAA-222"
    ).save(),
    "time off": lambda now: TimeOff.objects.create(
        therapist=ana(), starts_at=at("15:00"), ends_at=at("16:00"), reason="Dentist"
    ),
    "a closure": lambda now: Closure.objects.create(
        name="Snow", starts_at=at("15:00"), ends_at=at("20:00")
    ),
    "other hours": save(WorkingHours, closes=at("11:30").astimezone(at.__defaults__[1]).time()),
    "no hours": lambda now: WorkingHours.objects.filter(weekday=0).first().delete(),
    "a new therapist": lambda now: make_therapist("cy-dee"),
    "a therapist leaves": lambda now: [
        (setattr(row, "active", False), row.save()) for row in [Therapist.objects.last()]
    ],
    "another name of a therapist": save(Therapist, name="Ana Diaz"),
    "online booking paused": save(Therapist, online_booking=False),
    "a longer visit type": save(VisitType, minutes=60),
    "another name of a visit type": save(VisitType, name="First visit"),
    "another place": save(Location, name="Oak Avenue"),
    "another address": save(Location, street="1 Oak Avenue"),
    "an offered time": ask,
    "seen": lambda now: (
        changes.cancel_by_patient(appointment=rosa(), now=MORNING),
        seeing.mark(
            user=User.objects.get(), changes=PatientChange.objects.values_list("pk", flat=True)
        ),
    ),
    "fewer rights": lambda now: Group.objects.get(name="Front desk").permissions.remove(
        Group.objects.get(name="Front desk").permissions.get(codename="change_appointment")
    ),
    "it is late": later(46),
    "a free time is over": later(11),
    "the next quarter": later(10),
    "new no longer": later(4),
}


def look(client, held="", **asked):
    """(status, what the board says, its mark)"""
    asked = {"date": MONDAY.isoformat()} | asked
    response = client.get(LIVE, asked, headers={"If-None-Match": held})
    return response.status_code, TOKEN.sub("", response.content.decode()), response["ETag"]


def test_nothing_changed_is_nothing_read(desk, clinic, django_assert_num_queries):
    status, shown, mark = look(desk)
    assert (status, "Rosa Marquez" in shown) == (200, True)

    with django_assert_num_queries(8):  # session, user, two for rights; and four small ones
        assert look(desk, mark) == (304, "", mark)
    assert look(desk, f"W/{mark}")[0] == 304  # as it is marked where it was packed
    assert look(desk, '"x"')[1:] == look(desk)[1:]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_look_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    for number in range(rows):
        therapist = make_therapist(f"therapist-{number}")
        for wall in ["9:00", "10:00", "11:00"][:rows]:
            book(therapist, at(wall))
    mark = look(desk)[2]

    with django_assert_num_queries(8):
        look(desk, mark)
    with django_assert_num_queries(24):
        look(desk)


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_the_board_changes_its_mark(desk, clinic, now, name):
    shown = {"open": rosa().pk}  # with its details beside the grid
    _status, before, mark = look(desk, **shown)
    CHANGES[name](now)
    status, after, _mark = look(desk, mark, **shown)

    assert (status, after != before) == (200, True)


@pytest.mark.parametrize("seed", range(8))
def test_a_mark_holds_only_while_the_board_is_the_same(desk, clinic, now, seed):
    """Any changes in any order: where the answer is 304, drawing it anew gives the same."""
    dice = random.Random(seed)
    _status, shown, mark = look(desk)
    for name in dice.sample(sorted(CHANGES), 8):
        with suppress(Refused, ObjectDoesNotExist, IntegrityError), transaction.atomic():
            CHANGES[name](now)  # of what is still there after the changes before
        status, after, newer = look(desk, mark)
        if status == 304:
            assert look(desk)[1] == shown
        else:
            shown, mark = after, newer


@pytest.mark.parametrize("minutes", [*range(0, 60, 7), 60 * 24])
def test_what_the_clock_changes_is_never_missed(desk, clinic, now, minutes):
    _status, shown, mark = look(desk)
    now.move_to(MORNING + timedelta(minutes=minutes, seconds=1))
    status, _after, _mark = look(desk, mark)

    assert status == 200 or look(desk)[1] == shown


def test_a_change_that_commits_late_is_not_missed(desk, clinic):
    """Its row of the audit log is older than the newest that was seen."""
    late = LogEntry.objects.order_by("-pk")[1]
    LogEntry.objects.filter(pk=late.pk).delete()
    mark = look(desk)[2]
    late.save(force_insert=True)

    assert look(desk, mark)[0] == 200


def test_another_day_is_another_board(desk, clinic):
    mark = look(desk)[2]

    assert [
        look(desk, mark, date=TUESDAY.isoformat())[0],
        look(desk, mark, visit="follow-up")[0],
        look(desk, mark, moving=rosa().pk)[0],
    ] == [200, 200, 200]


def test_a_colleague_gets_a_board_of_their_own(desk, sign_in, clinic):
    mark = look(desk)[2]
    other = sign_in("Therapist", therapist=Therapist.objects.last())
    status, shown, _mark = look(other, mark)

    assert (status, "Rosa Marquez" in shown, "Omar Haddad" in shown) == (200, False, True)


def test_the_page_names_the_mark_of_its_own_board(desk, clinic):
    page = sheet(desk)
    source = page.context["source"]

    assert source == f"{LIVE}?date=2026-11-30"
    assert desk.get(source, headers={"If-None-Match": page.context["tag"]}).status_code == 304


def test_an_answer_says_the_clinics_time_and_is_kept_by_nobody(desk, clinic):
    response = desk.get(LIVE, {"date": "2026-11-30"})

    assert (response["X-Clinic-Time"], response["Cache-Control"]) == ("9:20 a.m.", "no-store")


def test_what_a_patient_did_is_said_in_words(desk, clinic):
    CHANGES["moved by its patient"](None)
    said = re.search(r'data-news="([^"]*)"', look(desk)[1])

    words = "Rosa Marquez moved to Mon, Nov 30, 1 p.m. with Ana Ruiz, by the patient"
    assert " ".join(said[1].split()) == words
