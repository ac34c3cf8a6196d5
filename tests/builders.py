"""Rows that tests start from. Times are clinic time (New York) unless said otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking.calendars.slots import Slot
from booking.earlier import waitlist
from booking.earlier.waitlist import Wish
from booking.models import (
    Appointment,
    Enquiry,
    Location,
    Series,
    Therapist,
    VisitType,
    WaitlistEntry,
    WorkingHours,
)
from booking.visits import bookings, limits, series
from booking.visits.requests import Patient, Request

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=NEW_YORK).astimezone(UTC)  # the Friday before
PATIENT = Patient(
    name="Rosa Marquez", phone="(212) 555-0199", phone_e164="+12125550199", email="rosa@example.org"
)


def at(wall: str, day: date = MONDAY, zone: ZoneInfo = NEW_YORK) -> datetime:
    """The instant (UTC) of a wall time such as "9:30"."""
    hour, minute = map(int, wall.split(":"))
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def make_location(slug: str = "willow-street", **fields) -> Location:
    defaults = {
        "name": "Willow Street",
        "street": "12 Willow Street",
        "city": "Springfield",
        "region": "NY",
        "postal_code": "10001",
    }
    return Location.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_visit_type(slug: str = "initial-consultation", **fields) -> VisitType:
    """One that patients may book; it reminds nobody unless told to, as most tests count e-mails."""
    defaults = {"name": "Initial consultation", "minutes": 45, "online": True, "reminder_hours": ""}
    return VisitType.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_therapist(slug: str = "ana-ruiz", hours: str = "9:00-12:00 13:00-17:00", **fields):
    """A therapist who works these hours from Monday to Friday."""
    name = slug.replace("-", " ").title()
    defaults = {"name": name, "credentials": "PT, DPT"} | fields
    therapist = Therapist.objects.create(slug=slug, **defaults)
    for weekday in range(5):
        add_hours(therapist, weekday, hours)
    return therapist


def add_hours(therapist: Therapist, weekday: int, hours: str, location=None, **fields) -> None:
    """Weekly rules such as "9:00-12:00 13:00-17:00"."""
    for span in hours.split():
        opens, closes = (time(*map(int, wall.split(":"))) for wall in span.split("-"))
        WorkingHours.objects.create(
            therapist=therapist,
            location=location or make_location(),
            weekday=weekday,
            opens=opens,
            closes=closes,
            **fields,
        )


def book(therapist: Therapist, starts_at: datetime, **others) -> Appointment:
    """Book through the service, as a patient would."""
    asked = booking() | others
    return bookings.book_by_patient(therapist=therapist, starts_at=starts_at, **asked)


def sent_by(number: int, address: str = "", now: datetime = NOW) -> dict[str, Any]:
    """What one person sends from a network of their own, or from an address that is given."""
    address = address or f"198.51.100.{number}"
    patient = replace(
        PATIENT,
        name=f"Patient {number}",
        email=f"patient-{number}@example.org",
        phone_e164=f"+1212555{number:04}",
    )
    client, wide = limits.client_key(address), limits.wide_key(address)
    return {"patient": patient, "request": Request(client=client, wide=wide, now=now)}


def book_by_desk(therapist: Therapist, starts_at: datetime, **others) -> Appointment:
    """Book through the service, as the desk would: at any time."""
    asked = booking() | others
    return bookings.book_by_desk(therapist=therapist, starts_at=starts_at, **asked)


def slot(therapist: Therapist, starts_at: datetime, location: Location | None = None) -> Slot:
    """A time as the desk chooses it, as long as the visit type has it."""
    ends_at = starts_at + make_visit_type().length
    return Slot(starts_at, ends_at, therapist, (location or make_location()).pk, visits=0)


def book_series(*slots: Slot, **others) -> Series:
    """Book a visit at each of the times, as the desk would."""
    return series.book_series(slots=slots, **(booking() | others))


def booking() -> dict[str, Any]:
    """What a booking says besides its time."""
    return {"visit_type": make_visit_type(), "patient": PATIENT, "request": Request(now=NOW)}


def visit(therapist: Therapist, starts_at: datetime, minutes: int = 45, **fields) -> Appointment:
    """A row as a shell or a fixture would write it: unsaved, past every service."""
    for name, make in {"visit_type": make_visit_type, "location": make_location}.items():
        fields[name] = fields.get(name) or make()
    defaults = {
        "ends_at": starts_at + timedelta(minutes=minutes),
        "name": "Someone Else",
        "phone": "1",
    }
    return Appointment(therapist=therapist, starts_at=starts_at, **(defaults | fields))


def enquiry(**fields) -> Enquiry:
    """A question as a shell would write it, asked on Friday and due on Monday's closing."""
    defaults = {
        "name": "Rosa Marquez",
        "email": "rosa@example.org",
        "message": "Do you have parking?",
        "due_at": at("17:00"),
    }
    return Enquiry.objects.create(**(defaults | fields))


ANY_DAY = Wish("01234", morning=True, afternoon=True, evening=True)


def wait(appointment: Appointment, wish: Wish = ANY_DAY, now: datetime = NOW) -> WaitlistEntry:
    """Put a visit on the earlier-time list, as its patient would."""
    return waitlist.join(appointment=appointment, wish=wish, now=now)


def ask_without_visit(
    patient: Patient = PATIENT, wish: Wish = ANY_DAY, now: datetime = NOW
) -> WaitlistEntry:
    """Ask for a time for somebody whom none suited; not confirmed yet."""
    return waitlist.join_without_visit(
        visit_type=make_visit_type(), patient=patient, wish=wish, request=Request(now=now)
    )


def wait_without_visit(
    patient: Patient = PATIENT, wish: Wish = ANY_DAY, now: datetime = NOW
) -> WaitlistEntry:
    """Put somebody on the list whom no time suited, and who pressed the button in our e-mail."""
    return waitlist.confirm(wish=ask_without_visit(patient, wish, now), now=now)
