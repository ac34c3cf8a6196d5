"""Mail on its way: real workers, in processes of their own, and a real mail server."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection, transaction
from django.utils import timezone

from booking.messages import emails, kinds, outbox
from booking.models import Appointment, OutgoingEmail, VisitType
from booking.visits.requests import Request
from tests.builders import book_by_desk, make_location, make_therapist, make_visit_type
from tests.patience import SECONDS, wait_until
from tests.site import TOP, manage, site_environment
from tests.worker import send_due

pytestmark = pytest.mark.django_db(transaction=True)

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Worker:
    """`send_emails --loop` in a process of its own; `log` is what it has said."""

    def __init__(self, environment, log_file):
        self.log_file = log_file
        with log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "django", "send_emails", "--loop"],
                cwd=TOP,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self):
        return self.log_file.read_text()

    def end(self, number):
        """Send a signal and wait; returns the exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=SECONDS)


@pytest.fixture
def environment(mailserver):
    """A site's, with this test's mail server."""
    return site_environment("http://127.0.0.1:8000") | {
        "EMAIL_URL": mailserver.url,
    }


@pytest.fixture
def start_worker(environment, tmp_path):
    with ExitStack() as stack:

        def start(**changes):
            worker = Worker(environment | changes, tmp_path / f"worker-{time.monotonic_ns()}.log")
            stack.callback(worker.process.wait)
            stack.callback(worker.process.kill)
            return worker

        yield start


@pytest.fixture
def smtp(settings, mailserver):
    """This process sends by the mail server too."""
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailserver.port
    return mailserver


@pytest.fixture
def therapist(transactional_db):
    return make_therapist()


def book_one(therapist, number):
    """Book the therapist's visit of that number, as the desk does: at any hour, due at once."""
    now = timezone.now()
    first = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    request = Request(now=now)
    starts_at = first + timedelta(hours=number)
    return book_by_desk(therapist, starts_at, request=request, location=make_location())


def book_some(therapist, numbers):
    for number in numbers:
        book_one(therapist, number)


def owed():
    return OutgoingEmail.objects.pending()


def expected_ids(**which):
    rows = OutgoingEmail.objects.filter(**which)
    return sorted(emails.message_id(kinds.of(row)) for row in rows)


def arrived_ids(mailserver):
    return sorted(message["Message-ID"] for message in mailserver.messages)


def contents(message):
    return [
        (part.get_content_type(), part.get_content())
        for part in message.walk()
        if not part.is_multipart()
    ]


def test_what_arrives_is_what_was_written(smtp, therapist):
    book_one(therapist, 0)
    row = OutgoingEmail.objects.get()
    now = timezone.now()
    written = message_from_bytes(
        emails.message(kinds.of(row), now).message().as_bytes(linesep="\r\n"),
        policy=policy.default,
    )

    send_due(now)

    (message,) = smtp.messages
    unlike = {"Date", "Content-Type"}  # the boundary differs
    headers = [
        [(name, value) for name, value in found.items() if name not in unlike]
        for found in (message, written)
    ]
    assert headers[0] == headers[1]
    assert contents(message) == contents(written)


def test_the_link_and_the_event_in_a_message_are_those_of_the_site(smtp, therapist, client):
    book_one(therapist, 0)
    send_due(timezone.now())
    (message,) = smtp.messages
    text = dict(contents(message))["text/plain"]
    link = next(line for line in text.splitlines() if "/m/" in line)
    (attached,) = message.iter_attachments()

    opened = client.get(link.removeprefix("http://127.0.0.1:8000"))
    event = client.get("/appointment.ics")

    assert (opened.status_code, opened["Location"]) == (303, "/appointment/")
    assert event.content == attached.get_content()


def test_a_mail_server_that_hangs_holds_up_no_booking(mailserver, therapist, start_worker):
    mailserver.hang()
    start_worker()
    book_one(therapist, 0)
    wait_until(owed().filter(attempts=1).exists)

    book_some(therapist, range(1, 11))

    # All booked while the worker still waits for its first answer.
    tried = list(OutgoingEmail.objects.order_by("-attempts").values_list("attempts", "last_error"))
    assert tried == [(1, ""), *[(0, "")] * 10]

    mailserver.go_away()
    wait_until(owed().filter(last_error="ConnectionRefusedError").exists)
    book_some(therapist, range(11, 14))
    wait_until(lambda: not owed().filter(last_error="").exists())
    assert mailserver.messages == []

    mailserver.work()
    owed().update(leased_until=timezone.now())  # the waits have passed
    wait_until(lambda: not owed().exists())
    assert arrived_ids(mailserver) == expected_ids()
    assert len(mailserver.messages) == 14


@pytest.mark.only("sqlite")
def test_sending_inside_a_transaction_would_hold_up_bookings(smtp, settings, therapist):
    settings.EMAIL_TIMEOUT = 2
    book_one(therapist, 0)
    smtp.hang()
    sending, given_up = threading.Event(), threading.Event()

    def send_badly():
        with transaction.atomic():
            sending.set()
            outbox.send_next(timezone.now())
            given_up.set()
        connection.close()

    thread = threading.Thread(target=send_badly)
    thread.start()
    sending.wait()
    book_one(therapist, 1)
    waited = given_up.is_set()
    thread.join()

    assert waited


