"""`/appointment/lost/` knows an address by its mailbox, as the counts of bookings do."""

import re
from dataclasses import replace

import pytest
from django.core import mail

from booking.models import OutgoingEmail
from booking.visits import sending_again, tokens
from tests.builders import NOW, PATIENT, at, book, wait_without_visit
from tests.worker import send_due

PATH = "/appointment/lost/"


@pytest.fixture(autouse=True)
def nobody_waits(settings):
    settings.MINIMUM_FILL_SECONDS = 0


@pytest.mark.parametrize("typed", ["rosamarquez@gmail.com", "Ro.sa.Marquez+pt@googlemail.com"])
def test_another_spelling_of_the_same_mailbox_finds_all_and_mails_one_of_them(client, ana, typed):
    def rosa(name, email):
        return replace(PATIENT, name=name, email=email)

    visit = book(ana, at("9:30"), patient=rosa("Rosa", "rosa.marquez@gmail.com"))
    other = book(ana, at("11:00"), patient=rosa("Her Son", "rosamarquez+son@gmail.com"))
    wish = wait_without_visit(rosa("Rosa", "RosaMarquez@gmail.com"))
    book(ana, at("14:00"), patient=rosa("Somebody", "rosa.marquez@example.org"))
    send_due(NOW)
    mail.outbox.clear()
    client.post(PATH, {"email": typed})
    send_due(NOW)

    [message] = mail.outbox
    links = re.findall(r"/(?:m|wish)/(\S+)/", message.body)
    assert links == [tokens.make(row) for row in (visit, other, wish)]
    assert message.to == ["rosa.marquez@gmail.com"]


def test_where_dots_matter_another_spelling_is_somebody_else(client, ana):
    book(ana, at("9:30"), patient=replace(PATIENT, email="ro.sa@example.org"))
    client.post(PATH, {"email": "rosa@example.org"})

    assert not OutgoingEmail.objects.filter(kind="link")


def test_a_letter_that_only_counts_as_another_gets_no_link_of_hers(client, ana):
    theirs = book(ana, at("9:30"), patient=replace(PATIENT, email="ro\u017fa@example.org"))
    hers = book(ana, at("11:00"), patient=replace(PATIENT, email="rosa@example.org"))

    assert sending_again.visits_of(theirs.email, NOW) == [theirs]
    assert sending_again.visits_of(hers.email, NOW) == [hers]
