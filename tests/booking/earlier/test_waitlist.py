"""Going on the earlier-time list without a visit: how often, how many at once, what is kept."""

import uuid
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial

import pytest

from booking import transactions
from booking.earlier import waitlist
from booking.models import WaitlistEntry
from booking.visits import limits, refusals
from booking.visits.requests import Request
from tests.builders import ANY_DAY, NOW, PATIENT, make_visit_type
from tests.threads import WAIT_SECONDS, after, together

pytestmark = pytest.mark.django_db
OTHER = {"email": "other@example.org", "phone_e164": "+12125550177"}


def client(number):
    return limits.client_key(f"192.0.2.{number}", waitlist.FORM)


def join(name="Rosa Marquez", number=1, key=None, **changes):
    """From an address of that number, by a form of that key."""
    return waitlist.join_without_visit(
        visit_type=make_visit_type(),
        patient=replace(PATIENT, name=name, **changes),
        wish=ANY_DAY,
        request=Request(key or uuid.uuid4(), client=client(number), now=NOW),
    )


@pytest.mark.parametrize("what", ["client", "email", "phone_e164"])
def test_the_list_is_limited_by_client_e_mail_and_telephone(settings, what):
    settings.BOOKING_LIMIT = 2
    senders = [
        {"number": number, "email": f"{number}@example.org", "phone_e164": f"+1212555010{number}"}
        for number in range(3)
    ]
    for sender in senders:
        sender.pop({"client": "number"}.get(what, what))
    for number in range(2):
        join(f"Name {number}", **senders[number])

    with pytest.raises(refusals.OverLimit):
        join("Name 2", **senders[2])
    join("Somebody Else", 9, **OTHER)
    assert WaitlistEntry.objects.count() == 3


def test_by_one_telephone_five_wishes_an_hour_are_made(settings):
    settings.BOOKING_LIMIT = 10
    for number in range(5):
        join(f"Name {number}", number, email=f"{number}@example.org")

    with pytest.raises(refusals.OverLimit):
        join("Name 5", 5, email="5@example.org")


def test_what_a_wish_does_not_say_does_not_suit_or_does_not_matter():
    parts = {"morning": False, "afternoon": False, "evening": False}
    anywhere = {"therapist_id": None, "location_id": None}

    assert asdict(waitlist.Wish("0")) == {"weekdays": "0"} | parts | anywhere


@pytest.mark.parametrize(("by", "state"), [({}, "left"), ({"by_desk": True}, "closed")])
def test_a_wish_says_who_ended_it(by, state):
    assert waitlist.leave(wish=join(), now=NOW, **by).state == state


def confirm(wish, now=NOW):
    return waitlist.confirm(wish=wish, now=now)


def states():
    return list(WaitlistEntry.objects.order_by("pk").values_list("name", "state"))


@pytest.mark.parametrize("same_form", [True, False])
def test_who_corrects_a_wish_keeps_the_place_in_line(same_form):
    key = uuid.uuid4()
    first = join(key=key)
    confirm(first)
    confirm(join("Ben Hill", 2, **OTHER))
    again = confirm(join("Rosa Márquez", 3, key=key if same_form else None))

    names = [row.name for row in WaitlistEntry.objects.waiting(NOW)]
    assert names == [again.name, "Ben Hill"]
    assert WaitlistEntry.objects.get(pk=again.pk).created_at == first.created_at


def test_who_corrects_what_nobody_confirmed_yet_keeps_the_place_too():
    key = uuid.uuid4()
    first = join(key=key)
    confirm(join("Ben Hill", 2, **OTHER))
    again = confirm(join(key=key, email="marquez@example.org"))

    assert states() == [("Rosa Marquez", "over"), ("Ben Hill", "open"), ("Rosa Marquez", "open")]
    assert again.created_at == first.created_at


