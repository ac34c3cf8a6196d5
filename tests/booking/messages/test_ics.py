"""The calendar file: read back with a reader, it says the same instant."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from booking.messages import ics
from booking.models import Appointment
from booking.visits import changes
from booking.visits.requests import Request
from tests.builders import MONDAY, NOW, at, book, book_by_desk, make_location, make_therapist, visit

pytestmark = pytest.mark.django_db


CLINIC = "Willow Street Physical Therapy"


def event_of(appointment, clinic=CLINIC):
    (event,) = Calendar.from_ical(ics.calendar_file(appointment, clinic)).events
    return event


def details(appointment):
    return Appointment.objects.with_details().get(pk=appointment.pk)


def test_the_file_holds_the_visit_and_nothing_about_the_patient(settings):
    settings.BASE_URL = "https://www.clinic.example"
    appointment = book(make_therapist(), at("9:30"))
    written = datetime(2026, 11, 27, 17, 0, 0, 987, tzinfo=UTC)
    Appointment.objects.update(updated_at=written)
    appointment = details(appointment)
    uid, reference = appointment.uuid, appointment.reference

    # Unfolded: a line that starts with a space goes on where the last one ended.
    assert ics.calendar_file(appointment, CLINIC).replace(b"\r\n ", b"").decode() == "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Willow Street Physical Therapy//Appointments//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "SUMMARY:Willow Street Physical Therapy: Initial consultation",
            "DTSTART:20261130T143000Z",
            "DTEND:20261130T151500Z",
            "DTSTAMP:20261127T170000Z",
            f"UID:{uid}@www.clinic.example",
            "SEQUENCE:0",
            "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;"
            "RSVP=FALSE:mailto:rosa@example.org",
            "CLASS:PRIVATE",
            f"DESCRIPTION:With Ana Ruiz\\, PT\\, DPT. Reference {reference}. To move or cancel\\, "
            "use the link in our e-mail or call (212) 555-0143.",
            "LOCATION:Willow Street\\, 12 Willow Street\\, Springfield\\, NY 10001",
            'ORGANIZER;CN="Willow Street Physical Therapy":mailto:front-desk@clinic.example',
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_a_move_and_a_cancellation_are_the_same_event_with_a_higher_sequence():
    appointment = book(make_therapist(), at("9:30"))
    seen = [event_of(appointment)]
    move = {"therapist": appointment.therapist, "starts_at": at("13:00")}
    appointment = changes.move_by_patient(appointment=appointment, now=NOW, **move)
    seen.append(event_of(appointment))
    appointment = changes.cancel_by_patient(appointment=appointment, now=NOW)
    seen.append(event_of(appointment))

    assert [(e["UID"], e["SEQUENCE"], e["STATUS"], e.start) for e in seen] == [
        (f"{appointment.uuid}@127.0.0.1", 0, "CONFIRMED", at("9:30")),
        (f"{appointment.uuid}@127.0.0.1", 1, "CONFIRMED", at("13:00")),
        (f"{appointment.uuid}@127.0.0.1", 2, "CANCELLED", at("13:00")),
    ]
    assert b"METHOD:CANCEL\r\n" in ics.calendar_file(appointment, CLINIC)


# Monday to Sunday of the weeks in which the clocks change in 2026 and 2027.
CHANGES = [
    ("America/New_York", date(2026, 11, 1), "2026-11-01T14:00:00+00:00"),
    ("America/New_York", date(2026, 10, 31), "2026-10-31T13:00:00+00:00"),
    ("America/New_York", date(2027, 3, 13), "2027-03-13T14:00:00+00:00"),
    ("America/New_York", date(2027, 3, 14), "2027-03-14T13:00:00+00:00"),
    ("Europe/Berlin", date(2026, 10, 24), "2026-10-24T07:00:00+00:00"),
    ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T08:00:00+00:00"),
    ("Europe/Berlin", date(2027, 3, 27), "2027-03-27T08:00:00+00:00"),
    ("Europe/Berlin", date(2027, 3, 28), "2027-03-28T07:00:00+00:00"),
    ("Australia/Lord_Howe", date(2026, 10, 3), "2026-10-02T22:30:00+00:00"),
    ("Australia/Lord_Howe", date(2026, 10, 4), "2026-10-03T22:00:00+00:00"),
    ("Australia/Lord_Howe", date(2027, 4, 3), "2027-04-02T22:00:00+00:00"),
    ("Australia/Lord_Howe", date(2027, 4, 4), "2027-04-03T22:30:00+00:00"),
]


@pytest.mark.parametrize(("zone", "day", "instant"), CHANGES)
def test_nine_in_the_morning_survives_the_clock_change(settings, zone, day, instant):
    settings.TIME_ZONE = zone
    starts_at = at("9:00", day, ZoneInfo(zone))
    appointment = book_by_desk(make_therapist(), starts_at, request=Request(now=NOW), location=None)

    event = event_of(details(appointment))

    assert event.start.isoformat() == instant
    assert event.end - event.start == appointment.visit_type.length
    assert event.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "09:00"


ZONES = [
    "America/New_York",
    "America/Phoenix",  # never changes its clocks
    "America/Santiago",  # changes them the other way round
    "Europe/Berlin",
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Chatham",  # 12 hours and 45 minutes from UTC
]
WEEKS = 105  # of two years
WEEKDAYS = (0, 5, 6)  # clocks change on Sundays: the days about them, and one of work


@pytest.mark.parametrize("zone", ZONES)
def test_every_week_of_two_years_comes_back_as_the_stored_instant(settings, zone):
    settings.TIME_ZONE = zone
    clinic, therapist = ZoneInfo(zone), make_therapist()
    days = [MONDAY + timedelta(weeks=week, days=day) for week in range(WEEKS) for day in WEEKDAYS]
    Appointment.objects.bulk_create(
        visit(therapist, at("9:00", day, clinic), reference=f"{number:07}")
        for number, day in enumerate(days)
    )

    stored = list(Appointment.objects.with_details().order_by("starts_at"))
    files = [ics.calendar_file(appointment, CLINIC) for appointment in stored]
    events = [event for file in files for event in Calendar.from_ical(file).events]

    spans = [(row.starts_at, row.ends_at) for row in stored]
    assert [(event.start, event.end) for event in events] == spans
    assert [event.start.astimezone(clinic).replace(tzinfo=None) for event in events] == [
        datetime.combine(day, time(9)) for day in days
    ]
    written = [re.findall(rb"^(DTSTART|DTEND)(:\d{8}T\d{6}Z)\r$", file, re.M) for file in files]
    assert {tuple(name for name, _value in lines) for lines in written} == {(b"DTSTART", b"DTEND")}


def test_line_breaks_in_data_add_no_lines():
    clinic = "Willow\r\nATTACH:http://evil.example/"
    make_location(street="1 Main St\r\nEND:VEVENT", name="A;B\nX")
    appointment = book(make_therapist(name="Ana\r\nSTATUS:CANCELLED"), at("9:30"))

    content = ics.calendar_file(details(appointment), clinic)
    event = event_of(details(appointment), clinic)

    starts = [line.partition(b":")[0] for line in content.replace(b"\r\n ", b"").split(b"\r\n")]
    assert [b"ATTACH" in starts, starts.count(b"END"), starts.count(b"STATUS")] == [False, 2, 1]
    assert str(event["LOCATION"]) == "A;B X, 1 Main St END:VEVENT, Springfield, NY 10001"
    assert str(event["SUMMARY"]).startswith("Willow ATTACH:http://evil.example/:")
    assert {content.count(b"\n"), content.count(b"\r")} == {content.count(b"\r\n")}
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_a_caller_without_email_gets_no_attendee():
    appointment = book(make_therapist(), at("9:30"))
    appointment.email = ""

    assert "ATTENDEE" not in event_of(appointment)
