"""Who is asked about which free time, in what order, and what their answers do."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from booking.calendars import free_times
from booking.earlier import matches, offers, standing, waitlist
from booking.earlier.waitlist import Wish
from booking.models import (
    Appointment,
    Closure,
    HourlyCount,
    OutgoingEmail,
    TimeOff,
    TimeOffer,
    WaitlistEntry,
    time_offer,
)
from booking.models.day_parts import DAY_PARTS
from booking.visits import (
    attendance,
    changes,
    corrections,
    refusals,
    staff_changes,
    tokens,
    undoing,
)
from tests.builders import (
    ANY_DAY,
    MONDAY,
    NOW,
    PATIENT,
    add_hours,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
    wait,
    wait_without_visit,
)
from tests.worker import send_due

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TUESDAY, THURSDAY = MONDAY + DAY, MONDAY + 3 * DAY
LATER = NOW + 61 * MINUTE
BEN = replace(PATIENT, name="Ben Hill", email="ben@example.org")


@pytest.fixture
def ana():
    """One visit a day, Monday to Friday at nine: what is free is plain to see."""
    return make_therapist(hours="9:00-9:45")


def busy(therapist, *days):
    """Somebody else has those days."""
    return [book(therapist, at("9:00", day), patient=BEN) for day in days]


def asked():
    """Who is asked about what, oldest first, and how that stands."""
    rows = TimeOffer.objects.order_by("created_at", "pk").select_related("entry__appointment")
    return [(row.name, row.starts_at, row.state) for row in rows]


def one_offer(therapist):
    """Thursday's visit, and the offer of Monday's time that came free."""
    monday, *_rest = busy(therapist, MONDAY, TUESDAY, MONDAY + 2 * DAY)
    found = book(therapist, at("9:00", THURSDAY))
    wait(found)
    changes.cancel_by_desk(appointment=monday, now=NOW)
    assert offers.look(NOW) == 1
    return found, TimeOffer.objects.get()


def test_a_freed_time_is_offered_to_whoever_waits(ana):
    _visit, offer = one_offer(ana)

    assert asked() == [("Rosa Marquez", at("9:00"), "open")]
    assert (offer.ends_at, offer.expires_at) == (at("9:45"), NOW + 60 * MINUTE)
    message = OutgoingEmail.objects.get(kind="offer")
    assert (message.about, message.due_at) == (offer, NOW)


def test_nothing_is_offered_while_nothing_sooner_is_free(ana):
    monday, tuesday = busy(ana, MONDAY, TUESDAY)
    wait(book(ana, at("9:00", MONDAY + 2 * DAY)))

    assert (offers.look(NOW), asked()) == (0, [])
    attendance.set_status(appointment=monday, status="noshow", now=at("9:00"))
    staff_changes.change_by_desk(
        appointment=tuesday,
        therapist=ana,
        starts_at=at("9:00", THURSDAY),
        now=NOW,
    )
    assert (offers.look(NOW), asked()) == (1, [("Rosa Marquez", at("9:00"), "open")])


def test_those_who_have_waited_longest_are_asked_first_and_one_at_a_time(ana):
    first = wait(book(ana, at("9:00", THURSDAY)))
    second = wait(book(ana, at("9:00", THURSDAY + DAY), patient=BEN))
    [monday] = busy(ana, MONDAY)
    busy(ana, TUESDAY, MONDAY + 2 * DAY)
    changes.cancel_by_desk(appointment=monday, now=NOW)

    offers.look(NOW)
    send_due(NOW)
    offers.look(NOW + MINUTE)
    assert asked() == [("Rosa Marquez", at("9:00"), "open")]
    offers.look(LATER)
    send_due(LATER)
    assert asked() == [("Rosa Marquez", at("9:00"), "lapsed"), ("Ben Hill", at("9:00"), "open")]
    offers.look(LATER + 61 * MINUTE)
    assert [state for *_rest, state in asked()] == ["lapsed", "lapsed"]
    assert {first.state, second.state} == {"open"}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (ANY_DAY, [at("17:00", MONDAY - 3 * DAY)]),  # today
        (Wish("0123", morning=True), [at("9:00")]),
        (Wish("1", morning=True, afternoon=False), [at("9:00", TUESDAY)]),
        (Wish("12", afternoon=True), [at("14:00", TUESDAY)]),
        (Wish("12", evening=True), [at("17:00", TUESDAY)]),
        (Wish("56", morning=True, afternoon=True), []),
        (Wish("4", morning=True, afternoon=True), []),  # Friday is after the visit
        (Wish("3", morning=True, afternoon=True), []),  # the visit's own day is no sooner
    ],
)
def test_only_days_and_parts_that_suit_are_offered(wish, expected):
    therapist = make_therapist(hours="9:00-9:45 14:00-14:45 17:00-17:45")
    wait(book(therapist, at("14:00", THURSDAY)), wish)
    offers.look(NOW)

    assert [starts_at for _name, starts_at, _state in asked()] == expected


def test_only_times_at_the_place_that_suits_are_offered(ana):
    oak = make_location("oak-avenue", name="Oak Avenue")
    add_hours(make_therapist("ben-cole", hours=""), 2, "9:00-9:45", oak)
    for place in (oak, None):
        wait_without_visit(
            replace(PATIENT, name=str(place)),
            replace(ANY_DAY, location_id=place.pk if place else None),
        )
    offers.look(NOW)

    assert sorted(asked()) == [
        ("None", at("9:00"), "open"),
        ("Oak Avenue", at("9:00", MONDAY + 2 * DAY), "open"),
    ]


@pytest.mark.parametrize(
    ("hours", "part"),
    [
        ("11:45-12:30", "morning"),
        ("12:00-12:45", "afternoon"),
        ("16:45-17:30", "afternoon"),
        ("17:00-17:45", "evening"),
    ],
)
def test_the_parts_of_the_day_are_those_of_the_free_times(hours, part):
    make_therapist(hours=hours)
    for each in DAY_PARTS:
        only = Wish("0", **{each.slug: True})
        wait_without_visit(replace(PATIENT, name=each.slug), only)
    offers.look(NOW)

    assert [name for name, *_rest in asked()] == [part]


def test_a_wish_for_one_therapist_is_for_nobody_else(ana):
    ben = make_therapist("ben-cole", hours="9:00-9:45")
    wait(book(ana, at("9:00", THURSDAY)), replace(ANY_DAY, therapist_id=ben.pk))
    offers.look(NOW)

    assert [row.therapist for row in TimeOffer.objects.all()] == [ben]


def test_a_time_is_offered_only_if_the_answer_can_come_before_its_notice(ana):
    [monday] = busy(ana, MONDAY)
    busy(ana, TUESDAY, MONDAY + 2 * DAY)
    wait(book(ana, at("9:00", THURSDAY)))
    changes.cancel_by_desk(appointment=monday, now=NOW)
    ana.working_hours.filter(weekday=0).update(opens="12:00", closes="12:45")

    too_late = at("8:01")  # an hour to be mailed, one to answer, and two hours' notice
    assert offers.look(too_late) == 0
    assert offers.look(too_late - MINUTE) == 1


@pytest.mark.parametrize(("wall", "made"), [("7:59", 0), ("8:00", 1), ("19:59", 1), ("20:00", 0)])
def test_nobody_is_asked_at_night(ana, wall, made):
    wait(book(ana, at("9:00", THURSDAY)))

    assert offers.look(at(wall, MONDAY - 2 * DAY)) == made


def test_nobody_is_asked_twice_about_one_day():
    ana = make_therapist(hours="9:00-12:00")
    wait(book(ana, at("9:00", TUESDAY)))
    offers.look(NOW)
    offers.decline(offer=TimeOffer.objects.get(), now=NOW)
    offers.look(LATER)

    assert asked() == [("Rosa Marquez", at("9:00"), "declined")]


@pytest.mark.parametrize(("state", "again"), [("sent", 0), ("kept", 0), ("owed", 1)])
def test_whose_question_was_never_mailed_is_asked_about_that_day_again(state, again):
    ana = make_therapist(hours="9:00-12:00")
    wait(book(ana, at("9:00", TUESDAY)))
    offers.look(NOW)
    OutgoingEmail.objects.filter(kind="offer").update(state=state)

    assert offers.look(LATER) == again
    assert [state for *_rest, state in asked()] == ["lapsed", "open"][: 1 + again]


def test_an_address_that_takes_no_mail_leaves_the_time_to_the_next(ana):
    wait(book(ana, at("9:00", TUESDAY)))
    wait(book(ana, at("9:00", THURSDAY), patient=BEN), Wish("0", morning=True, afternoon=False))
    for number in range(4):
        offers.look(NOW + 61 * number * MINUTE)

    names = [name for name, *_rest in asked()]
    assert names == ["Rosa Marquez"] * 3 + ["Ben Hill"]


def test_nobody_is_asked_more_than_three_times_a_day(ana):
    wait(book(ana, at("9:00", MONDAY + 7 * DAY)))
    for number in range(5):
        offers.look(NOW + 61 * number * MINUTE)

    offers.look(NOW + DAY - MINUTE)
    assert len(asked()) == 3
    offers.look(NOW + DAY)  # from then on the first is of another day
    assert len(asked()) == 4


def test_the_list_never_hides_more_than_ten_times(settings):
    ana = make_therapist(hours="9:00-17:00")
    for number in range(12):
        wait_without_visit(replace(PATIENT, email=f"p{number}@example.org"))
    offers.look(NOW)

    assert TimeOffer.objects.filter(state="open").count() == 10
    assert len({row.starts_at for row in TimeOffer.objects.all()}) == 10
    assert ana.appointments.count() == 0


def test_while_a_time_is_offered_the_public_does_not_see_it_and_the_desk_does(ana):
    one_offer(ana)

    def sees(**options):
        return free_times.slot_at(make_visit_type(), ana, at("9:00"), **options) is not None

    assert [sees(now=NOW), sees(now=NOW, offered=True), sees(now=LATER)] == [False, True, True]
    with pytest.raises(refusals.SlotUnavailable):
        book(ana, at("9:00"), patient=BEN)
    book_by_desk(ana, at("9:00"), patient=BEN)


def test_yes_moves_the_visit_and_frees_the_old_time(ana):
    before, offer = one_offer(ana)
    taken = offers.claim(offer=offer, now=LATER - 2 * MINUTE)

    assert (taken.pk, taken.reference, taken.starts_at) == (
        before.pk,
        before.reference,
        at("9:00"),
    )
    assert asked() == [("Rosa Marquez", at("9:00"), "claimed")]
    assert WaitlistEntry.objects.get().state == "booked"
    assert free_times.slot_at(make_visit_type(), ana, at("9:00", THURSDAY), NOW) is not None
    again = TimeOffer.objects.get()
    assert offers.claim(offer=again, now=LATER).pk == before.pk  # once more: the same
    kinds = Appointment.objects.get(pk=before.pk).emails.values_list("kind", "sequence")
    assert sorted(kinds) == [("confirmation", 0), ("moved", 1)]


def test_the_desk_hears_of_a_yes(ana, settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    _visit, offer = one_offer(ana)
    offers.claim(offer=offer, now=NOW)

    assert OutgoingEmail.objects.filter(kind="desk-moved").count() == 1


def test_an_offer_may_be_taken_inside_the_change_window(ana):
    make_visit_type(change_window_hours=24 * 14)
    _visit, offer = one_offer(ana)

    assert offers.claim(offer=offer, now=NOW).starts_at == at("9:00")


def test_yes_without_a_visit_books_one(ana):
    wait_without_visit()
    offers.look(NOW)
    offer = TimeOffer.objects.get()
    taken = offers.claim(offer=offer, now=NOW)

    assert (taken.name, taken.email, taken.starts_at, taken.source) == (
        "Rosa Marquez",
        "rosa@example.org",
        at("9:00"),
        "online",
    )
    assert offers.claim(offer=offer, now=NOW).pk == Appointment.objects.get().pk
    assert list(taken.emails.values_list("kind", flat=True)) == ["confirmation"]


def first_offer():
    """The offer of a first visit to somebody who has just asked for one."""
    wait_without_visit()
    offers.look(NOW)
    return TimeOffer.objects.get(state="open")


def test_yes_without_a_visit_keeps_to_the_first_visits_of_one_person(ana, settings):
    settings.OPEN_BOOKINGS_LIMIT = 1
    first = offers.claim(offer=first_offer(), now=NOW)
    offer = first_offer()
    counted = list(HourlyCount.objects.values())

    with pytest.raises(refusals.OverLimit):
        offers.claim(offer=offer, now=NOW)
    assert list(Appointment.objects.all()) == [first]
    assert asked()[1:] == [("Rosa Marquez", at("9:00", TUESDAY), "open")]
    assert list(HourlyCount.objects.values()) == counted
    changes.cancel_by_patient(appointment=first, now=NOW)
    assert offers.claim(offer=offer, now=NOW).starts_at == at("9:00", TUESDAY)


def test_what_strangers_book_in_her_name_does_not_count_against_her_yes(ana, settings):
    settings.OPEN_BOOKINGS_LIMIT = settings.BOOKING_LIMIT = 1
    book(ana, at("9:00", THURSDAY))

    assert offers.claim(offer=first_offer(), now=NOW).starts_at == at("9:00")


@pytest.mark.parametrize("by", [book, book_by_desk])
def test_what_is_booked_in_the_same_name_ends_no_wish_and_no_offer(ana, by):
    """Anybody can type Rosa's name, telephone and e-mail, and cancel what they booked."""
    wait_without_visit()
    offers.look(NOW)
    booked = by(ana, at("9:00", THURSDAY))
    offer = TimeOffer.objects.with_details().get()

    assert standing.of(offer, NOW) == "open"
    changes.cancel_by_patient(appointment=booked, now=NOW)
    standing.settle(NOW)
    assert WaitlistEntry.objects.get().state == "open"
    assert offers.claim(offer=offer, now=NOW).starts_at == at("9:00")


