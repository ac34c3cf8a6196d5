"""A visit as an iCalendar file (RFC 5545), as e-mail carries it (iMIP, RFC 6047).

Google, Apple and Outlook follow a visit by its UID: a move or a cancellation is the same event
with a higher SEQUENCE. Instants are UTC, so that no reader needs to know the clinic's zone.
Calendars are shared and shown on lock screens: who comes and why is not in it.
"""

from collections.abc import Iterable
from datetime import UTC

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from booking.models import Appointment, AppointmentStatus
from booking.wording import mail_address, one_line, site_host

CONTENT_TYPE = "text/calendar"
FILE_NAME, FILE_OF_SEVERAL = "visit.ics", "visits.ics"


def method(appointment: Appointment) -> str:
    """What the file asks of a calendar: REQUEST puts the visit in, CANCEL takes it out."""
    return "CANCEL" if appointment.status == AppointmentStatus.CANCELLED else "REQUEST"


def calendar_file(appointment: Appointment, clinic: str) -> bytes:
    """The file: one event, UTF-8, lines folded and ended as the RFC asks.

    `clinic` is its name. The same appointment gives the same bytes. Needs therapist, visit type
    and location.
    """
    calendar = _calendar(clinic, method(appointment))
    event = _event(appointment, clinic)
    event.add("organizer", _organizer(clinic))
    if appointment.email:
        event.add("attendee", _attendee(appointment.email))
    calendar.add_component(event)
    return calendar.to_ical()


def file_of_several(visits: Iterable[Appointment], clinic: str) -> bytes:
    """One file with an event for each visit, cancelled ones as such. Each has the UID that it has
    in a file of its own: a later message about one of them changes that event.

    RFC 5546 lets only PUBLISH hold several UIDs, and nobody is invited by it.
    """
    calendar = _calendar(clinic, "PUBLISH")
    for visit in visits:
        event = _event(visit, clinic)
        event.add("organizer", _organizer(clinic))
        calendar.add_component(event)
    return calendar.to_ical()


def _calendar(clinic: str, asks: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{one_line(clinic)}//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", asks)
    return calendar


def _event(appointment: Appointment, clinic: str) -> Event:
    event = Event()
    event.add("uid", f"{appointment.uuid}@{site_host()}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.updated_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", one_line(f"{clinic}: {appointment.visit_type.name}"))
    event.add("location", one_line(f"{appointment.location.name}, {appointment.location.address}"))
    event.add("description", _description(appointment))
    cancelled = method(appointment) == "CANCEL"
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _description(appointment: Appointment) -> str:
    """Without the manage link: whoever sees a shared calendar could move the visit."""
    words = _(
        "With %(therapist)s. Reference %(reference)s."
        " To move or cancel, use the link in our e-mail or call %(phone)s."
    )
    return one_line(
        words
        % {
            "therapist": appointment.therapist,
            "reference": appointment.reference,
            "phone": appointment.location.phone or settings.CLINIC_PHONE,
        }
    )


def _organizer(clinic: str) -> vCalAddress:
    """The sender of our e-mail: Outlook takes changes from nobody else."""
    organizer = vCalAddress(f"mailto:{mail_address()}")
    organizer.params["CN"] = one_line(clinic)
    return organizer


def _attendee(email: str) -> vCalAddress:
    """The patient, who has accepted by booking: no calendar should ask to answer."""
    attendee = vCalAddress(f"mailto:{one_line(email)}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee
