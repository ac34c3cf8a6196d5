"""Questions: when an answer is due, what is kept, and what many senders at once can do."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from booking import enquiries
from booking.calendars import hours
from booking.enquiries import Question
from booking.models import Closure, Enquiry, HourlyCount, OutgoingEmail
from booking.visits import limits, refusals
from booking.visits.refusals import KeyReused
from booking.visits.requests import Request
from tests.builders import NOW, at, enquiry, make_therapist
from tests.threads import counted, together

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 12, 1)
QUESTION = Question(
    name="Rosa Marquez",
    message="Do you have parking?",
    email="rosa@example.org",
    phone="(212) 555-0199",
    phone_e164="+12125550199",
)


def request(**changes):
    client = limits.client_key("192.0.2.1", enquiries.FORM)
    return Request(**({"key": uuid.uuid4(), "client": client, "now": NOW} | changes))


def ask(asked=None, **changes):
    return enquiries.ask(question=replace(QUESTION, **changes), request=asked or request())


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at("12:00", date(2026, 11, 27)), at("17:00")),  # Friday noon: Monday's closing
        (at("12:00", date(2026, 11, 28)), at("17:00")),  # Saturday
        (at("00:00"), at("17:00", TUESDAY)),  # as Monday begins
        (at("23:59"), at("17:00", TUESDAY)),
    ],
)
def test_an_answer_is_due_when_the_next_working_day_closes(asked, due):
    make_therapist(hours="9:00-12:00 13:00-17:00")
    make_therapist("ben-cole", hours="10:00-15:00")

    assert enquiries.due_at(asked) == due


def test_a_closure_puts_it_off_or_makes_the_day_shorter():
    make_therapist()
    Closure.objects.create(name="Snow", starts_at=at("0:00"), ends_at=at("23:59"))
    Closure.objects.create(
        name="Party", starts_at=at("15:00", TUESDAY), ends_at=at("20:00", TUESDAY)
    )

    assert enquiries.due_at(NOW) == at("15:00", TUESDAY)


def test_without_hours_it_is_due_in_a_day():
    assert hours.closes_next_working_day(NOW) is None
    assert enquiries.due_at(NOW) == NOW + timedelta(days=1)


def test_a_question_is_kept_and_the_desk_told(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    make_therapist()
    row = ask()

    assert (row.name, row.message, row.email, row.phone, row.phone_e164, row.due_at) == (
        "Rosa Marquez",
        "Do you have parking?",
        "rosa@example.org",
        "(212) 555-0199",
        "+12125550199",
        at("17:00"),
    )
    owed = OutgoingEmail.objects.values_list("enquiry", "appointment", "kind", "due_at")
    assert list(owed) == [(row.pk, None, "desk-enquiry", NOW)]


def test_without_an_address_of_the_desk_nothing_is_owed():
    ask()
    assert (Enquiry.objects.count(), OutgoingEmail.objects.count()) == (1, 0)


def test_the_same_form_again_is_the_same_question():
    asked = request()

    assert ask(asked).pk == ask(asked).pk
    with pytest.raises(KeyReused):
        ask(asked, message="Another one?")
    assert HourlyCount.objects.count() == 4  # client, e-mail, telephone; all together
    assert set(HourlyCount.objects.values_list("times", flat=True)) == {1}


@pytest.mark.parametrize("what", ["client", "email", "phone_e164"])
def test_questions_are_limited_by_client_e_mail_and_telephone(settings, what):
    settings.QUESTION_LIMIT = 2
    for number in range(2):
        other = {"email": f"{number}@example.org", "phone_e164": f"+1212555010{number}"}
        other.pop(what, None)
        ask(request() if what == "client" else request(client=f"client {number}"), **other)
    last = {"email": "x@example.org", "phone_e164": "+12125550177"}
    last.pop(what, None)

    with pytest.raises(refusals.OverLimit):
        ask(request() if what == "client" else request(client="else"), **last)
    assert Enquiry.objects.count() == 2


def asked_from(address, number):
    """A question of a person of their own, from that address on the internet."""
    contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"}
    sender = limits.sender(address, enquiries.FORM)
    return ask(request(**sender), name=f"Name {number}", **contact)


def test_from_the_networks_of_one_48_four_times_a_networks_questions_are_taken(settings):
    settings.QUESTION_LIMIT = 1
    for number in range(4):
        asked_from(f"2001:db8:1:{number}::1", number)

    with pytest.raises(refusals.OverLimit) as refused:
        asked_from("2001:db8:1:4::1", 4)
    assert refused.type is refusals.OverLimit
    asked_from("2001:db8:2:4::1", 4)
    assert Enquiry.objects.count() == 5


def test_everybody_together_asks_so_much_an_hour_and_books_apart_from_it(settings):
    settings.ONLINE_QUESTIONS_AN_HOUR, settings.ONLINE_BOOKINGS_AN_HOUR = 3, 1
    for number in range(3):
        asked_from(f"198.51.100.{number}", number)

    with pytest.raises(refusals.OnlineFull):
        asked_from("198.51.100.3", 3)
    assert HourlyCount.objects.get(pk="online:question").times == Enquiry.objects.count() == 3
    assert not HourlyCount.objects.filter(pk=limits.ALL_ONLINE).exists()


def test_answered_names_the_first_and_opens_again(django_user_model):
    users = [django_user_model.objects.create(username=name) for name in ("ana", "ben")]
    row = enquiry()
    for user in users:
        enquiries.answer(enquiry=row, by=user, now=NOW)
    row.refresh_from_db()
    assert (row.answered_by, row.answered_at) == (users[0], NOW)

    enquiries.reopen(enquiry=row)
    row.refresh_from_db()
    assert (row.answered_by, row.answered_at, row.is_answered) == (None, None, False)


def test_overdue_begins_with_the_closing():
    row = enquiry(due_at=at("17:00"))
    before = at("17:00") - timedelta(minutes=1)

    assert (row.is_overdue(before), row.is_overdue(at("17:00"))) == (False, True)
    assert [Enquiry.objects.overdue(now).count() for now in (before, at("17:00"))] == [0, 1]
    row.answered_at = before
    row.save()
    assert (row.is_overdue(at("17:00")), Enquiry.objects.overdue(at("17:00")).count()) == (False, 0)


@pytest.mark.django_db(transaction=True)
def test_one_form_from_many_addresses_is_one_question(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    key = uuid.uuid4()
    requests = [request(key=key, client=f"client {number}") for number in range(6)]

    results = together(*[partial(ask, asked) for asked in requests])

    assert counted(results) == {None: 6}
    assert Enquiry.objects.count() == OutgoingEmail.objects.count() == 1
