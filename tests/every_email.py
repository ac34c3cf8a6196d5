"""One e-mail of every kind, as the worker makes it: for what must hold of each."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives

from booking.calendars.doubts import of_visits
from booking.earlier import offers
from booking.messages import emails, kinds
from booking.models import Appointment, OutgoingEmail, Series
from booking.visits import changes, owing, sending_again, series, telling
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_series,
    enquiry,
    make_location,
    make_therapist,
    make_visit_type,
    slot,
    wait,
    wait_without_visit,
)

Kind = OutgoingEmail.Kind
DAYS = [MONDAY + timedelta(days=number) for number in (0, 2, 7)]
MAP = "https://maps.example/willow-street"


def message(kind: str) -> EmailMultiAlternatives:
    """The e-mail of that kind, with all that one can say: a map, a way in, two visits."""
    make_location(map_url=MAP, access="Level entrance.", parking="Behind the building.")
    MADE_BY[Kind(kind)]()
    return emails.message(kinds.of(OutgoingEmail.objects.filter(kind=kind).latest("pk")), NOW)


def booked() -> Appointment:
    visit_type = make_visit_type(reminder_hours="24")
    return book(make_therapist(), at("9:30"), visit_type=visit_type)


def moved() -> None:
    visit = booked()
    to = {"therapist": visit.therapist, "starts_at": at("14:00")}
    changes.move_by_patient(appointment=visit, now=NOW, **to)


def cancelled() -> None:
    changes.cancel_by_patient(appointment=booked(), now=NOW)


def several() -> Series:
    therapist = make_therapist()
    return book_series(*(slot(therapist, at("9:30", day)) for day in DAYS))


def several_moved() -> None:
    found = several()
    [first, *_others] = found.visits.order_by("starts_at")
    slots = {first.pk: slot(first.therapist, at("14:00", DAYS[0]))}
    series.move_together(series=found, slots=slots, shown={first.pk: 0}, now=NOW)


def several_cancelled() -> None:
    found = several()
    shown = dict.fromkeys(found.visits.values_list("pk", flat=True)[1:], 0)
    series.cancel_together(series=found, shown=shown, now=NOW)


def at_another_street() -> None:
    visit = booked()
    visit.location.street = "14 Willow Street"
    visit.location.save()
    codes = [doubt.code for doubt in of_visits([visit])[0]]
    telling.tell(appointment=visit, codes=codes, by_email=True, now=NOW)


def links_lost() -> None:
    booked()
    book(make_therapist("ben-cole"), at("14:00"))
    wait_without_visit()
    sending_again.send(email=PATIENT.email, client="", now=NOW)


def a_sooner_time() -> None:
    therapist = make_therapist(hours="9:00-9:45")
    first = book(therapist, at("9:00"))
    wait(book(therapist, at("9:00", at("9:00").date().replace(month=12, day=3))))
    changes.cancel_by_desk(appointment=first, now=NOW)
    offers.look(NOW)


def asked() -> None:
    OutgoingEmail.objects.create(kind=Kind.DESK_ENQUIRY, enquiry=enquiry(), due_at=NOW)


def full_hour() -> None:
    owing.owe_full_hour(booked(), NOW)


def password_forgotten() -> None:
    user = User.objects.create_user("ana", "ana@clinic.example", "a long enough password")
    OutgoingEmail.objects.create(kind=Kind.PASSWORD, user=user, due_at=NOW)


def invited() -> None:
    user = User.objects.create_user("ana", "ana@clinic.example")
    OutgoingEmail.objects.create(kind=Kind.INVITATION, user=user, due_at=NOW)


MADE_BY: dict[Kind, Callable[[], object]] = {
    Kind.CONFIRMATION: booked,
    Kind.MOVED: moved,
    Kind.CANCELLED: cancelled,
    Kind.DETAILS: at_another_street,
    Kind.SERIES: several,
    Kind.SERIES_MOVED: several_moved,
    Kind.SERIES_CANCELLED: several_cancelled,
    Kind.REMINDER: booked,
    Kind.LINK: links_lost,
    Kind.WISH: wait_without_visit,
    Kind.OFFER: a_sooner_time,
    Kind.DESK_NEW: booked,
    Kind.DESK_MOVED: moved,
    Kind.DESK_CANCELLED: cancelled,
    Kind.DESK_ENQUIRY: asked,
    Kind.DESK_FULL: full_hour,
    Kind.PASSWORD: password_forgotten,
    Kind.INVITATION: invited,
}
