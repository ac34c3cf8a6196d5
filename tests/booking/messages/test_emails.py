"""What each message says, to whom, and what it never says."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError

from booking.calendars.doubts import of_visits
from booking.messages import emails, ics, kinds
from booking.models import Appointment, Clinic, OutgoingEmail, VisitType
from booking.visits import attendance, changes, sending_again, telling, tokens
from booking.visits.requests import Request
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import Words

pytestmark = pytest.mark.django_db

CANARY = replace(
    PATIENT, name="Canary Wren", phone="(917) 555-0188", phone_e164="+19175550188", reason="pelvis"
)
NEVER = ["Canary", "Wren", "555-0188", "5550188", "pelvis"]


@pytest.fixture(autouse=True)
def desk(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"


def owed(kind):
    return kinds.of(OutgoingEmail.objects.get(kind=kind))


def parsed(kind, now=NOW):
    content = emails.message(owed(kind), now).message().as_bytes()
    return message_from_bytes(content, policy=policy.default)


def parts(message):
    return {
        part.get_content_type(): part.get_content()
        for part in message.walk()
        if not part.is_multipart()
    }


def cancelled():
    appointment = book(make_therapist(), at("9:30"), patient=CANARY)
    return changes.cancel_by_patient(appointment=appointment, now=NOW)


def moved():
    appointment = book(make_therapist(), at("9:30"), patient=CANARY)
    return changes.move_by_patient(
        appointment=appointment,
        therapist=appointment.therapist,
        starts_at=at("14:00"),
        now=NOW,
    )


def at_a_changed_street():
    appointment = book(make_therapist(), at("9:30"), patient=CANARY)
    appointment.location.street = "14 Willow Street"
    appointment.location.save()
    codes = [doubt.code for doubt in of_visits([appointment])[0]]
    return telling.tell(appointment=appointment, codes=codes, by_email=True, now=NOW)


def booked(**patient):
    return book(make_therapist(), at("9:30"), patient=replace(CANARY, **patient))


TEXT = """\
Your visit is booked
It is booked: there is nothing more to do.

When: Monday, November 30, 9:30 a.m. (Eastern time)
What: Initial consultation, 45 minutes
With: Ana Ruiz, PT, DPT
Where: Willow Street, 12 Willow Street, Springfield, NY 10001
Directions: {directions}
Telephone: (212) 555-0143
Reference: {reference}

To move or cancel
Open this link until Sunday, November 29, 9:30 a.m. (Eastern time). After that, call (212) 555-0143.
http://127.0.0.1:8000/m/{token}/
The link is yours alone: whoever has it can see and change the visit.

What to bring
- A photo ID, and your insurance card if you use one.
- Your referral, if you have one. You may not need one.
- A list of your medicines, and reports of scans or surgery.
- Clothes and shoes that are easy to move in.

If you may be having an emergency, call 911 or go to an emergency room now. Do not write to us.

Is this not for you? Someone may have typed your address by mistake. Call (212) 555-0143.

Willow Street Physical Therapy
"""


def test_the_confirmation_says_all_that_the_patient_needs():
    appointment = booked()
    message = parsed("confirmation")

    expected = TEXT.format(
        reference=appointment.reference,
        token=tokens.current(appointment),
        directions=appointment.location.directions_url,
    )
    assert parts(message)["text/plain"] == expected


def test_the_headers_are_those_of_the_clinic():
    appointment = booked()
    message = parsed("confirmation")
    headers = {name: str(value) for name, value in message.items() if name != "Date"}
    headers.pop("Content-Type")

    assert headers == {
        "MIME-Version": "1.0",
        "Subject": "Willow Street Physical Therapy: your visit is booked",
        "From": "Willow Street Physical Therapy <front-desk@clinic.example>",
        "To": "rosa@example.org",
        "Reply-To": "desk@clinic.example",
        "Message-ID": f"<confirmation.0.{appointment.uuid.hex}@127.0.0.1>",
        "Auto-Submitted": "auto-generated",
    }


REMINDER = """\
Your visit is coming up

When: Monday, December 7, 9:30 a.m. (Eastern time)
What: Initial consultation, 45 minutes
With: Ana Ruiz, PT, DPT
Where: Willow Street, 12 Willow Street, Springfield, NY 10001
Directions: {directions}
Telephone: (212) 555-0143
Reference: {reference}

{change}

What to bring
- A photo ID, and your insurance card if you use one.
- Your referral, if you have one. You may not need one.
- A list of your medicines, and reports of scans or surgery.
- Clothes and shoes that are easy to move in.

If you may be having an emergency, call 911 or go to an emergency room now. Do not write to us.

Is this not for you? Someone may have typed your address by mistake. Call (212) 555-0143.

Willow Street Physical Therapy
"""
ASKS = """\
Will you come?
Open this link and press the button:
http://127.0.0.1:8000/m/{token}/?next=come

"""
MAY_MOVE = """\
Do you need to move it?
Open this link until Sunday, December 6, 9:30 a.m. (Eastern time). After that, call (212) 555-0143.
http://127.0.0.1:8000/m/{token}/?next=move

"""
MUST_CALL = """\
Do you need to move it?
Call (212) 555-0143.

"""
SAID_SO = "You told us that you will come. Thank you.\n\n"
YOURS = "The links are yours alone: whoever has them can see and change the visit."
SEE = "To see your visit: http://127.0.0.1:8000/m/{token}/"
NEXT_MONDAY = MONDAY + timedelta(days=7)


def reminded():
    """A visit with one reminder, a day before."""
    visit_type = make_visit_type(reminder_hours="24")
    return book(make_therapist(), at("9:30", NEXT_MONDAY), visit_type=visit_type, patient=CANARY)


@pytest.mark.parametrize(
    ("hours_before", "confirmed", "change"),
    [
        (72, False, ASKS + MAY_MOVE + YOURS),
        (23, False, ASKS + MUST_CALL + YOURS),
        (72, True, SAID_SO + MAY_MOVE + YOURS),
        (23, True, SAID_SO + MUST_CALL + SEE),
    ],
)
def test_a_reminder_offers_to_say_yes_or_to_move(hours_before, confirmed, change):
    appointment = reminded()
    now = appointment.starts_at - timedelta(hours=hours_before)
    if confirmed:
        attendance.confirm(appointment=appointment, now=NOW)
    message = parsed("reminder", now)
    said = parts(message)

    token = tokens.current(appointment)
    expected = REMINDER.format(
        reference=appointment.reference,
        change=change.format(token=token).strip(),
        directions=appointment.location.directions_url,
    )
    assert said["text/plain"] == expected
    links = set(re.findall(r"http\S+", expected))
    assert set(Words(said["text/html"]).addresses) == links | {"tel:+12125550143"}
    assert sorted(said) == ["text/html", "text/plain"]  # no calendar should ask again
    assert message["Subject"] == "Willow Street Physical Therapy: your visit is coming up"
    assert [word for word in NEVER if word in str(said) + str(message.items())] == []


def test_a_reminder_without_a_link_says_to_call():
    reminded()
    Appointment.objects.update(token_hash=None)
    text = parts(parsed("reminder"))["text/plain"]

    assert "/m/" not in text
    assert "\n\nCan you not come?\nCall (212) 555-0143.\n\nWhat to bring" in text


def test_the_html_says_the_same_and_fetches_nothing():
    appointment = booked()
    html = Words(parts(parsed("confirmation"))["text/html"])
    said = " ".join(html.words)

    for line in [
        "Monday, November 30 9:30 a.m. (Eastern time)",
        "Initial consultation, 45 minutes",
        "Ana Ruiz, PT, DPT",
        "Willow Street, 12 Willow Street, Springfield, NY 10001",
        f"Reference {appointment.reference}",
        "Your referral, if you have one.",
        "until Sunday, November 29, 9:30 a.m. (Eastern time). After that, call (212) 555-0143.",
        "It is booked: there is nothing more to do.",
        "call 911",
    ]:
        assert line in said
    token = tokens.current(appointment)
    assert html.addresses == [
        appointment.location.directions_url,
        "tel:+12125550143",
        f"http://127.0.0.1:8000/m/{token}/",
    ]
    assert html.tags.isdisjoint({"img", "script", "link", "iframe"})


@pytest.mark.parametrize(
    ("make", "kind", "method"),
    [
        (booked, "confirmation", "REQUEST"),
        (moved, "moved", "REQUEST"),
        (cancelled, "cancelled", "CANCEL"),
        (at_a_changed_street, "details", "REQUEST"),
    ],
)
def test_patients_get_text_html_and_the_calendar_event_twice(make, kind, method):
    make()
    message = parsed(kind)
    event = ics.calendar_file(owed(kind).about, "Willow Street Physical Therapy")
    kinds = [part.get_content_type() for part in message.walk()]
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    (attachment,) = message.iter_attachments()

    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert dict(calendar["Content-Type"].params) == {"method": method, "charset": "utf-8"}
    assert calendar.get_content().splitlines() == event.decode().splitlines()
    assert (attachment.get_filename(), attachment.get_content()) == ("visit.ics", event)


@pytest.mark.parametrize(
    ("make", "kind", "lines"),
    [
        (
            moved,
            "moved",
            [
                "Your visit has moved",
                "Old time: Monday, November 30, 9:30 a.m.",
                "New time: Monday, November 30, 2 p.m.",
                "It is booked: there is nothing more to do.",
                "When: Monday, November 30, 2 p.m. (Eastern time)",
            ],
        ),
        (
            cancelled,
            "cancelled",
            [
                "Your visit is cancelled. You do not need to come.",
                "http://127.0.0.1:8000/book/",
            ],
        ),
        (
            at_a_changed_street,
            "details",
            [
                "Details of your visit have changed. This is how it is now.",
                "Your visit stands. Please look at the time and the place.",
                "Where: Willow Street, 14 Willow Street, Springfield, NY 10001",
            ],
        ),
    ],
)
def test_later_messages_say_what_has_changed(make, kind, lines):
    make()
    text = parts(parsed(kind))["text/plain"].splitlines()

    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize(
    ("make", "kind", "subject"),
    [
        (booked, "desk-new", "New visit"),
        (moved, "desk-moved", "Moved visit"),
        (cancelled, "desk-cancelled", "Cancelled visit"),
    ],
)
def test_the_desk_reads_reference_therapist_and_time_alone(make, kind, subject):
    appointment = make()
    message = parsed(kind)
    time = "2 p.m." if make is moved else "9:30 a.m."
    where = f"http://127.0.0.1:8000/admin/booking/appointment/{appointment.pk}/change/"

    assert (message["Subject"], message["To"], message["Reply-To"]) == (
        f"{subject} {appointment.reference}",
        "desk@clinic.example",
        None,
    )
    assert parts(message)["text/plain"].split("\n") == [
        f"{subject} {appointment.reference}",
        "",
        f"When: Monday, November 30, {time} (Eastern time)",
        "Therapist: Ana Ruiz, PT, DPT",
        f"Reference: {appointment.reference}",
        "",
        "Sign in to see it:",
        where,
        "",
    ]


@pytest.mark.parametrize("make", [booked, moved, cancelled])
def test_no_message_repeats_name_telephone_or_reason(make):
    make()
    for found in OutgoingEmail.objects.all():
        if found.sequence == Appointment.objects.get().sequence:
            message = parsed(found.kind)
            said = "".join(str(part) for part in parts(message).values()) + str(message.items())
            assert [word for word in NEVER if word in said] == []


def test_a_visit_that_is_too_near_to_change_says_to_call():
    booked()
    VisitType.objects.update(no_show_fee="40.00")
    late = at("9:30") - timedelta(hours=24) + timedelta(minutes=1)
    text = parts(parsed("confirmation", late))["text/plain"]

    said = "Your visit is less than 24 hours away. To change it, call (212) 555-0143."
    said += " If you change it, or do not come, you pay $40.00."
    assert f"To move or cancel\n{said}\nTo see your visit: http" in text
    assert "Open this link until" not in text


def test_a_visit_without_a_link_says_to_call():
    booked()
    Appointment.objects.update(token_hash=None)
    text = parts(parsed("confirmation"))["text/plain"]

    assert "/m/" not in text
    assert "To move or cancel\nCall (212) 555-0143." in text


def test_the_link_outlives_a_change_of_the_secret_key(settings):
    token = tokens.make(booked())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-that-only-the-tests-know-0123456789-0123456789"

    assert f"http://127.0.0.1:8000/m/{token}/" in parts(parsed("confirmation"))["text/plain"]


def test_a_location_with_its_own_telephone_names_that():
    make_location(phone="(646) 555-0177")
    booked()

    assert "Telephone: (646) 555-0177" in parts(parsed("confirmation"))["text/plain"]


def test_how_to_get_in_is_said_where_the_location_knows():
    make_location(access="Level entrance.", parking="Behind the building.")
    booked()
    said = parts(parsed("confirmation"))

    assert (
        "in.\n\nGetting here\nLevel entrance.\nBehind the building.\n\nIf you may"
        in said["text/plain"]
    )
    assert "Getting here Level entrance. Behind the building." in " ".join(
        Words(said["text/html"]).words
    )


def test_the_message_id_is_the_same_on_every_try_and_other_for_every_message(settings):
    settings.BASE_URL = "http://[2001:db8::1]:8000"
    appointment = booked()
    sending_again.send_again(appointment=appointment, now=NOW)
    moved_on = changes.move_by_patient(
        appointment=appointment,
        therapist=appointment.therapist,
        starts_at=at("14:00"),
        now=NOW,
    )
    rows = OutgoingEmail.objects.order_by("pk")
    ids = [emails.message_id(kinds.of(row)) for row in rows]

    end = f"{moved_on.uuid.hex}@2001-db8--1>"
    assert ids == [
        f"<confirmation.0.{end}",
        f"<desk-new.0.{end}",
        f"<confirmation.0.again-1.{end}",
        f"<moved.1.{end}",
        f"<desk-moved.1.{end}",
    ]


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\u2028"])
def test_line_breaks_add_no_header(settings, break_):
    Clinic.objects.update(name=f"Willow{break_}Bcc: evil@example.org")
    make_location(name=f"Here{break_}Bcc: evil@example.org")
    appointment = booked(name=f"Rosa{break_}Bcc: evil@example.org")
    Appointment.objects.update(reference=f"A{break_}Bcc:")
    message = parsed("desk-new")

    assert sorted({*parsed("confirmation").keys(), *message.keys()}) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Reply-To",
        "Subject",
        "To",
    ]
    assert message["Subject"] == "New visit A Bcc:"
    assert appointment.email == "rosa@example.org"


@pytest.mark.parametrize(
    "address", ["rosa@example.org\nBcc: evil@example.org", "a@example.org, b@example.org", "rosa"]
)
def test_what_is_no_address_is_written_to_nobody(address):
    booked()
    Appointment.objects.update(email=address)

    with pytest.raises(ValidationError):
        parsed("confirmation")


def test_dates_are_in_the_clinics_zone(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    book(make_therapist(), at("9:30"), request=Request(now=NOW))
    text = parts(parsed("confirmation"))["text/plain"]

    assert "When: Monday, November 30, 3:30 p.m. (Central European time)" in text