def test_a_visit_that_moves_by_a_yes_is_no_further_booking(ana, settings):
    settings.OPEN_BOOKINGS_LIMIT = 1
    _visit, offer = one_offer(ana)

    assert offers.claim(offer=offer, now=NOW).starts_at == at("9:00")


def run_out(_visit, _offer):
    return LATER - MINUTE  # the very end


def declined(_visit, offer):
    offers.decline(offer=offer, now=NOW)


def left(_visit, offer):
    waitlist.leave(wish=offer.entry, now=NOW)


def closed_by_the_desk(_visit, offer):
    waitlist.leave(wish=offer.entry, now=NOW, by_desk=True)


def given_to_a_caller(_visit, offer):
    book_by_desk(offer.therapist, offer.starts_at, patient=BEN)


def move(visit, starts_at, *, by=staff_changes.change_by_desk, therapist=None):
    by(appointment=visit, therapist=therapist or visit.therapist, starts_at=starts_at, now=NOW)


def moved_as_soon(visit, offer):
    move(visit, offer.ends_at)


def moved_sooner(visit, _offer):
    move(visit, at("15:00", MONDAY - 3 * DAY))


def cancelled(visit, _offer):
    changes.cancel_by_patient(appointment=visit, now=NOW)


def therapist_away(_visit, offer):
    TimeOff.objects.create(therapist=offer.therapist, starts_at=at("8:00"), ends_at=at("10:00"))


