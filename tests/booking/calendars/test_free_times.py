"""Which times are offered, from real rows."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from booking.calendars import free_times
from booking.calendars.free_times import Calendars, Window, online_calendars, online_window
from booking.calendars.slots import one_for_each_start
from booking.models import Closure, OnlineBooking, TimeOff
from booking.visits import refusals
from tests.builders import (
    MONDAY,
    NEW_YORK,
    NOW,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
)
from tests.statuses import ACTIVE, OVER

pytestmark = pytest.mark.django_db

TUESDAY, SUNDAY = MONDAY + timedelta(days=1), MONDAY - timedelta(days=1)


def walls(slots):
    """Starts as the clinic's clock shows them."""
    return [slot.starts_at.astimezone(NEW_YORK).strftime("%H:%M") for slot in slots]


def offered(first=MONDAY, last=None, visit_type=None, *, therapist=None, moving=None):
    """What patients see on these days."""
    calendars = online_calendars(Window(first, last or first), NOW, therapist=therapist)
    return list(calendars.without(moving).slots(visit_type or make_visit_type()))


def offered_by_the_desk():
    therapists = free_times.bookable_therapists(online=False)
    return list(Calendars.read(therapists, Window(MONDAY, MONDAY)).slots(make_visit_type()))


def offered_at(now, visit_type):
    """What patients see on all the days that they may book at that instant."""
    window = online_window(visit_type, now)
    return list(online_calendars(window, now).slots(visit_type))


def starts_between(first, last, step=15):
    start, end = datetime.combine(MONDAY, time.fromisoformat(first)), time.fromisoformat(last)
    count = (datetime.combine(MONDAY, end) - start) // timedelta(minutes=step)
    times = [start + number * timedelta(minutes=step) for number in range(count + 1)]
    return [moment.strftime("%H:%M") for moment in times]


def test_a_day_is_its_hours_without_the_lunch():
    therapist = make_therapist(hours="9:00-12:00 13:00-17:00")

    slots = offered()

    assert walls(slots) == starts_between("09:00", "11:15") + starts_between("13:00", "16:15")
    assert (slots[0].starts_at, slots[0].ends_at) == (at("9:00"), at("9:45"))
    assert (slots[0].therapist, slots[0].location_id) == (therapist, make_location().pk)
    assert slots[0].code == "20261130T1400Z"


def test_a_day_without_hours_offers_nothing():
    make_therapist()

    assert offered(SUNDAY) == []


def test_hours_hold_from_their_first_day_to_their_last():
    therapist = make_therapist(hours="9:00-9:45")
    add_hours(therapist, 5, "10:00-10:45", valid_from=date(2026, 12, 5))
    add_hours(therapist, 6, "11:00-11:45", valid_until=date(2026, 12, 6))

    days = {
        slot.starts_at.astimezone(NEW_YORK).date() for slot in offered(MONDAY, date(2026, 12, 20))
    }

    assert sorted(day for day in days if day.weekday() > 4) == [
        date(2026, 12, 5),
        date(2026, 12, 6),
        date(2026, 12, 12),
        date(2026, 12, 19),
    ]


@pytest.mark.parametrize("absence", ["closure", "time off"])
def test_nothing_is_offered_until_further_notice(absence):
    therapist = make_therapist(hours="9:00-9:45")
    span = {"starts_at": at("9:45"), "ends_at": datetime(9999, 12, 30, tzinfo=UTC)}
    if absence == "closure":
        Closure.objects.create(name="Moved away", **span)
    else:
        TimeOff.objects.create(therapist=therapist, **span)

    assert walls(offered(MONDAY, date(2026, 12, 20))) == ["09:00"]


def test_hours_at_two_locations_say_where():
    therapist = make_therapist(hours="9:00-9:45")
    other = make_location("oak-avenue")
    add_hours(therapist, 0, "10:00-10:45", location=other)

    places = [slot.location_id for slot in offered()]

    assert places == [make_location().pk, other.pk]


@pytest.fixture
def two_places():
    """A therapist who works all day at both: 30 minutes for the one count, not the other's 20."""
    oak = make_location("oak-avenue", travel_minutes=30)
    willow = make_location("willow-street", travel_minutes=20)
    therapist = make_therapist(hours="9:00-12:00")
    add_hours(therapist, 0, "9:00-12:00", oak)
    return therapist, willow, oak


def places(slots):
    found = {}
    for slot, wall in zip(slots, walls(slots), strict=True):
        found.setdefault(slot.location_id, []).append(wall)
    return found


def test_the_way_between_locations_is_kept_free_before_and_after(two_places):
    therapist, willow, oak = two_places
    visit(therapist, at("10:00"), minutes=30, location=willow).save()

    assert places(offered()) == {
        willow.pk: ["09:00", "09:15", *starts_between("10:30", "11:15")],
        oak.pk: ["11:00", "11:15"],
    }


def test_buffers_come_on_top_of_the_way(two_places):
    therapist, willow, oak = two_places
    buffered = make_visit_type("follow-up", minutes=30, buffer_after=15)
    visit(therapist, at("9:00"), minutes=30, location=willow, visit_type=buffered).save()

    assert places(offered(visit_type=make_visit_type(buffer_before=10))) == {
        willow.pk: starts_between("10:00", "11:15"),
        oak.pk: starts_between("10:30", "11:15"),
    }


def test_time_off_takes_no_travel(two_places):
    therapist, willow, oak = two_places
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("10:30"))

    assert places(offered()) == dict.fromkeys([willow.pk, oak.pk], starts_between("10:30", "11:15"))


def test_booking_asks_for_the_way_again():
    therapist = make_therapist(hours="9:00-9:45")
    add_hours(therapist, 0, "9:45-12:00", make_location("oak-avenue", travel_minutes=30))
    book(therapist, at("9:00"))

    with pytest.raises(refusals.SlotUnavailable):
        book(therapist, at("10:00"))
    assert book(therapist, at("10:15")).location.slug == "oak-avenue"


def test_hours_that_touch_are_one_opening():
    make_therapist(hours="9:00-9:30 9:30-10:00")

    assert walls(offered()) == ["09:00", "09:15"]


def test_time_off_takes_its_therapists_times_alone():
    ana, ben = make_therapist(hours="9:00-11:00"), make_therapist("ben-cole", hours="9:00-11:00")
    TimeOff.objects.create(therapist=ana, starts_at=at("9:00"), ends_at=at("10:00"))

    assert walls(offered(therapist=ana)) == ["10:00", "10:15"]
    assert walls(offered(therapist=ben)) == starts_between("09:00", "10:15")


def test_a_closure_takes_everyones_times():
    make_therapist(hours="9:00-11:00")
    make_therapist("ben-cole", hours="9:00-11:00")
    Closure.objects.create(name="Snow", starts_at=at("0:00"), ends_at=at("10:00"))

    assert walls(offered()) == ["10:00", "10:00", "10:15", "10:15"]


def test_a_closure_over_several_days_takes_all_of_them():
    make_therapist(hours="9:00-9:45")
    end = at("0:00", MONDAY + timedelta(days=3))
    Closure.objects.create(name="Holiday", starts_at=at("0:00", SUNDAY), ends_at=end)

    found = [slot.starts_at for slot in offered(SUNDAY, MONDAY + timedelta(days=4))]

    assert found == [at("9:00", MONDAY + timedelta(days=day)) for day in (3, 4)]


def test_an_absence_of_odd_minutes_takes_each_minute_it_touches():
    therapist = make_therapist(hours="9:00-11:00")
    TimeOff.objects.create(
        therapist=therapist, starts_at=at("9:45") - timedelta(seconds=1), ends_at=at("9:46")
    )

    assert walls(offered()) == ["10:00", "10:15"]


@pytest.mark.parametrize("status", ACTIVE)
def test_a_visit_takes_its_time(status):
    visit(make_therapist(hours="9:00-11:00"), at("9:45"), status=status).save()

    assert walls(offered()) == ["09:00"]


