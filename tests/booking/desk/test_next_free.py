"""Next free: the soonest time, and a glance over weeks."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from booking.models import Appointment, TimeOff
from booking.visits import changes
from tests.booking.desk.pages import ADD, typed
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
)
from tests.reading import texts

NEXT = reverse("desk:next_free")


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist(hours="9:00-9:45 13:00-13:45")


def said(slot):
    return f"{slot.starts_at.astimezone(NEW_YORK):%a %m-%d %H:%M} {slot.therapist.slug}"


def glance(client, **asked):
    """The soonest time, and the first time of each day that has one."""
    found = client.get(NEXT, asked).context["glance"]
    firsts = [said(day.slots[0]) for week in found.weeks for day in week.days if day.slots]
    return found.soonest and said(found.soonest), firsts


def test_the_soonest_stands_on_top_and_leads_to_the_form(desk, ana):
    response = desk.get(NEXT)

    assert texts(response, "glance-soonest") == [
        "Soonest: Friday, November 27, 1 p.m. with Ana Ruiz"
    ]
    link = f'{ADD}?therapist=ana-ruiz&amp;start=20261127T1800Z&amp;visit=initial-consultation"'
    assert link in response.content.decode()


def test_it_looks_four_weeks_ahead_week_by_week(desk, ana):
    weeks = desk.get(NEXT).context["glance"].weeks

    assert [week.monday for week in weeks] == [
        date(2026, 11, 23) + timedelta(days=7 * number) for number in range(5)
    ]
    assert [len(week.days) for week in weeks] == [1, 5, 5, 5, 4]
    assert [week.days[-1].day for week in weeks][-1] == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("weeks", "last"),
    [("1", date(2026, 12, 3)), ("9", date(2027, 1, 28)), ("53", date(2027, 1, 28))],
)
def test_it_looks_as_far_as_the_horizon(desk, ana, weeks, last):
    found = desk.get(NEXT, {"weeks": weeks}).context["glance"].weeks

    assert found[-1].days[-1].day == last


def test_a_day_shows_its_first_times_and_how_many_more(desk, ana):
    add_hours(ana, 0, "14:00-20:00")
    response = desk.get(NEXT)
    monday = response.context["glance"].weeks[1].days[0]

    assert [said(slot)[10:15] for slot in monday.slots] == ["09:00", "13:00", "14:00", "14:45"]
    assert texts(response, "glance-day")[1] == (
        f"Mon, Nov 30 9 a.m. Ana Ruiz 1 p.m. Ana Ruiz 2 p.m. Ana Ruiz 2:45 p.m. Ana Ruiz"
        f" {monday.more} more on Nov 30"
    )


def test_a_day_without_a_time_says_so(desk, ana):
    TimeOff.objects.create(therapist=ana, starts_at=at("6:00"), ends_at=at("20:00"))

    assert texts(desk.get(NEXT), "glance-day")[1] == "Mon, Nov 30 Nothing free"


CHOICES = {
    "a therapist": ({"therapist": "ben-cole"}, "Mon 11-30 10:00 ben-cole"),
    "a part of the day": ({"part": "morning"}, "Mon 11-30 09:00 ana-ruiz"),
    "a weekday": ({"weekday": "2"}, "Wed 12-02 09:00 ana-ruiz"),
    "weekdays": ({"weekday": ["3", "1"]}, "Tue 12-01 09:00 ana-ruiz"),
    "a place": ({"place": "oak-avenue"}, "Wed 12-02 18:00 ana-ruiz"),
    "all of it": (
        {"therapist": "ana-ruiz", "part": "evening", "weekday": "2", "place": "oak-avenue"},
        "Wed 12-02 18:00 ana-ruiz",
    ),
    "a longer visit": ({"visit": "long"}, "Wed 12-02 18:00 ana-ruiz"),
}


@pytest.mark.parametrize(("asked", "soonest"), CHOICES.values(), ids=CHOICES)
def test_it_narrows_by(desk, ana, asked, soonest):
    make_visit_type("long", name="Long", minutes=90)
    make_therapist("ben-cole", hours="10:00-10:45")
    add_hours(ana, 2, "18:00-19:30", make_location("oak-avenue", name="Oak Avenue"))

    assert glance(desk, **asked)[0] == soonest


def test_a_place_is_no_choice_where_there_is_one(desk, ana):
    assert "place" not in desk.get(NEXT).context["form"].fields


def test_nothing_free_leads_farther(desk, ana):
    TimeOff.objects.create(therapist=ana, starts_at=NOW, ends_at=NOW + timedelta(days=40))
    response = desk.get(NEXT, {"part": "morning"})

    assert (glance(desk), response.context["longest"]) == ((None, []), 9)
    assert 'form="glance-form" name="weeks" value="9"' in response.content.decode()
    assert "Nothing is free in these 4 weeks." in " ".join(texts(response, "p"))
    assert glance(desk, part="morning", weeks="9")[0] == "Thu 01-07 09:00 ana-ruiz"


@pytest.mark.parametrize(
    "asked",
    [
        {"visit": "none", "therapist": "nobody", "place": "nowhere"},
        {"visit": "-", "therapist": "-", "part": "-", "weekday": "Monday"},
        {"weeks": "0"},
        {"weeks": "x"},
        {"weekday": ["7", "-1"]},
        {"part": "night"},
        {"moving": "x", "again": "y"},
        {"moving": "9" * 30},
    ],
)
def test_what_cannot_be_understood_is_not_asked_for(desk, ana, asked):
    assert glance(desk, **asked)[0] == "Fri 11-27 13:00 ana-ruiz"


def test_without_a_visit_type_nothing_is_free(desk):
    assert glance(desk) == (None, [])


SEARCH, TIMES = 'id="glance-form"', 'class="glance"'


def hidden(response, form):
    """What a form of the page sends without being touched."""
    page = response.content.decode().partition(form)[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_what_was_typed_for_a_caller_goes_along_and_comes_back(desk, ana):
    make_therapist("ben-cole", hours="10:00-10:45")
    sent = typed(name="Omar “O” Haddad", therapist="ben-cole", day="", time="")
    first = desk.post(NEXT, sent)
    assert said(first.context["glance"].soonest) == "Mon 11-30 10:00 ben-cole"
    search = hidden(first, SEARCH)
    assert {name for name in search if "typed-" not in name} == {"csrfmiddlewaretoken"}

    again = desk.post(NEXT, search | {"part": "morning", "weekday": "2", "therapist": ""})
    slot = again.context["glance"].soonest
    back = desk.post(ADD, hidden(again, TIMES) | {"slot": f"{slot.therapist.slug}:{slot.code}"})
    form = back.context["form"]

    kept = {name: form[name].value() for name in ("name", "phone", "reason", "note", "key")}
    assert kept == {name: sent[name] for name in kept}
    assert [form[name].value() for name in ("therapist", "day", "time")] == [
        "ana-ruiz",
        "2026-12-02",
        "09:00",
    ]
    assert (form.errors, Appointment.objects.count()) == ({}, 0)


def test_a_whole_day_of_the_glance_comes_back_to_the_form(desk, ana):
    add_hours(ana, 0, "14:00-20:00")
    page = desk.post(NEXT, typed(day="", time=""))
    assert '<button class="glance-more" name="day" value="2026-11-30">' in page.content.decode()
    back = desk.post(ADD, hidden(page, TIMES) | {"day": "2026-11-30"})

    assert back.context["form"]["name"].value() == "Omar Haddad"
    assert back.context["beside"][0].title == "Monday, November 30"


def test_a_visit_that_moves_keeps_its_length_and_one_click_moves_it(desk, ana):
    visit = book(ana, at("9:00"))
    make_visit_type().__class__.objects.update(minutes=90)
    response = desk.get(NEXT, {"moving": visit.pk, "weekday": "0"})
    address = reverse("admin:booking_appointment_move", args=[visit.pk])

    assert f'action="{address}"' in response.content.decode()
    assert said(response.context["glance"].soonest) == "Mon 11-30 09:00 ana-ruiz"  # its own
    desk.post(address, {"sequence": visit.sequence, "slot": "ana-ruiz:20261207T1400Z"})
    visit.refresh_from_db()
    assert visit.starts_at == at("9:00", MONDAY + timedelta(days=7))


def test_a_visit_that_cannot_move_is_not_asked_about(desk, ana):
    visit = book(ana, at("9:00"))
    changes.cancel_by_desk(appointment=visit, now=NOW)

    assert desk.get(NEXT, {"moving": visit.pk}).context["moving"] is None


def test_the_board_the_form_and_the_move_page_lead_there(desk, ana):
    visit = book(ana, at("9:00"))
    pages = [reverse("desk:day"), ADD, reverse("admin:booking_appointment_move", args=[visit.pk])]

    ways = [f'href="{NEXT}?', f'formaction="{NEXT}"', f'href="{NEXT}?']
    found = [way in desk.get(page).content.decode() for page, way in zip(pages, ways, strict=True)]
    assert found == [True] * 3


@pytest.mark.parametrize("therapists", [1, 3])
def test_it_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, therapists):
    make_visit_type()
    for number in range(therapists):
        book(make_therapist(f"therapist-{number}"), at("9:00"))
    with django_assert_num_queries(15):
        desk.get(NEXT)


def test_looking_writes_nothing(desk, ana):
    visit = book(ana, at("9:00"))
    before = list(Appointment.objects.values())
    desk.get(NEXT, {"moving": visit.pk})

    assert list(Appointment.objects.values()) == before