def closed(_visit, _offer):
    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("10:00"))


OVER = [
    (run_out, "lapsed", "open"),
    (declined, "declined", "open"),
    (left, "gone", "left"),
    (closed_by_the_desk, "gone", "closed"),
    (given_to_a_caller, "given", "open"),
    (moved_as_soon, "overtaken", "open"),
    (moved_sooner, "overtaken", "open"),
    (cancelled, "gone", "over"),
    (therapist_away, "gone", "open"),
    (closed, "gone", "open"),
]


@pytest.mark.parametrize(("change", "state", "wish"), OVER)
def test_an_offer_that_is_over_is_refused_and_written_down(ana, change, state, wish):
    found, offer = one_offer(ana)
    now = change(found, offer) or NOW
    offer = TimeOffer.objects.with_details().get()

    assert standing.of(offer, now) == state
    [row] = TimeOffer.objects.with_standing(now)
    assert row.stands == state
    before = Appointment.objects.get(pk=found.pk).starts_at
    with pytest.raises(offers.OfferOver):
        offers.claim(offer=offer, now=now)
    assert Appointment.objects.get(pk=found.pk).starts_at == before
    standing.settle(now)
    assert (TimeOffer.objects.get().state, WaitlistEntry.objects.get().state) == (state, wish)
    send_due(now)
    assert OutgoingEmail.objects.get(kind="offer").state == "superseded"