@pytest.mark.parametrize("status", OVER)
def test_a_visit_that_does_not_take_place_leaves_its_time(status):
    visit(make_therapist(hours="9:00-11:00"), at("9:45"), status=status).save()

    assert walls(offered()) == starts_between("09:00", "10:15")


@pytest.mark.parametrize(
    ("own", "neighbour", "expected"),
    [
        ({}, {}, ["09:00", "09:15", "10:30", "10:45", "11:00", "11:15"]),
        ({"buffer_before": 5}, {}, ["09:00", "09:15", "10:45", "11:00", "11:15"]),
        ({"buffer_after": 5}, {}, ["09:00", "10:30", "10:45", "11:00", "11:15"]),
        ({}, {"buffer_before": 5}, ["09:00", "10:30", "10:45", "11:00", "11:15"]),
        ({}, {"buffer_after": 5}, ["09:00", "09:15", "10:45", "11:00", "11:15"]),
        ({"buffer_before": 10}, {"buffer_after": 10}, ["09:00", "09:15", "11:00", "11:15"]),
    ],
)
def test_buffers_of_both_visits_are_kept(own, neighbour, expected):
    therapist, visit_type = make_therapist(hours="9:00-12:00"), make_visit_type(**own)
    other = make_visit_type("follow-up", minutes=30, **neighbour)
    visit(therapist, at("10:00"), minutes=30, visit_type=other).save()

    assert walls(offered(visit_type=visit_type)) == expected


def test_buffers_reach_outside_the_hours():
    make_therapist(hours="9:00-9:45")

    assert walls(offered(visit_type=make_visit_type(buffer_before=30, buffer_after=30))) == [
        "09:00"
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("7:00", ["09:00", "09:15"]),
        ("7:01", ["09:15"]),
        ("7:15", ["09:15"]),
        ("7:16", []),
    ],
)
def test_a_time_is_offered_until_the_minimum_notice(now, expected):
    make_therapist(hours="9:00-10:00")
    visit_type = make_visit_type(notice_minutes=120)
    window = online_window(visit_type, at(now)).narrowed(MONDAY, MONDAY)

    assert walls(online_calendars(window, NOW).slots(visit_type)) == expected


def test_the_minimum_notice_is_the_same_seen_from_now_and_from_the_visit():
    visit_type = make_visit_type(notice_minutes=90)

    assert visit_type.earliest_start(at("7:30")) == at("9:00")
    assert visit_type.book_until(at("9:00")) == at("7:30")


def test_notice_counts_started_seconds():
    make_therapist(hours="9:00-10:00")
    slots = offered_at(at("7:00") + timedelta(seconds=1), make_visit_type(horizon_days=0))

    assert walls(slots) == ["09:15"]


def test_notice_past_midnight_begins_on_another_day():
    make_therapist(hours="9:00-10:00")
    visit_type = make_visit_type(notice_minutes=24 * 60)

    assert offered_at(at("9:05"), visit_type)[0].starts_at == at("9:15", TUESDAY)


def test_whoever_must_be_asked_first_has_that_much_longer_than_the_notice():
    visit_type = make_visit_type(notice_minutes=60, horizon_days=7)
    window = online_window(visit_type, at("22:30"), ahead=timedelta(hours=2))

    assert window == Window(TUESDAY, MONDAY + timedelta(days=7), at("1:30", TUESDAY))


def test_the_horizons_last_day_is_offered_and_the_next_is_not():
    make_therapist(hours="9:00-9:45")
    visit_type = make_visit_type(horizon_days=7)

    slots = offered_at(at("8:00"), visit_type)

    assert slots[-1].starts_at == at("9:00", MONDAY + timedelta(days=7))
    friday = MONDAY + timedelta(days=4)
    slots = offered_at(at("23:59", friday), visit_type)
    assert slots[-1].starts_at == at("9:00", friday + timedelta(days=7))


def test_a_paused_clinic_offers_nothing_online():
    make_therapist()
    switch = OnlineBooking.objects.create(pk=1, paused=True)

    assert offered() == []
    assert offered_by_the_desk() != []
    switch.paused = False
    switch.save()
    assert offered() != []


