"""Writes of questions: asked on the website, answered by the desk."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from booking.calendars import hours
from booking.models import Enquiry, OutgoingEmail
from booking.transactions import retried
from booking.visits import limits
from booking.visits.requests import Request, filled_in, fingerprint, replayed

FORM = "question"  # what is asked here does not count towards bookings
WITHOUT_HOURS = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    """Who asks what, and how to reach them; as typed, but for `phone_e164`."""

    name: str
    message: str
    email: str = ""
    phone: str = ""
    phone_e164: str = ""


def due_at(now: datetime) -> datetime:
    """Until when (UTC) a question asked now wants an answer: the next working day's closing.

    A clinic that has entered no hours yet has a day.
    """
    return hours.closes_next_working_day(now) or now + WITHOUT_HOURS


@retried
def ask(*, question: Question, request: Request) -> Enquiry:
    """Keep a question and owe the desk a message; the same request again returns the same row.

    Raises KeyReused, OverLimit, OnlineFull.
    """
    content = fingerprint(filled_in(question))
    if found := replayed(Enquiry.objects.all(), request.key, content):
        return found
    each, in_all = settings.QUESTION_LIMIT, settings.ONLINE_QUESTIONS_AN_HOUR
    contact = limits.contact_keys(question.email, question.phone_e164, FORM)
    limits.count_sent(request, FORM, dict.fromkeys(contact, each), each, in_all)
    try:
        with transaction.atomic():
            enquiry = Enquiry.objects.create(
                key=request.key,
                request_digest=content,
                due_at=due_at(request.now),
                **asdict(question),
            )
    except IntegrityError:
        # Two copies of one form from two addresses hold different locks: the key decides.
        if found := replayed(Enquiry.objects.all(), request.key, content):
            return found
        raise
    if settings.FRONT_DESK_EMAIL:
        kind = OutgoingEmail.Kind.DESK_ENQUIRY
        OutgoingEmail.objects.create(enquiry=enquiry, kind=kind, due_at=request.now)
    return enquiry


@retried
def answer(*, enquiry: Enquiry, by: User, now: datetime) -> Enquiry:
    """Say that a question is answered, and by whom; the first to say so stays named."""
    row = locked(enquiry)
    if not row.is_answered:
        row.answered_at, row.answered_by = now, by
        row.save(update_fields=["answered_at", "answered_by"])
    return row


@retried
def reopen(*, enquiry: Enquiry) -> Enquiry:
    """Take an answer back that was not one: the question is due as it was."""
    row = locked(enquiry)
    if row.is_answered:
        row.answered_at = row.answered_by = None
        row.save(update_fields=["answered_at", "answered_by"])
    return row


def locked(enquiry: Enquiry) -> Enquiry:
    """The row as it is now: of two who click at once, the second sees what the first did."""
    return Enquiry.objects.select_for_update(no_key=True).get(pk=enquiry.pk)