def test_hours_that_end_take_the_offer_along(ana):
    _visit, offer = one_offer(ana)
    ana.working_hours.filter(weekday=0).delete()

    assert standing.of(TimeOffer.objects.with_details().get(), NOW) == "gone"
    with pytest.raises(offers.OfferOver):
        offers.claim(offer=offer, now=NOW)


@pytest.mark.parametrize(
    ("slug", "state", "question"),
    [
        ("willow-street", "open", "sent"),
        ("oak-road", "gone", "superseded"),
    ],
)
def test_hours_that_move_to_another_place_take_the_offer_along(ana, slug, state, question):
    found, offer = one_offer(ana)
    ana.working_hours.update(location=make_location(slug))
    offer = TimeOffer.objects.with_details().get()

    assert standing.of(offer, NOW) == state
    send_due(NOW)
    assert OutgoingEmail.objects.get(kind="offer").state == question
    if state == "open":
        offers.claim(offer=offer, now=NOW)
    else:
        with pytest.raises(offers.OfferOver):
            offers.claim(offer=offer, now=NOW)
    found.refresh_from_db()
    day = MONDAY if state == "open" else THURSDAY
    assert (found.starts_at, found.location.slug) == (at("9:00", day), "willow-street")


def test_a_wish_ends_by_itself(ana):
    wait(book(ana, at("9:00", TUESDAY)))
    without = wait_without_visit(BEN)
    offers.look(at("9:00", TUESDAY) - MINUTE)
    assert WaitlistEntry.objects.filter(state="open").count() == 2
    offers.look(at("9:00", TUESDAY))
    assert set(WaitlistEntry.objects.values_list("pk", "state")) == {
        (without.pk - 1, "over"),
        (without.pk, "open"),
    }
    offers.look(NOW + 60 * DAY)

    assert set(WaitlistEntry.objects.values_list("state", flat=True)) == {"over"}


