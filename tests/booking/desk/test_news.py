"""What patients changed themselves is news on the desk's pages, for each until marked as seen."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.desk import news
from booking.earlier import offers
from booking.models import Appointment, Look, PatientChange, Therapist, TimeOffer
from booking.visits import changes, staff_changes, undoing
from tests.booking.desk.pages import panel
from tests.builders import MONDAY, NOW, at, book, make_therapist, wait
from tests.reading import said, texts

FRONT = reverse("admin:index")
DAY = reverse("desk:day") + "?date=2026-11-30"
SEEN = reverse("admin:booking_appointment_seen")
WAS = "Was Mon, Nov 30, 9:30 a.m. with Ana Ruiz."
CANCELLED = f"Rosa Marquez {WAS} Now cancelled. Changed Fri, Nov 27, noon"
SECOND = timedelta(seconds=1)


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def cancel(visit, now=NOW):
    return changes.cancel_by_patient(appointment=visit, now=now)


def move(visit, starts_at, therapist=None):
    return changes.move_by_patient(
        appointment=visit, therapist=therapist or visit.therapist, starts_at=starts_at, now=NOW
    )


def listed(client, page=FRONT):
    return texts(client.get(page), "desk-change")


def keys(client, page=FRONT):
    """Which changes the page's button names."""
    return re.findall(r'name="change" value="(\d+)"', client.get(page).content.decode())


def press(client, shown, page=FRONT):
    return client.post(SEEN, {"change": shown}, headers={"referer": f"http://127.0.0.1{page}"})


def test_a_cancellation_is_listed_and_marked_until_it_was_seen(desk, visit):
    assert texts(desk.get(FRONT), "desk-seen") == []
    cancel(visit)
    day = desk.get(DAY, {"date": "2026-11-30", "open": visit.pk})
    whole = (
        "1 visit was changed by its patient since you last looked."
        f" {CANCELLED} I have seen these changes"
    )
    assert texts(desk.get(FRONT), "desk-seen") == texts(day, "desk-seen") == [whole]
    marked = [f"Changed by the patient since you last looked. {WAS}"]
    assert texts(day, "desk-changed") == marked

    assert press(desk, keys(desk), DAY).url == DAY
    day = desk.get(DAY)
    assert (listed(desk), texts(day, "desk-change"), texts(day, "desk-changed")) == ([], [], [])
    assert said(day) == ["Marked as seen."]


def test_a_move_says_what_was_and_what_is(desk, visit):
    move(visit, at("14:00", MONDAY + timedelta(days=1)), make_therapist("ben-cole"))

    now = "Now Tue, Dec 1, 2 p.m. with Ben Cole."
    assert listed(desk) == [f"Rosa Marquez {WAS} {now} Changed Fri, Nov 27, noon"]
    assert texts(panel(desk, visit), "desk-changed") == [
        f"Changed by the patient since you last looked. {WAS}"
    ]


def test_a_sooner_time_that_was_offered_and_taken_is_news(desk):
    visit = book(make_therapist(hours="9:00-9:45"), at("9:00", MONDAY + timedelta(days=3)))
    wait(visit)
    offers.look(NOW)
    offers.claim(offer=TimeOffer.objects.get(), now=NOW)

    assert listed(desk) == [
        "Rosa Marquez Was Thu, Dec 3, 9 a.m. with Ana Ruiz."
        " Now Mon, Nov 30, 9 a.m. with Ana Ruiz. Changed Fri, Nov 27, noon"
    ]


def test_several_changes_of_a_visit_are_one_line_from_where_it_was_last_seen(desk, visit):
    move(visit, at("11:00"))
    assert len(keys(desk)) == 1
    press(desk, keys(desk))
    move(visit, at("14:00"))
    cancel(visit)
    undoing.undo_cancel(appointment=visit, now=NOW)

    was, now = "Was Mon, Nov 30, 11 a.m. with Ana Ruiz.", "Now Mon, Nov 30, 2 p.m. with Ana Ruiz."
    assert listed(desk) == [f"Rosa Marquez {was} {now} Changed Fri, Nov 27, noon"]
    press(desk, keys(desk))
    assert listed(desk) == []


def test_what_the_desk_does_itself_is_no_news(desk, visit):
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW
    )
    changes.cancel_by_desk(appointment=visit, now=NOW)

    assert listed(desk) == []


def test_each_marks_as_seen_for_themselves(desk, sign_in, visit):
    manager = sign_in("Manager")
    cancel(visit)
    for _twice in range(2):
        press(desk, keys(manager))

    assert (listed(desk), listed(manager)) == ([], [CANCELLED])


@pytest.mark.parametrize("earlier", [SECOND, -SECOND])
def test_a_change_between_the_page_and_the_press_is_not_lost(desk, visit, earlier):
    """One, too, that began before the page was read and is written after it."""
    cancel(book(visit.therapist, at("14:00")))
    shown = keys(desk)
    cancel(visit, NOW - earlier)
    press(desk, shown)

    assert [line.partition(" Changed")[0] for line in listed(desk)] == [
        f"Rosa Marquez {WAS} Now cancelled."
    ]