def test_a_paused_therapist_is_offered_by_the_desk_alone():
    make_therapist(hours="9:00-9:45", online_booking=False)

    assert (walls(offered()), walls(offered_by_the_desk())) == ([], ["09:00"])


def test_a_therapist_who_left_is_offered_by_nobody():
    make_therapist(active=False)

    assert (offered(), offered_by_the_desk()) == ([], [])


def test_a_visit_that_moves_leaves_its_own_time():
    therapist = make_therapist(hours="9:00-10:30")
    moving = visit(therapist, at("9:30"))
    moving.save()

    assert walls(offered()) == []
    assert walls(offered(moving=moving)) == starts_between("09:00", "09:45")


def test_the_own_time_of_a_visit_is_found_where_it_is_offered_elsewhere_alone():
    ana = make_therapist(hours="9:00-10:30")
    booked = book(ana, at("9:15"))
    assert free_times.own_time_elsewhere(booked, NOW) is None

    ana.working_hours.update(location=make_location("oak-avenue", name="Oak Avenue"))
    slot = free_times.own_time_elsewhere(booked, NOW)
    assert slot is not None
    assert (slot.starts_at, slot.location_id) == (at("9:15"), make_location("oak-avenue").pk)
    ana.working_hours.all().delete()
    assert free_times.own_time_elsewhere(booked, NOW) is None


def test_slot_at_is_the_offered_slot_or_none():
    therapist, visit_type = make_therapist(hours="9:00-10:00"), make_visit_type()

    found = free_times.slot_at(visit_type, therapist, at("9:15"), NOW)

    assert (found.starts_at, found.therapist) == (at("9:15"), therapist)
    for start in [at("9:20"), at("9:30"), at("9:15", SUNDAY), at("9:15") + timedelta(seconds=1)]:
        assert free_times.slot_at(visit_type, therapist, start, NOW) is None


def test_calendars_answer_from_what_was_read(django_assert_num_queries):
    ana, ben = make_therapist(hours="9:00-10:00 11:00-11:45"), make_therapist("ben")
    visit(ben, at("9:00")).save()
    long, short = make_visit_type("long", minutes=60), make_visit_type()
    calendars = online_calendars(Window(SUNDAY, TUESDAY, at("9:15")), NOW)

    with django_assert_num_queries(0):
        ours = [slot for slot in calendars.slots(short) if slot.therapist == ana]
        assert walls(ours) == ["09:15", "11:00", "09:00", "09:15", "11:00"]
        assert [slot.starts_at for slot in calendars.slots(long) if slot.therapist == ana] == [
            at("9:00", TUESDAY)
        ]
        assert calendars.slot_at(short, ana, at("11:00")) == ours[1]
        assert calendars.slot_at(short, ana, at("9:00")) is None
        assert calendars.nearest(short, ana, at("9:00"))[0] == ours[0]
        assert calendars.hours_of(ana, MONDAY) == [
            (at("9:00"), at("10:00"), ours[0].location_id, "Willow Street"),
            (at("11:00"), at("11:45"), ours[0].location_id, "Willow Street"),
        ]
        assert calendars.hours_of(ana, SUNDAY) == []


def test_calendars_say_nothing_of_days_that_were_not_read():
    ana, visit_type = make_therapist(hours="9:00-9:45"), make_visit_type()
    calendars = online_calendars(Window(MONDAY, TUESDAY), NOW)

    assert walls(calendars.within(Window(TUESDAY, TUESDAY)).slots(visit_type)) == ["09:00"]
    assert calendars.slot_at(visit_type, ana, at("9:00", SUNDAY)) is None
    for window in [Window(SUNDAY, MONDAY), Window(TUESDAY, TUESDAY + timedelta(days=1))]:
        with pytest.raises(ValueError, match="days that were not read"):
            calendars.within(window)