def test_joining_again_keeps_the_place_and_changes_what_suits(ana):
    found = book(ana, at("9:00", THURSDAY))
    first = wait(found)
    again = wait(found, Wish("2", morning=True, afternoon=False))

    assert (again.pk, again.created_at) == (first.pk, first.created_at)
    assert (again.weekdays, again.afternoon) == ("2", False)


@pytest.mark.parametrize("by", [staff_changes.change_by_desk, changes.move_by_patient])
def test_a_visit_that_moves_waits_on_where_it_is_then(ana, by):
    found, offer = one_offer(ana)
    move(found, at("9:00", THURSDAY + DAY), by=by)
    standing.settle(NOW)
    assert asked() == [("Rosa Marquez", at("9:00"), "open")]
    assert wait(found).pk == offer.entry_id  # on the list as before
    taken = offers.claim(offer=offer, now=NOW)

    assert (taken.pk, taken.starts_at, taken.sequence) == (found.pk, at("9:00"), 2)
    assert WaitlistEntry.objects.get().state == "booked"
    for day in (THURSDAY, THURSDAY + DAY):
        assert free_times.slot_at(make_visit_type(), ana, at("9:00", day), NOW) is not None


def test_a_visit_that_moves_to_another_therapist_is_freed_there(ana):
    ben = make_therapist("ben-cole", hours="9:00-9:45")
    found, offer = one_offer(ana)
    move(found, at("9:00", THURSDAY + DAY), therapist=ben)
    offers.claim(offer=offer, now=NOW)

    assert free_times.slot_at(make_visit_type(), ben, at("9:00", THURSDAY + DAY), NOW) is not None
    assert [row.starts_at for row in Appointment.objects.filter(name="Rosa Marquez")] == [
        at("9:00")
    ]