def test_a_get_marks_nothing(desk, visit):
    cancel(visit)

    assert desk.get(SEEN, {"change": keys(desk)}).status_code == 405
    assert listed(desk) == [CANCELLED]


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "1\x00", "٣"])
def test_rubbish_marks_nothing(desk, visit, typed):
    cancel(visit)

    assert press(desk, [typed]).status_code == 302
    assert listed(desk) == [CANCELLED]


def test_a_therapist_is_told_of_their_own_visits_and_marks_no_other(sign_in, visit):
    ben = make_therapist("ben-cole")
    cancel(book(ben, at("11:00")))
    cancel(visit)
    client, manager = sign_in("Therapist", therapist=visit.therapist), sign_in("Manager")
    assert listed(client) == [CANCELLED]

    press(client, keys(manager))
    Therapist.objects.update(user=None)
    ben.user = User.objects.get(username__startswith="therapist")
    ben.save()
    assert len(listed(client)) == 1


@pytest.mark.parametrize(("ago", "told"), [(timedelta(days=1), 1), (timedelta(days=1) + SECOND, 0)])
def test_a_new_user_begins_a_day_before_they_came(sign_in, visit, ago, told):
    cancel(visit)
    client = sign_in("Front desk")
    User.objects.update(date_joined=NOW + ago)

    assert len(listed(client)) == told


def test_what_nobody_has_seen_stays_news_however_old(desk, visit):
    User.objects.update(date_joined=NOW - timedelta(days=400))
    cancel(visit)
    PatientChange.objects.update(made_at=NOW - timedelta(days=399))

    assert [line.partition(" Changed")[0] for line in listed(desk)] == [
        f"Rosa Marquez {WAS} Now cancelled."
    ]
    press(desk, keys(desk))
    assert listed(desk) == []


def test_a_move_to_a_colleague_is_news_to_both_and_one_of_them_may_open_it(sign_in, visit):
    ben = make_therapist("ben-cole")
    ana_s = sign_in("Therapist", therapist=visit.therapist)
    ben_s = sign_in("Therapist", therapist=ben)
    move(visit, at("11:00"), ben)
    line = f"Rosa Marquez {WAS} Now Mon, Nov 30, 11 a.m. with Ben Cole. Changed Fri, Nov 27, noon"
    page = reverse("admin:booking_appointment_change", args=[visit.pk])

    for client, opens in ((ana_s, False), (ben_s, True)):
        assert listed(client) == [line]
        assert (page in client.get(FRONT).content.decode()) == opens
        assert client.get(page).status_code == (200 if opens else 302)
    press(ana_s, keys(ana_s))
    assert (listed(ana_s), listed(ben_s)) == ([], [line])


def test_of_more_than_fit_the_older_follow_once_the_newest_were_seen(desk, visit):
    cancel(visit, NOW - SECOND)
    other = {"appointment": book(visit.therapist, at("14:00")), "was_starts_at": at("13:00")}
    rows = [PatientChange(made_at=NOW, **other) for _one in range(news.MOST)]
    PatientChange.objects.bulk_create(rows)

    assert listed(desk) == [
        "Rosa Marquez Was Mon, Nov 30, 1 p.m. with somebody who left."
        " Now Mon, Nov 30, 2 p.m. with Ana Ruiz. Changed Fri, Nov 27, noon"
    ]
    press(desk, keys(desk))
    assert listed(desk) == [CANCELLED.replace("noon", "11:59 a.m.")]


def test_what_was_seen_goes_with_the_user_and_with_the_visit(desk, sign_in, visit):
    cancel(visit)
    press(desk, keys(desk))
    User.objects.all().delete()
    assert PatientChange.seen_by.through.objects.count() == 0

    desk = sign_in("Front desk")
    press(desk, keys(desk))
    Appointment.objects.all().delete()
    assert (PatientChange.objects.count(), PatientChange.seen_by.through.objects.count()) == (0, 0)


@pytest.mark.parametrize("page", [FRONT, DAY])
def test_any_number_of_changes_is_read_in_one_query(desk, visit, page):
    taken = []
    for wall in ("11:00", "13:00", "15:00"):
        cancel(book(visit.therapist, at(wall)))
        with CaptureQueriesContext(connection) as queries:
            desk.get(page)
        taken.append(len(queries))

    assert taken == [taken[0]] * 3


@pytest.mark.parametrize("page", [FRONT, reverse("desk:day") + "?date=2027-03-01"])
def test_who_reads_the_news_has_looked_at_those_whom_it_names(desk, visit, page):
    desk.get(page)
    before = Look.objects.filter(kind=Look.Kind.VISIT).count()
    cancel(visit)
    desk.get(page)

    looked = Look.objects.filter(kind=Look.Kind.VISIT).values_list("key", flat=True)
    assert (before, list(looked)) == (0, [visit.pk])
