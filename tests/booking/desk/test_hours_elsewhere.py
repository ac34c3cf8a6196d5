"""The hours move to another place under a booked visit, and its own time is chosen again."""

import pytest

from booking.calendars import instants
from booking.calendars.doubts import untrue
from booking.models import Appointment, OutgoingEmail, WorkingHours
from booking.visits import changes, staff_changes, tokens
from tests.builders import NOW, add_hours, at, book, book_by_desk, make_location, make_therapist
from tests.reading import texts

pytestmark = pytest.mark.django_db
OAK_SAID = "Oak Avenue, 3 Oak Avenue, Springfield, NY 10001"


@pytest.fixture
def oak():
    return make_location("oak-avenue", name="Oak Avenue", street="3 Oak Avenue")


@pytest.fixture
def visit(oak):
    """Booked at Willow Street, where the therapist worked until all her hours moved."""
    visit = book(make_therapist(), at("9:30"))
    WorkingHours.objects.update(location=oak)
    return visit


@pytest.fixture
def patient(client, visit):
    client.get(f"/m/{tokens.make(visit)}/")
    return client


def place():
    """Where the visit is, at which sequence, how often its move was mailed, what is untrue."""
    row = Appointment.objects.get()
    mailed = OutgoingEmail.objects.filter(kind="moved").count()
    listed = untrue(Appointment.objects.all(), NOW)
    return row.location.name, row.sequence, mailed, bool(listed)


@pytest.mark.parametrize(
    "chosen",
    [
        {"slot": "ana-ruiz:20261130T1430Z"},
        {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "09:30", "location": ""},
    ],
    ids=["its own time's button", "as the hours say"],
)
def test_the_desk_moves_it_to_where_the_hours_are(desk, visit, chosen):
    path = f"/admin/booking/appointment/{visit.pk}/move/"
    for _click in range(2):
        desk.post(path, chosen | {"sequence": "0"})

        assert place() == ("Oak Avenue", 1, 1, False)


def test_where_the_hours_allow_its_place_it_stays(visit):
    add_hours(visit.therapist, 0, "9:00-12:00")
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=visit.starts_at, now=NOW
    )
    changes.move_by_patient(
        appointment=visit, therapist=visit.therapist, starts_at=visit.starts_at, now=NOW
    )

    assert place() == ("Willow Street", 0, 0, False)


def test_outside_the_hours_its_own_time_again_leaves_it_where_it_is(oak):
    visit = book_by_desk(make_therapist(), at("18:00"), location=oak)
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=visit.starts_at, now=NOW
    )

    assert place() == ("Oak Avenue", 0, 0, False)


def test_the_patient_is_asked_and_moves_it_there(patient, visit):
    to = f"ana-ruiz/{instants.code(visit.starts_at)}"
    shown = patient.get("/appointment/move/", {"to": to})

    assert texts(shown, "dd") == [
        "Monday, November 30, 9:30 a.m., Ana Ruiz, PT, DPT Willow Street,"
        " 12 Willow Street, Springfield, NY 10001",
        f"Monday, November 30, 9:30 a.m., Ana Ruiz, PT, DPT {OAK_SAID}",
    ]
    assert "The time stays the same. Only the place is new." in texts(shown, "p")
    for _click in range(2):
        sent = patient.post("/appointment/move/", {"to": to})

        assert (sent.status_code, sent["Location"]) == (303, "/appointment/")
        assert place() == ("Oak Avenue", 1, 1, False)


def test_once_moved_it_is_hers_again(patient, visit):
    to = {"to": f"ana-ruiz/{instants.code(visit.starts_at)}"}
    patient.post("/appointment/move/", to)

    assert texts(patient.get("/appointment/move/", to), "h1") == ["You have booked this time"]