def test_calendars_of_other_days_are_read_in_one_query(django_assert_num_queries):
    ana = make_therapist(hours="9:00-10:30")
    moving, other = visit(ana, at("9:30", TUESDAY)), visit(ana, at("9:00", SUNDAY))
    moving.save()
    other.save()
    calendars = online_calendars(Window(MONDAY, MONDAY), NOW).without(moving)

    with django_assert_num_queries(1):
        tomorrow = calendars.on(Window(TUESDAY, TUESDAY))

    assert walls(tomorrow.slots(make_visit_type())) == starts_between("09:00", "09:45")
    assert walls(tomorrow.without(None).slots(make_visit_type())) == []


def test_each_start_takes_the_fewest_visits_then_the_slug():
    ana, ben, cy = (make_therapist(slug, hours="9:00-11:00") for slug in ("ana", "ben", "cy"))
    book(ana, at("10:15"))

    slots = list(one_for_each_start(offered()))
    assert [slot.therapist for slot in slots] == [ben] * 6
    book(ben, at("9:00"))
    slots = list(one_for_each_start(offered()))
    assert [slot.therapist for slot in slots] == [cy] * 6
    book(cy, at("9:00"))
    slots = list(one_for_each_start(offered()))
    assert [(slot.therapist.slug, *walls([slot])) for slot in slots] == [
        ("ana", "09:00"),
        ("ana", "09:15"),
        ("ana", "09:30"),
        ("ben", "09:45"),
        ("ben", "10:00"),
        ("ben", "10:15"),
    ]
    assert [slot.others for slot in slots] == [0, 0, 0, 1, 1, 1]


def nearest(therapist, wanted, **options):
    found = free_times.nearest_slots(make_visit_type(), therapist, wanted, NOW, **options)
    return [(slot.therapist.slug, slot.starts_at) for slot in found]


def test_nearest_are_the_smallest_differences_soonest_first():
    ana, ben = make_therapist(hours="9:00-10:00"), make_therapist("ben", hours="10:30-11:45")

    assert nearest(ana, at("9:40")) == [
        ("ana-ruiz", at("9:00")),
        ("ana-ruiz", at("9:15")),
        ("ben", at("10:30")),
    ]
    assert nearest(ben, at("11:15")) == [
        ("ben", at("10:30")),
        ("ben", at("10:45")),
        ("ben", at("11:00")),
    ]


def test_nearest_holds_each_start_once_with_the_same_therapist_first():
    make_therapist("ana", hours="9:00-10:00")
    ben = make_therapist("ben", hours="9:00-10:00")
    make_therapist("cy", hours="9:00-10:00")

    assert nearest(ben, at("9:00"))[:2] == [("ben", at("9:00")), ("ben", at("9:15"))]


def test_nearest_gives_another_therapist_at_the_same_time():
    ana = make_therapist(hours="9:00-10:00")
    make_therapist("ben", hours="9:00-10:00")
    book(ana, at("9:00"))

    assert nearest(ana, at("9:00"))[:2] == [("ben", at("9:00")), ("ben", at("9:15"))]


def test_nearest_prefers_the_idle_among_the_others():
    ana = make_therapist(hours="9:00-9:45")
    for slug in ("ben", "cy"):
        make_therapist(slug, hours="9:00-9:45 13:00-13:45")
    for who in [ana, type(ana).objects.get(slug="ben")]:
        visit(who, at("9:00") if who == ana else at("13:00")).save()

    assert nearest(ana, at("9:00"))[0] == ("cy", at("9:00"))


def test_nearest_looks_after_the_wanted_time_where_days_before_hold_enough():
    ana = make_therapist(hours="9:00-10:30")
    friday = MONDAY + timedelta(days=11)
    every_start = make_visit_type(fills_day=False)
    slots = free_times.nearest_slots(every_start, ana, at("9:00", friday), NOW)

    assert [slot.starts_at for slot in slots] == [
        at(wall, friday) for wall in ("9:00", "9:15", "9:30")
    ]


def test_nearest_looks_at_the_whole_horizon_where_there_is_little():
    ana = make_therapist(hours="9:00-9:45")
    last = at("0:00", MONDAY + timedelta(days=40))
    Closure.objects.create(name="Repairs", starts_at=at("0:00"), ends_at=last)

    found = nearest(ana, at("9:00"))

    assert [start for _slug, start in found] == [
        at("9:00", MONDAY + timedelta(days=day)) for day in (42, 43, 44)
    ]