def test_without_asking_where_the_visit_is_a_yes_makes_it_later(ana, monkeypatch):
    found, offer = one_offer(ana)
    moved_sooner(found, offer)
    endings = time_offer.endings

    def all_but_that(now):
        return {state: holds for state, holds in endings(now).items() if state != "overtaken"}

    monkeypatch.setattr(time_offer, "endings", all_but_that)

    assert offers.claim(offer=offer, now=NOW).starts_at == at("9:00")


def test_what_is_offered_next_is_sooner_than_the_visit_is_now(ana):
    found, _offer = one_offer(ana)
    move(found, at("15:00"))
    assert (offers.look(NOW), asked()) == (0, [("Rosa Marquez", at("9:00"), "overtaken")])
    move(found, at("9:00", THURSDAY))

    assert offers.look(NOW) == 1
    assert asked()[1] == ("Rosa Marquez", at("9:00"), "open")


def test_a_time_found_before_the_visit_moved_is_not_offered(ana):
    found = book(ana, at("9:00", THURSDAY))
    wait(found)
    [(wish, slot)] = matches.whom_to_ask(NOW)
    move(found, at("15:00"))

    assert (offers.make(wish=wish, slot=slot, now=NOW), asked()) == (None, [])


def test_a_wish_of_a_visit_that_was_cancelled_joins_anew(ana):
    found = book(ana, at("9:00", THURSDAY))
    first = wait(found)
    changes.cancel_by_patient(appointment=found, now=NOW)
    standing.settle(NOW)
    undoing.undo_cancel(appointment=found, now=NOW)
    again = wait(found)

    assert again.pk != first.pk
    assert list(WaitlistEntry.objects.order_by("pk").values_list("state", flat=True)) == [
        "over",
        "open",
    ]


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"email": ""}, {"starts_at": NOW}])
def test_who_cannot_have_a_sooner_time_cannot_join(ana, changes):
    found = book(ana, at("9:00", THURSDAY))
    Appointment.objects.update(**changes)

    with pytest.raises(waitlist.NotOnTheList):
        wait(found)


def test_a_person_without_a_visit_is_on_the_list_once(ana):
    wait_without_visit()
    wait_without_visit(replace(PATIENT, email="ROSA@example.org"), Wish("1", True, False))
    wait_without_visit(replace(PATIENT, name="Her Son"))

    assert list(WaitlistEntry.objects.order_by("pk").values_list("name", "state")) == [
        ("Rosa Marquez", "over"),
        ("Rosa Marquez", "open"),
        ("Her Son", "open"),
    ]


