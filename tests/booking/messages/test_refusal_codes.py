"""What is kept of an error: short, and nothing of its words."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core.mail.backends.locmem import EmailBackend

from booking.messages import outbox
from booking.models import OutgoingEmail
from tests.builders import NOW, at, book, make_therapist
from tests.worker import send_due


class Broken(EmailBackend):
    """A way out that fails by no error of the network's."""

    def send_messages(self, messages):
        raise LookupError(messages[0].to[0])


@pytest.mark.django_db
def test_any_error_of_sending_puts_the_message_off_and_keeps_its_place(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    book(make_therapist(), at("9:30"))

    assert send_due(NOW) == 1
    row = OutgoingEmail.objects.get()
    line = Broken.send_messages.__code__.co_firstlineno + 1
    assert (row.state, row.last_error) == (
        "owed",
        f"LookupError at test_refusal_codes.py:{line}",
    )


def test_of_one_answer_its_first_code_is_kept():
    error = SMTPDataError(554, b"5.7.1 spam, as 4.2.2 was before")

    assert outbox.refusal(error) == "SMTPDataError 554 5.7.1"


def test_what_is_kept_of_many_answers_fits_its_column():
    refused = {f"{number}@example.org": (550, b"5.1.1 who?") for number in range(30)}

    found = outbox.refusal(SMTPRecipientsRefused(refused))

    assert found == ("SMTPRecipientsRefused" + " 550 5.1.1" * 30)[:200]


@pytest.mark.parametrize("length", [5, 300])
def test_the_place_of_an_error_is_where_it_was_raised_last(length):
    kind = type("E" * length, (Exception,), {})

    def break_down():
        raise kind("Canary Wren")

    with pytest.raises(kind) as caught:
        break_down()

    line = break_down.__code__.co_firstlineno + 1
    assert (
        outbox.place_of(caught.value) == (f"{kind.__name__} at test_refusal_codes.py:{line}"[:200])
    )
