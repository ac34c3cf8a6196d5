"""`/book/`: bookable times, soonest first."""

import re
from datetime import timedelta

import pytest

from booking.models import Closure, OnlineBooking, TimeOff
from tests.builders import MONDAY, at, book, make_therapist, make_visit_type

LINK = re.compile(r'<a href="(/book/[\w-]+/\d{8}T\d{4}Z/[^"]*)"')


def links(page):
    return LINK.findall(page.content.decode())


def headings(page):
    return re.findall(r'<h2 id="day-\d+">([^<]+)</h2>', page.content.decode())


def test_seven_days_soonest_first(client, ana):
    page = client.get("/book/")

    assert page.status_code == 200
    assert headings(page) == [
        "Friday, November 27",
        "Monday, November 30",
        "Tuesday, December 1",
        "Wednesday, December 2",
        "Thursday, December 3",
    ]
    assert links(page)[0] == "/book/ana-ruiz/20261127T1900Z/"  # 2 p.m.: two hours' notice
    assert links(page) == sorted(links(page))
    assert page["Cache-Control"] == "private, no-cache"
    assert page.cookies == {}


def test_every_link_names_weekday_date_time_and_therapist(client, ana):
    html = client.get("/book/").content.decode()
    first = re.search(r'<li><a href="/book/ana-ruiz/20261130T1430Z/">(.*?)</a>', html, re.DOTALL)[1]

    assert re.sub(r"<[^>]+>", " ", first).split() == (
        ["Monday,", "November", "30,", "9:30", "a.m.", "with", "Ana", "Ruiz"]
    )


def test_one_link_per_start_goes_to_whom_has_fewest_visits(client, ana):
    make_therapist("ben-cole")
    book(ana, at("14:00"))
    monday = [link for link in links(client.get("/book/?from=2026-11-30")) if "20261130" in link]

    assert len(monday) == len({link.split("/")[3] for link in monday})
    assert {link.split("/")[2] for link in monday} == {"ben-cole"}


def test_a_chosen_therapist_is_the_only_one(client, ana):
    make_therapist("ben-cole")
    found = links(client.get("/book/?therapist=ben-cole"))

    assert {link.split("/")[2] for link in found} == {"ben-cole"}


def test_an_unknown_therapist_is_said_and_everyone_shown(client, ana):
    page = client.get("/book/?therapist=nobody")

    assert "We could not find that therapist" in page.content.decode()
    assert links(page) != []


def test_an_empty_week_jumps_to_the_next_free_one(client, ana):
    TimeOff.objects.create(
        therapist=ana, starts_at=at("0:00") - timedelta(days=5), ends_at=at("0:00") + timedelta(20)
    )
    assert headings(client.get("/book/"))[0] == "Monday, December 21"


def test_later_and_earlier_dates_keep_the_choices(client, ana):
    html = client.get("/book/?therapist=ana-ruiz&from=2026-12-05").content.decode()

    assert 'rel="prev" href="/book/?therapist=ana-ruiz&amp;from=2026-11-28"' in html
    assert 'rel="next" href="/book/?therapist=ana-ruiz&amp;from=2026-12-12"' in html


@pytest.mark.parametrize("first", ["", "yesterday", "2026-13-01", "2020-01-01", "0001-01-01"])
def test_a_day_that_cannot_be_shown_means_today(client, ana, first):
    assert headings(client.get("/book/", {"from": first}))[0] == "Friday, November 27"


def test_a_day_past_the_horizon_shows_its_end(client, ana):
    page = client.get("/book/?from=9999-12-31")

    assert page.status_code == 200
    assert headings(page) == ["Tuesday, January 26"]


@pytest.mark.parametrize("pause", ["clinic", "therapist", "closure"])
def test_without_times_the_telephone_is_offered(client, ana, pause):
    if pause == "clinic":
        OnlineBooking.objects.create(pk=1, paused=True)
    elif pause == "therapist":
        ana.online_booking = False
        ana.save()
    else:
        Closure.objects.create(
            name="Moving", starts_at=at("0:00") - timedelta(9), ends_at=at("0:00") + timedelta(99)
        )
    page = client.get("/book/")

    assert (page.status_code, links(page)) == (200, [])
    assert "No free times online" in page.content.decode()
    assert "Call (212) 555-0143" in page.content.decode()


def test_before_anything_can_be_booked_the_telephone_is_offered(client, db):
    page = client.get("/book/")

    assert page.status_code == 200
    assert "Call (212) 555-0143" in page.content.decode()


@pytest.mark.parametrize("visit", ["follow-up", "no-such", "a b"])
def test_a_visit_type_that_is_not_offered_is_left_out_and_said(client, ana, visit):
    make_visit_type("follow-up", online=False)
    page = client.get("/book/", {"visit": visit})

    assert page.status_code == 200
    assert "Your choice of visit is not on our list. We left it out." in page.content.decode()
    assert links(page) == links(client.get("/book/"))


@pytest.mark.parametrize("query", ["for=a b", "therapist=a b"])
def test_a_choice_that_is_no_name_finds_nothing(client, ana, query):
    assert client.get(f"/book/?{query}").status_code == 200
    assert client.get(f"/book/ana-ruiz/20261130T1430Z/?{query}").status_code == 200


def test_monday_has_morning_and_afternoon(client, ana):
    html = client.get(f"/book/?from={MONDAY}").content.decode()
    monday = html.split('aria-labelledby="day-20261130"')[1].split("</section>")[0]

    assert re.findall(r"<h3>(\w+)</h3>", monday) == ["Morning", "Afternoon"]
