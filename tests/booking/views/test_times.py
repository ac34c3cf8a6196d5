"""`/book/`: the bookable times of one day, soonest first, and the days of a week."""

import re
from datetime import timedelta

import pytest

from booking.models import Closure, OnlineBooking, TimeOff
from booking.views.filters import short_name
from tests.builders import MONDAY, add_hours, at, book, make_therapist, make_visit_type
from tests.reading import tight

LINK = re.compile(r'<a href="(/book/[\w-]+/\d{8}T\d{4}Z/[^"]*)"')


def links(page):
    """Where the times of the day lead, without the foretaste of the next."""
    shown = re.search(r'<section class="day" id="times".*?</section>', page.content.decode(), re.S)
    return LINK.findall(shown[0]) if shown else []


def strip(page):
    """Each link of the strip of days: where it leads, and its words."""
    days = re.search(r'<ul class="days">.*?</ul>', page.content.decode(), re.DOTALL)[0]
    found = re.findall(r'href="([^"]*)"[^>]*>(.*?)</a>', days, re.DOTALL)
    return [(address, " ".join(re.sub("<[^>]+>", " ", words).split())) for address, words in found]


def headings(page):
    return re.findall(r'<h2 id="day-\d+">([^<]+)</h2>', page.content.decode())


def test_the_next_free_day_is_shown_soonest_first(client, ana):
    page = client.get("/book/")

    assert page.status_code == 200
    assert headings(page) == ["Today, Friday, November 27", "Monday, November 30"]
    assert links(page)[0] == "/book/ana-ruiz/20261127T1900Z/"  # 2 p.m.: two hours' notice
    assert links(page) == sorted(links(page))
    assert {link.split("/")[3][:8] for link in links(page)} == {"20261127"}
    assert page["Cache-Control"] == "private, no-cache"
    assert page.cookies == {}


def test_seven_days_stand_in_a_strip_with_how_many_times_each_has(client, ana):
    days = {
        "2026-11-27": "Today Nov 27",
        "2026-11-30": "Mon Nov 30",
        "2026-12-01": "Tue Dec 1",
        "2026-12-02": "Wed Dec 2",
        "2026-12-03": "Thu Dec 3",
    }
    found = {day: links(client.get(f"/book/?from={day}")) for day in days}

    assert strip(client.get("/book/")) == [
        *((f"/book/?from={day}", f"{name} {len(found[day])} times") for day, name in days.items()),
        ("/book/?from=2026-12-04", "Later dates"),
    ]


@pytest.mark.parametrize("asked", ["2026-12-01", "2026-12-02"])
def test_a_day_of_the_strip_shows_its_own_times_beside_the_same_days(client, ana, asked):
    page = client.get(f"/book/?from={asked}")

    assert {link.split("/")[3][:8] for link in links(page)} == {asked.replace("-", "")}
    assert strip(page) == strip(client.get("/book/"))
    assert f'href="/book/?from={asked}" aria-current="date"' in page.content.decode()


def test_near_days_are_called_today_and_tomorrow(client, ana):
    add_hours(ana, 5, "9:00-9:45")
    page = client.get("/book/")

    assert headings(page)[1] == "Tomorrow, Saturday, November 28"
    assert strip(page)[1] == ("/book/?from=2026-11-28", "Tomorrow Nov 28 1 time")
    assert "The one time on Saturday, November 28" in page.content.decode()


def test_the_first_times_of_the_next_free_day_lead_on(client, ana):
    html = client.get("/book/").content.decode()
    following = html.split('aria-labelledby="day-20261130"')[1].split("</section>")[0]

    monday = links(client.get("/book/?from=2026-11-30"))

    assert LINK.findall(following) == [link.split("?")[0] for link in monday[:2]]
    assert 'href="/book/?from=2026-11-30"' in following
    assert f"All {len(monday)} times on Monday, November 30" in following


@pytest.mark.parametrize(("query", "said"), [("", 1), ("?from=2026-11-30", 0)])
def test_the_soonest_time_of_all_says_so(client, ana, query, said):
    assert client.get(f"/book/{query}").content.decode().count("<em>Soonest</em>") == said


def test_a_link_names_what_its_headings_do_not(client, ana):
    html = client.get("/book/?from=2026-11-30").content.decode()
    found = re.search(r'<a href="/book/ana-ruiz/20261130T1445Z/[^"]*">(.*?)</a>', html, re.DOTALL)

    assert re.sub(
        r"<svg.*?</svg>|<span class=\"monogram.*?</span>|<[^>]+>", " ", found[1]
    ).split() == (["9:45", "a.m.", "with", "Ana", "Ruiz"])


def test_one_link_per_start_goes_to_whom_has_fewest_visits(client, ana):
    make_therapist("ben-cole")
    book(ana, at("14:00"))
    monday = links(client.get("/book/?from=2026-11-30"))

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


def test_therapists_stand_as_links_that_keep_the_day(client, ana):
    make_therapist("ben-cole")
    html = client.get("/book/?therapist=ben-cole&from=2026-11-30").content.decode()
    chips = re.search(r'<ul class="chips">.*?</ul>', html, re.DOTALL)[0]

    assert re.findall(r'href="([^"]*)"( aria-current="true")?', chips) == [
        ("/book/?from=2026-11-30", ""),
        ("/book/?therapist=ana-ruiz&amp;from=2026-11-30", ""),
        ("/book/?therapist=ben-cole&amp;from=2026-11-30", ' aria-current="true"'),
    ]


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["Ana Ruiz", "Ben Cole"], ["Ana", "Ben"]),
        (["Ana Ruiz", "Ana Cole"], ["Ana Ruiz", "Ana Cole"]),
        (["Dr. Ruiz", "Prince"], ["Dr. Ruiz", "Prince"]),
    ],
)
def test_a_therapist_is_called_by_a_first_name_that_nobody_shares(names, short):
    assert [short_name(name, names) for name in names] == short


def test_an_empty_week_jumps_to_the_next_free_one(client, ana):
    TimeOff.objects.create(
        therapist=ana, starts_at=at("0:00") - timedelta(days=5), ends_at=at("0:00") + timedelta(20)
    )
    page = client.get("/book/")

    assert headings(page)[0] == "Monday, December 21"
    assert "The next free day is Monday, December 21." in tight(page.content.decode())


def test_a_weekday_that_is_over_in_the_week_asked_for_is_shown_in_the_next(client, ana):
    page = client.get("/book/?day=monday&from=2026-12-02")
    html = page.content.decode()

    assert headings(page) == ["Monday, December 7"]
    assert ("The next is on" in html, "Soonest" in html) == (False, False)
    assert 'rel="prev" href="/book/?day=monday&amp;from=2026-11-27"' in html


def test_where_no_day_comes_after_the_one_before_is_shown(client, ana):
    page = client.get("/book/?day=monday&from=2027-01-26")

    assert headings(page) == ["Monday, January 25"]


def test_later_and_earlier_dates_keep_the_choices(client, ana):
    html = client.get("/book/?therapist=ana-ruiz&from=2026-12-05").content.decode()

    assert 'rel="prev" href="/book/?therapist=ana-ruiz&amp;from=2026-11-27"' in html
    assert 'rel="next" href="/book/?therapist=ana-ruiz&amp;from=2026-12-11"' in html


@pytest.mark.parametrize("first", ["", "yesterday", "2026-13-01", "2020-01-01", "0001-01-01"])
def test_a_day_that_cannot_be_shown_means_today(client, ana, first):
    assert headings(client.get("/book/", {"from": first}))[0] == "Today, Friday, November 27"


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