def test_the_message_names_the_time_and_no_person(ana, settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    _visit, offer = one_offer(ana)
    OutgoingEmail.objects.exclude(kind="offer").delete()
    send_due(NOW)
    [message] = mail.outbox
    html = message.alternatives[0][0]

    assert (message.to, message.subject) == (
        ["rosa@example.org"],
        "Willow Street Physical Therapy: a sooner time is free",
    )
    for body, time in ((message.body, "1 p.m."), (html, "1&nbsp;p.m.")):
        assert "Monday, November 30" in body
        assert time in body
        assert "Your present visit stays until you say yes." in body
        assert "Rosa" not in body
        assert "Reference" not in body
        assert body.count("http://127.0.0.1:8000/offer/") == 1
        assert body.index("Monday, November 30") < body.index("We keep it for you until")
    assert message.reply_to == ["desk@clinic.example"]
    assert offer.token_hash not in message.body


def test_the_command_offers_and_sends(ana, time_machine):
    wait(book(ana, at("9:00", THURSDAY)))
    time_machine.move_to(NOW, tick=False)
    call_command("send_emails", verbosity=0)

    assert [message.subject.partition(": ")[2] for message in mail.outbox] == [
        "your visit is booked",
        "a sooner time is free",
    ]


@pytest.mark.parametrize("wishes", [1, 3])
def test_a_look_takes_a_fixed_number_of_queries(django_assert_num_queries, wishes):
    for number in range(wishes):
        therapist = make_therapist(f"therapist-{number}", hours="9:00-9:45")
        patient = replace(PATIENT, email=f"p{number}@example.org")
        wait(book(therapist, at("9:00", MONDAY), patient=patient))
    with django_assert_num_queries(10):
        offers.look(NOW)


def test_a_look_at_an_empty_list_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert offers.look(NOW) == 0


def make_offer(entry, start, **fields):
    """A row as a shell would write it."""
    return TimeOffer.objects.create(
        entry=entry,
        therapist=fields.pop("therapist"),
        visit_type=make_visit_type(),
        location=make_location(),
        starts_at=start,
        ends_at=start + 45 * MINUTE,
        expires_at=LATER,
        created_at=NOW,
        token_hash=str(TimeOffer.objects.count()),
        **fields,
    )


def test_the_database_offers_no_time_to_two_people(ana):
    first = wait(book(ana, at("9:00", THURSDAY)))
    second = wait_without_visit(BEN)
    make_offer(first, at("9:00"), therapist=ana)
    for start in (at("9:00"), at("9:30")):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_offer(second, start, therapist=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_offer(first, at("11:00"), therapist=ana)
    make_offer(second, at("9:45"), therapist=ana)
    make_offer(first, at("9:00"), therapist=ana, state="declined")


def test_the_database_keeps_wishes_whole(ana):
    found = book(ana, at("9:00", THURSDAY))
    entry = wait(found)
    fields = {"visit_type": make_visit_type(), "ends_at": LATER, "weekdays": "1", "morning": True}
    wrong = [
        {"appointment": found},  # a second one
        {},  # nobody to write to
        {"name": "Rosa", "email": "r@example.org", "weekdays": ""},
        {"name": "Rosa", "email": "r@example.org", "morning": False},  # no part of the day
        {"appointment": found, "name": "Rosa", "email": "r@example.org", "state": "left"},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            WaitlistEntry.objects.create(**(fields | values))
    assert list(WaitlistEntry.objects.all()) == [entry]


def test_an_offer_mailed_to_an_old_address_opens_nothing(ana):
    found, offer = one_offer(ana)
    token = tokens.make(offer)
    assert tokens.find_offer(token, NOW) == offer
    corrections.correct(appointment=found, changes={"email": "new@example.org"}, now=NOW)

    assert tokens.find_offer(token, NOW) is None


def correct(found, **changes):
    corrections.correct(appointment=found, changes=changes, now=NOW + MINUTE)


@pytest.mark.parametrize("mailed", [True, False])
def test_another_address_is_asked_anew_by_a_link_that_works(ana, mailed):
    found, offer = one_offer(ana)
    if mailed:
        send_due(NOW)
    correct(found, email="new@example.org")
    offer.refresh_from_db()
    assert (offer.state, offer.answered_at) == ("gone", NOW + MINUTE)
    mail.outbox.clear()
    offers.look(NOW + MINUTE)
    send_due(NOW + MINUTE)

    assert asked() == [
        ("Rosa Marquez", at("9:00"), "gone"),
        ("Rosa Marquez", at("9:00"), "open"),
    ]
    [message] = [row for row in mail.outbox if "a sooner time is free" in row.subject]
    [token] = re.findall(r"/offer/(\S+)/", message.body)
    assert (message.to, tokens.find_offer(token, NOW)) == (
        ["new@example.org"],
        TimeOffer.objects.get(state="open"),
    )


def test_a_name_that_is_corrected_changes_no_question(ana):
    found, _offer = one_offer(ana)
    correct(found, name="Rosa M.")

    assert standing.of(TimeOffer.objects.with_details().get(), NOW) == "open"


def test_who_has_no_address_any_more_is_not_asked(ana):
    found, _offer = one_offer(ana)
    correct(found, email="")

    assert (offers.look(NOW + MINUTE), asked()) == (0, [("Rosa Marquez", at("9:00"), "gone")])
    assert WaitlistEntry.objects.get().state == "over"
    assert free_times.slot_at(make_visit_type(), ana, at("9:00"), NOW) is not None


def test_visit_rows_of_the_shell_end_an_offer_too(ana):
    _visit, offer = one_offer(ana)
    visit(ana, at("9:15")).save()

    assert standing.of(TimeOffer.objects.with_details().get(), NOW) == "given"
    with pytest.raises(offers.OfferOver):
        offers.claim(offer=offer, now=NOW)
