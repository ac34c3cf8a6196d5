"""Mail of a visit that is not true any more waits until the desk has dealt with it."""

from datetime import timedelta

import pytest
from django.core import mail

from booking.calendars.doubts import untrue
from booking.messages import outbox
from booking.models import Appointment, Closure, Location, OutgoingEmail, Therapist
from booking.visits import changes, keeping, sending_again, staff_changes, telling
from booking.visits.recalling import WAIT
from tests.builders import MONDAY, NOW, at, book, make_therapist, make_visit_type
from tests.worker import send_due

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
VISIT_DAY = MONDAY + 7 * DAY
DUE = at("9:30", VISIT_DAY - 3 * DAY)
LATER = DUE + DAY
COMING_UP = "your visit is coming up"


@pytest.fixture
def visit():
    """Coming, reminded three days before, its confirmation sent."""
    make_visit_type(reminder_hours="72")
    booked = book(make_therapist(), at("9:30", VISIT_DAY))
    send_due(NOW)
    mail.outbox.clear()
    return booked


@pytest.fixture
def away(settings):
    """No mail server answers."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def leave():
    Therapist.objects.update(active=False)


def close():
    Closure.objects.create(
        name="Snow", starts_at=at("8:00", VISIT_DAY), ends_at=at("12:00", VISIT_DAY)
    )


def change_the_street():
    Location.objects.update(street="14 Willow Street")


def codes():
    found = untrue(Appointment.objects.all(), NOW).values()
    return [doubt.code for doubts in found for doubt in doubts]


def look(now):
    """What a worker mails then, by subject."""
    mail.outbox.clear()
    send_due(now)
    return [message.subject.partition(": ")[2] for message in mail.outbox]


def states(kind="reminder"):
    rows = OutgoingEmail.objects.filter(kind=kind).order_by("sequence")
    return list(rows.values_list("sequence", "state"))


@pytest.mark.parametrize("change", [leave, close, change_the_street])
def test_the_reminder_of_a_visit_that_is_not_true_stays_owed(visit, change):
    change()

    assert [look(DUE + 15 * MINUTE * count) for count in range(4)] == [[]] * 4
    row = OutgoingEmail.objects.get(kind="reminder")
    assert (row.state, row.due_at, row.attempts, row.last_error) == ("owed", DUE, 0, "")


def test_a_reminder_that_is_held_back_is_looked_at_every_quarter_of_an_hour(visit):
    leave()
    send_due(DUE)
    Therapist.objects.update(active=True)

    assert [look(DUE + 14 * MINUTE), look(DUE + 15 * MINUTE)] == [[], [COMING_UP]]


def test_it_is_sent_once_the_visit_is_kept(visit):
    leave()
    send_due(DUE)
    keeping.keep(appointment=visit, codes=codes(), now=LATER)

    assert [look(LATER), look(LATER + DAY)] == [[COMING_UP], []]


def test_a_moved_visit_is_reminded_of_its_other_time_alone(visit):
    leave()
    send_due(DUE)
    staff_changes.change_by_desk(
        appointment=visit,
        therapist=make_therapist("ben-cole"),
        starts_at=at("14:00", VISIT_DAY + 3 * DAY),
        now=LATER,
    )

    assert look(LATER + WAIT) == ["your visit has moved"]
    assert states() == [(0, "superseded"), (1, "owed")]
    assert look(at("14:00", VISIT_DAY)) == [COMING_UP]


def test_a_cancelled_visit_is_reminded_of_no_more(visit):
    leave()
    send_due(DUE)
    changes.cancel_by_desk(appointment=visit, now=LATER)

    assert (look(LATER + WAIT), states()) == (["your visit is cancelled"], [(0, "superseded")])


def test_a_patient_told_of_changed_details_needs_no_reminder_of_the_old(visit):
    change_the_street()
    send_due(DUE)
    telling.tell(appointment=visit, codes=codes(), by_email=True, now=LATER)

    assert look(LATER) == ["details of your visit have changed"]
    assert states() == [(0, "superseded")]


def test_never_dropped_while_the_doubt_stands_and_over_with_the_visit(visit):
    leave()

    assert look(visit.starts_at - MINUTE) == []
    assert states() == [(0, "owed")]
    assert look(visit.starts_at + 15 * MINUTE) == []
    assert states() == [(0, "superseded")]


def test_what_the_visit_s_change_itself_owes_is_not_held_back(visit):
    leave()
    close()
    therapist = Therapist.objects.get()  # as the desk sees them: gone
    moved = {"therapist": therapist, "starts_at": at("14:00", VISIT_DAY)}
    staff_changes.change_by_desk(appointment=visit, now=NOW, **moved)
    close()

    assert look(NOW + WAIT) == ["your visit has moved"]


@pytest.mark.parametrize("change", [leave, close, change_the_street])
def test_who_has_not_yet_heard_of_the_booking_does_not_hear_what_is_not_so(change):
    booked = book(make_therapist(), at("9:30", VISIT_DAY))
    change()

    assert [look(NOW + 15 * MINUTE * count) for count in range(4)] == [[]] * 4
    keeping.keep(appointment=booked, codes=codes(), now=LATER)
    assert [look(LATER), look(LATER + 15 * MINUTE)] == [["your visit is booked"], []]


def test_who_has_not_yet_heard_of_a_move_does_not_hear_what_is_not_so(visit):
    moved = {"therapist": visit.therapist, "starts_at": at("14:00", VISIT_DAY)}
    staff_changes.change_by_desk(appointment=visit, now=NOW, **moved)
    leave()

    assert [look(NOW + WAIT), states("moved")] == [[], [(1, "owed")]]


def test_a_cancellation_that_waits_is_told_whatever_has_become_of_the_rest(visit):
    changes.cancel_by_desk(appointment=visit, now=NOW)
    leave()

    assert look(NOW + WAIT) == ["your visit is cancelled"]


def test_time_held_back_counts_neither_as_lag_nor_as_a_mail_server_that_is_away(visit, away):
    def lag(now):
        return OutgoingEmail.objects.lag(now)

    leave()
    send_due(DUE)
    assert lag(DUE + 10 * MINUTE) == timedelta(0)
    Therapist.objects.update(active=True)
    send_due(DUE + 15 * MINUTE)

    row = OutgoingEmail.objects.get(kind="reminder")
    assert (row.state, row.attempts, row.leased_until) == ("owed", 1, DUE + 16 * MINUTE)
    assert lag(DUE + 20 * MINUTE) == 20 * MINUTE


def test_a_reminder_let_go_after_days_is_not_given_up_at_its_first_failure(away):
    make_visit_type(reminder_hours="168")
    due = book(make_therapist(), at("9:30", VISIT_DAY)).starts_at - 7 * DAY
    leave()
    for days in range(5):
        send_due(due + days * DAY)
    Therapist.objects.update(active=True)
    send_due(due + 4 * DAY + outbox.HELD)

    assert states() == [(0, "owed")]


@pytest.mark.parametrize("count", [1, 3])
def test_a_reminder_takes_one_query_more_than_other_messages(
    django_assert_num_queries, visit, count
):
    for wall in ["11:00", "14:00"][: count - 1]:
        book(visit.therapist, at(wall, VISIT_DAY))
    OutgoingEmail.objects.exclude(kind="reminder").delete()
    now = at("16:00", VISIT_DAY - 3 * DAY)

    # As another message, and what is newer than it.
    with django_assert_num_queries(14 * count):
        for _message in range(count):
            assert outbox.send_next(now)


def test_lost_links_say_to_call_about_a_visit_that_is_not_true(visit):
    true = book(make_therapist("ben"), at("10:30", VISIT_DAY))
    Therapist.objects.filter(pk=visit.therapist_id).update(active=False)
    sending_again.send(email=visit.email, client="192.0.2.9", now=NOW + DAY)
    send_due(NOW + DAY)
    [message] = [sent for sent in mail.outbox if "links" in sent.subject]
    bodies = [message.body, message.alternatives[0][0]]

    assert [body.count("Something about this visit has changed") for body in bodies] == [1, 1]
    assert ["9:30" in body for body in bodies] == [False, False]
    assert ["10:30" in body for body in bodies] == [True, True]
    assert true.is_active
