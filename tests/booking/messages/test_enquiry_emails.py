"""The message that tells the desk of a question; and that every message is about one thing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from booking.messages import emails, kinds
from booking.models import OutgoingEmail
from tests.builders import NOW, at, book, enquiry, make_therapist
from tests.worker import send_due

pytestmark = pytest.mark.django_db
KIND = OutgoingEmail.Kind.DESK_ENQUIRY


@pytest.fixture(autouse=True)
def desk(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def owed(**fields):
    return OutgoingEmail.objects.create(kind=KIND, due_at=NOW, **fields)


def states():
    return list(OutgoingEmail.objects.values_list("kind", "state"))


TEXT = """\
New question

Somebody asked a question on the website.
Answer by: Monday, November 30, 5 p.m. (Eastern time)

Sign in to see it:
http://127.0.0.1:8000/admin/booking/enquiry/{pk}/change/
"""


def test_the_desk_is_told_without_personal_data():
    asked = enquiry(message="My knee <b>hurts</b>")
    found = emails.message(kinds.of(owed(enquiry=asked)), NOW)

    assert (found.subject, found.to, found.body) == (
        "New question",
        ["desk@clinic.example"],
        TEXT.format(pk=asked.pk),
    )
    assert found.extra_headers["Message-ID"] == f"<desk-enquiry.0.{asked.uuid.hex}@127.0.0.1>"
    assert [word for word in ("Rosa", "rosa@", "knee") if word in str(found.message())] == []


def test_the_worker_sends_it():
    owed(enquiry=enquiry())

    assert send_due(NOW) == 1
    assert [message.subject for message in mail.outbox] == ["New question"]
    assert states() == [("desk-enquiry", "sent")]


@pytest.mark.parametrize(("answered_at", "state"), [(None, "sent"), (NOW, "superseded")])
def test_late_is_better_than_never_but_not_after_the_answer(answered_at, state):
    owed(enquiry=enquiry(answered_at=answered_at))
    send_due(at("17:00") + timedelta(days=30))

    assert states() == [("desk-enquiry", state)]


def test_without_an_address_of_the_desk_it_goes_nowhere(settings):
    settings.FRONT_DESK_EMAIL = ""
    owed(enquiry=enquiry())
    send_due(NOW)

    assert states() == [("desk-enquiry", "superseded")]


@pytest.mark.parametrize("both", [False, True])
def test_a_message_is_about_exactly_one_thing(both):
    about = {"enquiry": enquiry(), "appointment": book(make_therapist(), at("9:30"))}

    with pytest.raises(IntegrityError, match="about_one_thing"), transaction.atomic():
        owed(**(about if both else {}))


def test_a_question_is_told_once():
    asked = enquiry()
    owed(enquiry=asked)
    owed(enquiry=enquiry(name="Somebody Else"))

    with pytest.raises(IntegrityError), transaction.atomic():
        owed(enquiry=asked)


def test_a_question_can_be_answered():
    with pytest.raises(IntegrityError, match="can_be_answered"), transaction.atomic():
        enquiry(email="")