def test_two_workers_send_fifty_messages_once_each(mailserver, therapist, environment):
    book_some(therapist, range(50))
    mailserver.mailbox.quorum = 2  # neither has sent all before the other begins

    counts = two_workers(environment)

    assert (sum(counts), min(counts) > 0) == (50, True)
    assert arrived_ids(mailserver) == expected_ids()
    assert not owed().exists()


def two_workers(environment):
    """Two processes that send what is due, at once; how many messages each dealt with."""
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(manage(environment, "send_emails")))
        for _worker in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [int(result.stdout.partition(": ")[2]) for result in results]


def test_two_workers_send_the_newest_reminder_of_each_visit_once(
    mailserver, therapist, environment
):
    make_visit_type(reminder_hours="30, 24")
    for number in range(10):
        book_one(therapist, number)
    OutgoingEmail.objects.exclude(kind="reminder").delete()
    now = timezone.now()
    owed().filter(occasion="30h").update(due_at=now - timedelta(minutes=1))
    owed().filter(occasion="24h").update(due_at=now)

    assert sum(two_workers(environment)) == 20

    states = OutgoingEmail.objects.order_by("occasion").values_list("occasion", "state")
    assert list(states) == [("24h", "sent")] * 10 + [("30h", "superseded")] * 10
    assert arrived_ids(mailserver) == expected_ids(state="sent")


def test_a_killed_worker_leaves_its_message_to_the_next(
    mailserver, therapist, start_worker, environment
):
    mailserver.hang()
    worker = start_worker()
    book_one(therapist, 0)
    wait_until(owed().filter(attempts=1).exists)
    worker.end(signal.SIGKILL)
    mailserver.work()

    assert manage(environment, "send_emails").stdout == "Messages dealt with: 0\n"
    owed().update(leased_until=timezone.now())  # the lease has run out
    assert manage(environment, "send_emails").stdout == "Messages dealt with: 1\n"

    assert arrived_ids(mailserver) == expected_ids()
    assert OutgoingEmail.objects.get().attempts == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_asked_to_stop_finishes_the_message_in_hand(
    mailserver, therapist, start_worker, number
):
    mailserver.mailbox.quorum = 2  # the first is kept in hand
    book_some(therapist, range(2))
    worker = start_worker()
    wait_until(owed().filter(attempts=1).exists)

    worker.process.send_signal(number)
    mailserver.mailbox.quorum = 0

    assert worker.process.wait(timeout=SECONDS) == 0

    states = OutgoingEmail.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("sent", 1), ("owed", 0)]
    assert len(mailserver.messages) == 1


def test_a_worker_outlives_an_outage_of_the_database(mailserver, therapist, start_worker):
    worker = start_worker()
    book_one(therapist, 0)
    wait_until(lambda: not owed().exists())

    table = OutgoingEmail._meta.db_table
    with connection.schema_editor() as editor:
        editor.alter_db_table(OutgoingEmail, table, "away")
    try:
        wait_until(lambda: "database" in worker.log)
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(OutgoingEmail, "away", table)
    book_one(therapist, 1)
    wait_until(lambda: not owed().exists())
    wait_until(lambda: "is back" in worker.log)  # said after the message in hand

    said = [line for line in worker.log.splitlines() if "database" in line]
    assert [line.partition("The database")[2].split()[:2] for line in said] == [
        ["is", "away"],
        ["is", "back"],
    ]
    assert arrived_ids(mailserver) == expected_ids()


@pytest.mark.parametrize(("demo", "visits"), [("1", True), ("0", False)])
def test_the_worker_keeps_a_running_demo_alive(
    mailserver, environment, start_worker, therapist, demo, visits
):
    manage(environment | {"DEMO": "1"}, "load_demo").check_returncode()
    VisitType.objects.update(reminder_hours="")  # the confirmation is all that is owed here
    Appointment.objects.all().delete()
    worker = start_worker(DEMO=demo)
    book_one(therapist, 0)
    wait_until(lambda: mailserver.messages)
    assert worker.end(signal.SIGTERM) == 0  # once it has done the rest of its round

    assert (Appointment.objects.exclude(therapist=therapist).count() > 50) == visits
    assert Appointment.objects.exclude(therapist=therapist).exists() == visits
    assert arrived_ids(mailserver) == expected_ids()  # the demo's visits owe nothing
    assert len(mailserver.messages) == 1


def test_a_refused_address_is_neither_logged_nor_kept(therapist, start_worker, mailserver):
    class Refusing:
        async def handle_RCPT(self, server, session, envelope, address, options):
            return f"550 5.1.1 <{address}> is unknown"

    mailserver.mailbox.handle_RCPT = Refusing().handle_RCPT
    mailserver.work()
    worker = start_worker()
    book_one(therapist, 0)
    wait_until(owed().exclude(last_error="").exists)
    assert worker.end(signal.SIGTERM) == 0  # a line is written later than its row

    row = OutgoingEmail.objects.get()
    assert (row.state, row.last_error) == ("owed", "SMTPRecipientsRefused 550 5.1.1")
    assert f"E-mail {row.pk} (confirmation) put off: SMTPRecipientsRefused 550 5.1.1" in worker.log
    assert "rosa" not in worker.log