def test_what_a_stranger_types_ends_nothing_that_was_confirmed():
    rosas = confirm(join())
    typed = [join(number=2), join(number=3, phone_e164="")]

    assert states() == [("Rosa Marquez", "open")] * 3
    assert WaitlistEntry.objects.get(pk=rosas.pk).confirmed_at == NOW
    assert [row.confirmed_at for row in typed] == [None, None]


def test_made_up_wishes_of_her_address_keep_hers_from_nothing():
    join("Another Name", 2, phone_e164="")
    join("Third Name", 3, phone_e164="")
    rosas = confirm(join())

    assert rosas.confirmed_at == NOW
    assert [state for _name, state in states()] == ["open"] * 3


def test_a_wish_that_nobody_confirms_is_over_after_three_days():
    wish = join()
    ends = NOW + timedelta(days=3)
    waiting = WaitlistEntry.objects.waiting

    assert [waiting(ends - timedelta(minutes=1)).count(), waiting(ends).count()] == [1, 0]
    assert confirm(wish, ends).confirmed_at is None


def test_a_wish_confirmed_lasts_as_long_as_times_are_shown_and_twice_is_once():
    wish, later = join(), NOW + timedelta(hours=1)
    found = [confirm(wish, NOW), confirm(wish, later)]

    assert [row.confirmed_at for row in found] == [NOW, NOW]
    assert {row.ends_at for row in found} == {NOW + timedelta(days=wish.visit_type.horizon_days)}


def test_who_has_left_is_not_put_back_by_the_button():
    wish = join()
    waitlist.leave(wish=wish, now=NOW)

    assert (confirm(wish).state, confirm(wish).confirmed_at) == ("left", None)


def test_a_wish_that_is_over_keeps_no_place():
    first = confirm(join())
    WaitlistEntry.objects.update(ends_at=NOW)
    again = confirm(join(number=2))

    assert again.created_at > first.created_at
    assert WaitlistEntry.objects.get(pk=again.pk).created_at == again.created_at


@pytest.fixture
def patience(monkeypatch):
    """Whoever waits for a lock tries again, however long a busy machine made it wait."""
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", WAIT_SECONDS)


@pytest.mark.usefixtures("patience")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("changes", [{}, {"number": 2}, {"number": 2} | OTHER])
def test_one_form_sent_twice_at_once_and_corrected_is_one_wish(changes):
    make_visit_type()
    key = uuid.uuid4()
    results = together(partial(join, key=key), partial(join, "Rosa Márquez", key=key, **changes))

    assert [type(result) for result in results] == [WaitlistEntry] * 2
    assert sorted(state for _name, state in states()) == ["open", "over"]


@pytest.mark.only("postgresql")  # which can tell when one waits for the other
@pytest.mark.usefixtures("patience")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("changes", [{}, {"number": 2}, {"number": 2} | OTHER])
def test_of_one_form_sent_twice_at_once_the_second_corrects_the_first(changes):
    make_visit_type()
    key = uuid.uuid4()
    result = after(partial(join, key=key), partial(join, "Rosa Márquez", key=key, **changes))

    assert result == WaitlistEntry.objects.get(key=key)
    assert states() == [("Rosa Marquez", "over"), ("Rosa Márquez", "open")]


@pytest.mark.usefixtures("patience")
@pytest.mark.django_db(transaction=True)
def test_what_one_form_sends_many_times_at_once_is_one_wish():
    make_visit_type()
    key = uuid.uuid4()
    results = together(*[partial(join, number=number, key=key) for number in range(4)])

    assert [type(result) for result in results] == [WaitlistEntry] * 4
    assert states() == [("Rosa Marquez", "open")]


@pytest.mark.usefixtures("patience")
@pytest.mark.django_db(transaction=True)
def test_two_wishes_of_one_person_confirmed_at_once_leave_one():
    make_visit_type()
    wishes = [join(number=number) for number in range(2)]
    results = together(*[partial(confirm, wish) for wish in wishes])

    assert [type(result) for result in results] == [WaitlistEntry] * 2
    assert sorted(state for _name, state in states()) == ["open", "over"]
