"""Claim, send, mark: what happens to a message that is owed, row by row."""

import logging
from dataclasses import replace
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core import mail
from django.core.management import call_command

from booking.management.commands import send_emails
from booking.messages import kinds, outbox
from booking.models import Appointment, OutgoingEmail
from booking.visits import changes, undoing
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist
from tests.worker import send_due

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)
CANARY = replace(
    PATIENT,
    name="Canary Wren",
    phone="(917) 555-0188",
    email="canary@example.org",
    reason="pelvis",
)


def states():
    return list(OutgoingEmail.objects.order_by("pk").values_list("kind", "state", "attempts"))


def subjects():
    return [message.subject.partition(": ")[2] for message in mail.outbox]


@pytest.fixture
def away(settings):
    """No mail server answers."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_what_is_due_is_sent_once_and_marked():
    book(make_therapist(), at("9:30"))

    assert [send_due(NOW), send_due(NOW)] == [1, 0]
    assert [message.to for message in mail.outbox] == [["rosa@example.org"]]
    row = OutgoingEmail.objects.get()
    assert (row.state, row.attempts, row.sent_at, row.leased_until, row.last_error) == (
        "sent",
        1,
        NOW,
        None,
        "",
    )


def test_what_goes_to_files_is_kept_and_not_sent(settings, tmp_path):
    settings.EMAIL_BACKEND = "booking.messages.files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    book(make_therapist(), at("9:30"))

    assert [send_due(NOW), send_due(NOW)] == [1, 0]
    row = OutgoingEmail.objects.get()
    assert (row.state, row.sent_at, len(list(tmp_path.iterdir()))) == ("kept", NOW, 1)
    assert row.get_state_display() == "Kept as a file, sent to nobody"


def test_the_command_sends_what_is_due(time_machine, capsys):
    time_machine.move_to(NOW)
    book(make_therapist(), at("9:30"))

    call_command("send_emails")

    assert states() == [("confirmation", "sent", 1)]
    assert capsys.readouterr().out == "Messages dealt with: 1\n"


def test_what_is_not_yet_due_waits():
    book(make_therapist(), at("9:30"))

    assert send_due(NOW - timedelta(seconds=1)) == 0
    assert states() == [("confirmation", "owed", 0)]


def moved(appointment):
    move = {"therapist": appointment.therapist, "starts_at": at("14:00")}
    changes.move_by_patient(appointment=appointment, now=NOW, **move)


def cancelled(appointment):
    changes.cancel_by_patient(appointment=appointment, now=NOW)


def undone(appointment):
    cancelled(appointment)
    undoing.undo_cancel(appointment=appointment, now=NOW)


def without_email(appointment):
    Appointment.objects.update(email="")


def missed(appointment):
    Appointment.objects.update(status="noshow")


@pytest.mark.parametrize(
    ("change", "expected", "sent"),
    [
        (moved, [("confirmation", "superseded"), ("moved", "sent")], ["your visit has moved"]),
        (
            cancelled,
            [("confirmation", "superseded"), ("cancelled", "sent")],
            ["your visit is cancelled"],
        ),
        (
            undone,
            [("confirmation", "superseded"), ("cancelled", "superseded"), ("confirmation", "sent")],
            ["your visit is booked"],
        ),
        (without_email, [("confirmation", "superseded")], []),
        (missed, [("confirmation", "superseded")], []),
        (lambda appointment: None, [("confirmation", "sent")], ["your visit is booked"]),
    ],
)
def test_what_is_no_longer_true_is_not_sent(change, expected, sent):
    change(book(make_therapist(), at("9:30")))

    send_due(NOW)

    assert [(kind, state) for kind, state, _attempts in states()] == expected
    assert subjects() == sent


@pytest.mark.parametrize(("wall", "state"), [("10:14", "sent"), ("10:15", "superseded")])
def test_nobody_is_told_of_a_visit_that_is_over(wall, state):
    book(make_therapist(), at("9:30"))

    send_due(at(wall))

    assert states() == [("confirmation", state, 1)]


def test_the_desk_is_not_written_to_once_it_has_no_address(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    book(make_therapist(), at("9:30"))
    settings.FRONT_DESK_EMAIL = ""

    send_due(NOW)

    assert states() == [("confirmation", "sent", 1), ("desk-new", "superseded", 1)]


WAITS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_the_wait_doubles_from_a_minute_to_six_hours():
    assert [outbox.wait(attempts) for attempts in range(1, 12)] == [n * MINUTE for n in WAITS]
    assert outbox.wait(30_000) == timedelta(hours=6)


def test_a_message_is_tried_again_after_each_wait_and_given_up_after_72_hours(away):
    book(make_therapist(), at("9:30", NEXT_MONDAY))
    now, seen = NOW, []
    while OutgoingEmail.objects.pending().exists():
        assert send_due(now) == 1
        row = OutgoingEmail.objects.get()
        seen.append((row.state, row.attempts, (row.leased_until or now) - now))
        assert send_due((row.leased_until or now) - timedelta(seconds=1)) == 0
        now = row.leased_until or now

    waits = WAITS + [360] * 9
    expected = [("owed", count, n * MINUTE) for count, n in enumerate(waits, start=1)]
    assert seen == [*expected, ("given-up", len(waits) + 1, timedelta(0))]
    assert sum(waits) * MINUTE >= timedelta(hours=72) > sum(waits[:-1]) * MINUTE
    assert OutgoingEmail.objects.get().last_error == "ConnectionRefusedError"
    assert send_due(now + timedelta(days=1)) == 0


@pytest.mark.parametrize(("minutes", "state"), [(-1, "owed"), (0, "given-up")])
def test_a_first_try_after_72_hours_is_the_last(away, minutes, state):
    book(make_therapist(), at("9:30", NEXT_MONDAY))
    send_due(NOW + timedelta(hours=72) + minutes * MINUTE)

    assert states() == [("confirmation", state, 1)]


def test_a_message_that_fails_lets_the_others_pass():
    ana = make_therapist()
    broken = book(ana, at("9:30"), patient=CANARY)
    book(ana, at("14:00"))
    Appointment.objects.filter(pk=broken.pk).update(email="canary wren\nBcc: x@example.org")

    assert send_due(NOW) == 2

    assert states() == [("confirmation", "owed", 1), ("confirmation", "sent", 1)]
    assert [message.to for message in mail.outbox] == [["rosa@example.org"]]
    assert OutgoingEmail.objects.get(state="owed").last_error.startswith(
        "ValidationError at validators.py:"
    )


def test_an_error_in_a_template_puts_the_message_off(settings, tmp_path, caplog):
    folder = tmp_path / "booking" / "email"
    folder.mkdir(parents=True)
    (folder / "confirmation.txt").write_text("{% include appointment.name %}")
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [templates | {"DIRS": [tmp_path, *templates["DIRS"]]}]
    book(make_therapist(), at("9:30"), patient=CANARY)

    assert send_due(NOW) == 1

    row = OutgoingEmail.objects.get()
    assert (row.state, row.leased_until) == ("owed", NOW + MINUTE)
    assert row.last_error.startswith("TemplateDoesNotExist at ")
    assert "Canary" not in caplog.text + row.last_error


REFUSALS = [
    (
        SMTPRecipientsRefused(
            {"canary@example.org": (550, b"5.1.1 <canary@example.org>: Canary Wren is unknown")}
        ),
        "SMTPRecipientsRefused 550 5.1.1",
    ),
    (
        SMTPRecipientsRefused({"canary@example.org": (450, b"come back later, canary")}),
        "SMTPRecipientsRefused 450",
    ),
    (SMTPDataError(554, b"5.7.1 spam for canary@example.org"), "SMTPDataError 554 5.7.1"),
    (SMTPAuthenticationError(535, "5.7.8 who?"), "SMTPAuthenticationError 535 5.7.8"),
    (SMTPServerDisconnected("canary@example.org"), "SMTPServerDisconnected"),
    (TimeoutError("canary@example.org"), "TimeoutError"),
]


@pytest.mark.parametrize(("error", "kept"), REFUSALS)
def test_a_refusal_is_kept_as_codes_alone(error, kept):
    assert outbox.refusal(error) == kept


def test_a_worker_that_died_leaves_the_message_to_the_next():
    book(make_therapist(), at("9:30"))
    claimed = OutgoingEmail.objects.claim(now=NOW, lease=outbox.LEASE)
    end = NOW + timedelta(minutes=5)

    assert claimed.leased_until == end
    assert send_due(end - timedelta(seconds=1)) == 0
    assert send_due(end) == 1
    assert states() == [("confirmation", "sent", 2)]


def test_a_clock_that_was_set_back_holds_no_message_for_long():
    """Claimed, or put off for the longest time there is, while it was a day ahead."""
    book(make_therapist(), at("9:30"))
    ahead = NOW + timedelta(days=1)
    OutgoingEmail.objects.claim(now=ahead, lease=outbox.LONGEST_WAIT)

    assert send_due(ahead - timedelta(seconds=1)) == 0  # another worker's clock, a moment behind
    assert send_due(NOW) == 1
    assert states() == [("confirmation", "sent", 2)]


def test_a_clock_that_was_set_back_lets_nothing_go_that_a_person_holds():
    book(make_therapist(), at("9:30"))
    OutgoingEmail.objects.hold_until_told(NOW + timedelta(days=1))

    assert send_due(NOW) == 0


def test_the_worker_looks_on_where_the_clock_was_set_back():
    worker, looked = send_emails.Command(), []
    for moment in (NOW + timedelta(days=1), NOW, NOW + timedelta(seconds=29)):
        worker.look(moment)
        worker.tidy(moment)
        looked.append((worker.last_look - NOW, worker.last_tidying - NOW))

    assert looked == [(timedelta(days=1),) * 2, (timedelta(0),) * 2, (timedelta(0),) * 2]


def test_a_worker_whose_lease_ran_out_does_not_put_off_or_give_up_what_another_has():
    book(make_therapist(), at("9:30"))
    slow = OutgoingEmail.objects.claim(now=NOW, lease=outbox.LEASE)
    later = NOW + outbox.LEASE
    OutgoingEmail.objects.claim(now=later, lease=outbox.LEASE)

    outbox.put_off(slow, "TimeoutError", later)
    outbox.give_up(kinds.of(slow), "TimeoutError", later)

    row = OutgoingEmail.objects.get()
    assert (row.state, row.leased_until, row.last_error) == ("owed", later + outbox.LEASE, "")


def test_every_kind_of_message_has_a_notification_that_writes_it():
    assert sorted(kinds.OF_KIND) == sorted(OutgoingEmail.Kind)


def test_nothing_personal_is_logged_or_kept(settings, caplog, away):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    caplog.set_level(logging.DEBUG)
    appointment = book(make_therapist(), at("9:30"), patient=CANARY)
    send_due(NOW)  # put off
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_due(NOW + MINUTE)  # sent
    cancelled(appointment)
    send_due(NOW + timedelta(hours=1))

    first, desk = OutgoingEmail.objects.order_by("pk")[:2]
    ours = [
        record.getMessage() for record in caplog.records if record.name == "booking.messages.outbox"
    ]
    assert ours[:4] == [
        f"E-mail {first.pk} (confirmation) put off: ConnectionRefusedError",
        f"E-mail {desk.pk} (desk-new) put off: ConnectionRefusedError",
        f"E-mail {first.pk} (confirmation) sent",
        f"E-mail {desk.pk} (desk-new) sent",
    ]
    heads = [str(message.message().items()) for message in mail.outbox if "desk" in message.to[0]]
    rows = str(list(OutgoingEmail.objects.values()))
    said = "".join([*ours, *heads, rows]).lower()
    assert (len(heads), [word for word in LEAKS if word in said]) == (2, [])
    assert mail.outbox[0].to == ["canary@example.org"]


LEAKS = ["canary", "wren", "555-0188", "pelvis", "/m/"]


def test_lag_is_how_long_the_oldest_due_message_has_waited(away):
    def lag(after):
        return OutgoingEmail.objects.lag(NOW + after)

    assert lag(MINUTE) == timedelta(0)
    book(make_therapist(), at("9:30"))
    assert [lag(-MINUTE), lag(MINUTE)] == [timedelta(0), MINUTE]
    send_due(NOW)
    assert lag(MINUTE / 2) == MINUTE / 2  # put off is still owed
    OutgoingEmail.objects.update(state="given-up")
    assert lag(MINUTE) == timedelta(0)


@pytest.mark.parametrize("count", [1, 3])
def test_a_message_takes_a_fixed_number_of_queries(django_assert_num_queries, count):
    therapist = make_therapist()
    for wall in ["9:00", "10:00", "11:00"][:count]:
        book(therapist, at(wall))

    # Look, claim (savepoint, read, write, release), the visit, mark (savepoint, write, release).
    # Three of them for the doubts: hours, time off, closures. One for the clinic's name.
    with django_assert_num_queries(13 * count):
        for _message in range(count):
            assert outbox.send_next(NOW)


def test_looking_for_work_takes_one_query_and_no_transaction(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert send_due(NOW) == 0