def test_nearest_is_exact_at_the_edge_of_where_it_looks_first():
    thursday = date(2026, 12, 10)
    ana = make_therapist(hours="")
    add_hours(ana, 3, "21:00-23:00")
    reopens = thursday + timedelta(days=21)
    Closure.objects.create(
        name="Repairs",
        starts_at=at("0:00", thursday + timedelta(days=1)),
        ends_at=at("0:00", reopens),
    )

    make_visit_type(fills_day=False)

    # Ten days and eleven hours before, ten days and twelve hours after.
    assert nearest(ana, at("9:00", thursday + timedelta(days=11))) == [
        ("ana-ruiz", at(wall, thursday)) for wall in ("21:45", "22:00", "22:15")
    ]


def test_nearest_outside_the_rules_is_the_nearest_inside():
    ana = make_therapist(hours="9:00-9:45")

    past = nearest(ana, NOW - timedelta(days=300))
    far = nearest(ana, NOW + timedelta(days=300))

    assert [start for _slug, start in past] == [
        at("9:00", MONDAY + timedelta(days=day)) for day in (0, 1, 2)
    ]
    last = date(2027, 1, 26)  # sixty days after NOW
    assert far[-1] == ("ana-ruiz", at("9:00", last))


def test_next_slots_pass_over_an_empty_week():
    make_therapist(hours="9:00-10:00")
    end = at("0:00", MONDAY + timedelta(days=7))
    Closure.objects.create(name="Repairs", starts_at=at("0:00"), ends_at=end)

    found = free_times.next_slots(make_visit_type(), NOW)

    assert [slot.starts_at for slot in found] == [
        at(wall, MONDAY + timedelta(days=day))
        for day, wall in [(7, "9:00"), (7, "9:15"), (8, "9:00")]
    ]


@pytest.mark.parametrize("closed_days", range(5, 12))
def test_next_times_are_found_on_whichever_day_they_begin(closed_days, django_assert_num_queries):
    """The first eleven days are read first: to the seventh after MONDAY."""
    make_therapist(hours="9:00-9:45")
    ben = make_therapist("ben", hours="")
    visit_type, opens = make_visit_type(), MONDAY + timedelta(days=closed_days)
    for day in range(7):
        add_hours(ben, day, "10:00-10:45")
    Closure.objects.create(name="Repairs", starts_at=NOW, ends_at=at("0:00", opens))

    starts = [
        (slot.therapist, slot.starts_at) for slot in offered(opens, opens + timedelta(days=5))
    ]
    soonest = free_times.next_slots(visit_type, NOW)
    assert [(slot.therapist, slot.starts_at) for slot in soonest] == starts[:3]
    with django_assert_num_queries(3 if closed_days < 6 else 4):
        free_times.next_slots(visit_type, NOW)


@pytest.mark.parametrize("therapists", [1, 3, 20])
def test_calendars_are_read_in_three_queries(therapists, django_assert_num_queries):
    for number in range(therapists):
        therapist = make_therapist(f"therapist-{number}", hours="9:00-9:45 10:00-10:45")
        visit(therapist, at("9:00")).save()
    Closure.objects.create(name="Snow", starts_at=at("0:00", SUNDAY), ends_at=at("0:00"))
    visit_type = make_visit_type()

    with django_assert_num_queries(3):
        found = offered(MONDAY, MONDAY + timedelta(days=60), visit_type)
    with django_assert_num_queries(3):
        free_times.next_slots(visit_type, NOW)
    with django_assert_num_queries(3):
        free_times.nearest_slots(visit_type, therapist, at("9:00"), NOW)

    assert len(found) == therapists * (45 * 2 - 1)


def test_calendars_of_nobody_are_read_in_one_query(django_assert_num_queries):
    visit_type = make_visit_type()
    with django_assert_num_queries(1):
        assert offered(MONDAY, TUESDAY, visit_type) == []
