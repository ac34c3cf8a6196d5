"""One patient of whom there is everything that the site can hold, and what is read of it all."""

import subprocess
import uuid
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as ClickEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from booking.models import (
    AffectedVisit,
    Appointment,
    Closure,
    ContactAttempt,
    Enquiry,
    Estimate,
    OutgoingEmail,
    PatientChange,
    StaffChange,
    StaffSession,
    TimeOffer,
    WaitlistEntry,
)
from booking.visits import limits
from booking.visits.requests import Patient, Request
from clinic_site.staff.sessions import SessionStore
from tests.builders import (
    MONDAY,
    NOW,
    ask_without_visit,
    at,
    book,
    book_series,
    enquiry,
    slot,
    wait,
)
from tests.postgres import PACKAGE
from tests.site import database_url

CANARY = Patient(
    name="Zebulon Quixwater",
    phone="(212) 555-0177",
    phone_e164="+12125550177",
    email="zebulon.quixwater@example.org",
    reason="quixote pain",
    booked_by="Ma Quixwater",
)
WORDS = ["quix", "zebulon", "5550177", "555-0177"]
# What belongs to a person, and is of no use to anybody else.
OF_PERSON = [
    *(AffectedVisit, Appointment, ContactAttempt, Enquiry, Estimate, OutgoingEmail, PatientChange),
    *(StaffChange, TimeOffer, WaitlistEntry),
]


def make_everything(therapist, user, folder: Path | None = None) -> Appointment:
    """Visits, alone and together, with all that hangs on them; wishes, questions, what staff did,
    a session in which the name was typed, a file of an e-mail. The first visit is returned.
    """
    request = Request(client=limits.client_key("198.51.100.7"), wide="", now=NOW)
    asked = {"patient": CANARY, "request": request}
    visit = book(therapist, at("9:30"), **asked)
    visit.note = "quixotic"
    visit.save()
    book_series(slot(therapist, at("14:00")), slot(therapist, at("15:00")), **asked)
    wish = wait(visit)
    alone = ask_without_visit(patient=CANARY)
    for entry, hour in ((wish, "8:00"), (alone, "11:30")):
        offer = TimeOffer.objects.create(
            entry=entry,
            therapist=therapist,
            visit_type=visit.visit_type,
            location=visit.location,
            starts_at=at(hour),
            ends_at=at(hour) + timedelta(minutes=20),
            created_at=NOW,
            expires_at=NOW,
            token_hash=uuid.uuid4().hex,
        )
        OutgoingEmail.objects.create(offer=offer, kind="offer", due_at=NOW)
    question = enquiry(
        name=CANARY.name, email=CANARY.email, phone=CANARY.phone, message="quixotic?"
    )
    _around(visit, wish, question, user)
    session = SessionStore()
    session["find"] = CANARY.name
    session.save()
    if folder:
        folder.mkdir(exist_ok=True)
        (folder / "20261127T170000.000000-x.eml").write_text(f"To: {CANARY.email}\n\nquixotic")
    return visit


def _around(visit, wish, question, user):
    """What the site and staff write beside a visit, a wish and a question."""
    closure = Closure.objects.get_or_create(
        name="Snow", defaults={"starts_at": at("7:00"), "ends_at": at("8:00")}
    )[0]
    AffectedVisit.objects.create(closure=closure, appointment=visit)
    Estimate.objects.create(appointment=visit, due_on=MONDAY)
    times = {"was_starts_at": at("9:00"), "was_ends_at": at("9:45")}
    StaffChange.objects.create(appointment=visit, sequence=9, made_at=NOW, **times)
    seen = PatientChange.objects.create(appointment=visit, made_at=NOW, was_starts_at=at("9:00"))
    seen.seen_by.add(user)
    for about in ({"appointment": visit}, {"wish": wish}, {"enquiry": question}):
        ContactAttempt.objects.create(outcome="called", made_at=NOW, made_by=user, **about)
    OutgoingEmail.objects.create(
        enquiry=question, kind="desk-enquiry", due_at=NOW, last_error="550 zebulon.quixwater"
    )
    for row in (visit, wish, question):
        ClickEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=f"{CANARY.name}, sooner",
            action_flag=CHANGE,
            change_message="",
        )


def every_value() -> dict[tuple[str, str], dict[str, str]]:
    """Every concrete field of every row of every model."""
    return {
        (model._meta.label, str(row.pk)): {
            field.name: str(field.value_from_object(row)) for field in model._meta.concrete_fields
        }
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.all()
    }


def holding(words=WORDS) -> set[tuple[str, str]]:
    """Which fields of which models hold one of the words."""
    return {
        (label, name)
        for (label, _pk), values in every_value().items()
        for name, value in values.items()
        if any(word in value.lower() for word in words)
    }


def stored_bytes() -> bytes:
    """What a thief of the database would read, lowered: SQLite's file as it is, or a whole dump of
    PostgreSQL.
    """
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).read_bytes().lower()
    dump = [PACKAGE / "pginstall" / "bin" / "pg_dump", "--dbname", database_url()]
    return subprocess.run(dump, capture_output=True, check=True).stdout.lower()


def typed_in_sessions() -> str:
    """What sessions hold, which stands packed in their table."""
    return str([session.get_decoded() for session in StaffSession.objects.all()]).lower()
