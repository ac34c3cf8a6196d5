"""`/book/` narrowed: by therapist, day, part of the day, place and visit; not by condition."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.timezone import localtime

from booking.calendars import instants
from booking.models import Closure, Location, Therapist, TimeOff
from booking.visits import tokens
from conditions.models import Condition
from tests.builders import (
    MONDAY,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import tight

LINK = re.compile(r'<li><a href="/book/([\w-]+)/(\d{8}T\d{4}Z)/([^"]*)"')
SELECT = re.compile(r'<select id="id_\w+" name="(\w+)">(.*?)</select>', re.DOTALL)


@pytest.fixture
def clinic(ana):
    """Ana by day at Willow Street; Ben in the evening at Oak Avenue, on Mondays and Saturdays."""
    oak = make_location("oak-avenue", name="Oak Avenue")
    ben = make_therapist("ben-cole", hours="")
    add_hours(ben, 0, "15:00-20:00", oak)
    add_hours(ben, 5, "9:00-11:00", oak)
    for slug, title in [("back-pain", "Back pain"), ("sciatica", "Sciatica")]:
        Condition.objects.create(slug=slug, title=title, state="example")
    return ana, ben


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True  # conditions are shipped as examples


def read(client, **asked):
    return client.get("/book/", asked).content.decode()


def offered(html):
    """Therapist, and start as the clinic's clock shows it, of each time."""
    return [
        (therapist, localtime(instants.parse(code)).strftime("%a %H:%M"))
        for therapist, code, _query in LINK.findall(html)
    ]


def lists(html):
    """Names of the lists, with what each offers."""
    return {
        name: re.findall(r'<option value="([^"]*)"', options)
        for name, options in SELECT.findall(html)
    }


def test_a_list_for_each_thing_there_is_to_choose(client, clinic):
    make_visit_type("second-opinion", name="Second opinion", order=1)

    assert lists(read(client)) == {
        "day": ["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
        "part": ["", "morning", "afternoon", "evening"],
        "location": ["", "oak-avenue", "willow-street"],
        "visit": ["initial-consultation", "second-opinion"],
    }


def test_what_has_one_choice_is_not_asked(client, ana):
    make_location("closed-down", name="Closed down")
    for rule in ana.working_hours.exclude(weekday=0):
        rule.delete()
    ana.working_hours.filter(opens__gte="12:00").delete()

    html = read(client)

    assert lists(html) == {}
    assert "<select" not in html
    assert offered(html) != []


def test_parts_and_days_follow_the_hours_that_hold(client, ana):
    past = MONDAY - timedelta(days=30)
    add_hours(ana, 6, "18:00-20:00", valid_until=past)

    assert lists(read(client)) == {
        "day": ["", "monday", "tuesday", "wednesday", "thursday", "friday"],
        "part": ["", "morning", "afternoon"],
    }


@pytest.mark.parametrize(
    ("asked", "whom", "expected"),
    [
        ({"therapist": "ben-cole"}, {"ben-cole"}, {"Mon", "Sat"}),
        ({"day": "saturday"}, {"ben-cole"}, {"Sat"}),
        ({"part": "evening"}, {"ben-cole"}, {"Mon"}),
        ({"location": "oak-avenue"}, {"ben-cole"}, {"Mon", "Sat"}),
        ({"location": "willow-street", "day": "monday"}, {"ana-ruiz"}, {"Mon"}),
        ({"therapist": "ben-cole", "part": "morning"}, {"ben-cole"}, {"Sat"}),
    ],
)
def test_times_are_those_that_suit(client, clinic, asked, whom, expected):
    times = offered(read(client, **asked))

    assert ({therapist for therapist, _when in times}, {when[:3] for _who, when in times}) == (
        whom,
        expected,
    )


def times_of(client):
    saturday = tight(read(client, day="saturday"))
    return re.findall(r'<li><a href="/book/[^"]*"><span.*?</span><span>(.*?)</span>', saturday)


def test_a_time_names_its_place_where_there_are_several(client, clinic):
    _ana, ben = clinic
    add_hours(ben, 5, "13:00-13:45", make_location())
    words = times_of(client)

    ben.working_hours.filter(location__slug="oak-avenue").delete()
    with_one_place = times_of(client)
    assert [re.sub("<[^>]+>", " ", text) for text in (words[0], words[-1], with_one_place[0])] == [
        "9\N{NO-BREAK SPACE}a.m. with Ben Cole, Oak Avenue ",
        "1\N{NO-BREAK SPACE}p.m. with Ben Cole, Willow Street ",
        "1\N{NO-BREAK SPACE}p.m. with Ben Cole ",
    ]


@pytest.mark.parametrize(
    ("asked", "summary"),
    [
        ({}, "Filter: any day, any time, any place"),
        (
            {"day": "monday", "part": "evening", "for": "sciatica", "therapist": "nobody"},
            "Filter: Monday, Evening, any place",
        ),
    ],
)
def test_the_folded_filter_says_what_is_shown(client, clinic, asked, summary):
    html = read(client, **asked)

    assert re.search(r"<summary>(Filter.*?)</summary>", html)[1] == summary


MOVE = "/appointment/move/"


@pytest.fixture
def booked(client, clinic):
    """A visit with Ana on Monday morning, in the hands of whom it is for."""
    visit = book(clinic[0], at("9:00"))
    client.get(f"/m/{tokens.make(visit)}/")
    return visit


def test_a_visit_is_moved_by_the_same_filters(client, booked):
    make_visit_type("second-opinion", name="Second opinion", order=1)
    asked = {"location": "oak-avenue", "day": "monday", "from": "2026-11-28", "for": "sciatica"}
    html = client.get(MOVE, asked).content.decode()

    links = re.findall(r'<li><a href="/appointment/move/([^"#]*)&amp;to=([\w-]+)/(\w+)"', html)
    starts = [localtime(instants.parse(code)).strftime("%a %H:%M") for _kept, _who, code in links]
    kept = "?day=monday&amp;location=oak-avenue&amp;from=2026-11-28"
    assert lists(html) == {
        "day": ["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
        "part": ["", "morning", "afternoon", "evening"],
        "location": ["", "oak-avenue", "willow-street"],
    }
    assert {link[:2] for link in links} == {(kept, "ben-cole")}
    assert starts == [f"Mon {wall}" for wall in ["15:00", *FULL, "19:15"]]
    assert f'<form action="{MOVE}">' in html
    assert "Ben Cole, Oak Avenue" in html
    assert (
        f'rel="next" href="{MOVE}?day=monday&amp;location=oak-avenue&amp;from=2026-12-04"' in html
    )

    once_more = client.get(f"{MOVE}{kept.replace('&amp;', '&')}&to=ben-cole/20261130T2000Z")
    assert f'href="{MOVE}{kept}">Choose another time' in once_more.content.decode()


def test_a_move_that_nothing_suits_offers_telephone_list_and_all_times(client, booked, clinic):
    Closure.objects.create(name="Moving", starts_at=at("17:00"), ends_at=at("0:00") + timedelta(99))

    html = tight(client.get(MOVE, {"part": "evening"}).content.decode())
    assert "In the next weeks there is no free time like that." in html
    assert f'<a href="{MOVE}">See everyone\'s free times</a>' in html
    assert '<a class="button" href="tel:+12125550143">Call (212) 555-0143</a>' in html
    assert '<a class="button second" href="/appointment/earlier/">Tell me when' in html


def close_for_weeks():
    until = at("0:00") + timedelta(days=20)
    Closure.objects.create(name="Moving", starts_at=at("0:00") - timedelta(days=1), ends_at=until)


@pytest.mark.parametrize("rows", [1, 3])
def test_choosing_another_time_takes_seven_queries_and_one_more_over_full_weeks(
    client, booked, clinic, django_assert_num_queries, rows
):
    for number in range(rows):
        place = make_location(f"place-{number}", name=f"Place {number}")
        add_hours(make_therapist(f"other-{number}"), 5, "9:00-12:00", place)
        book(clinic[0], at("10:00", MONDAY + timedelta(days=number)))

    with django_assert_num_queries(7):
        client.get(MOVE)
    with django_assert_num_queries(7):
        client.get(MOVE, {"therapist": "ana-ruiz", "part": "morning"})
    close_for_weeks()
    with django_assert_num_queries(8):
        client.get(MOVE, {"from": "2026-12-04"})


def test_a_part_of_the_day_holds_its_times_alone(client, clinic):
    evening = offered(read(client, part="evening"))

    assert evening == [("ben-cole", f"Mon {wall}") for wall in [*FULL[5:], "19:15"]]
    assert "<h3>Evening</h3>" in read(client, part="evening")


def wall_times(first, last):
    start, end = at(first), at(last)
    found = [start]
    while found[-1] < end:
        found.append(found[-1] + timedelta(minutes=15))
    return [localtime(moment).strftime("%H:%M") for moment in found]


# From 3 to 8 p.m. the times, but its ends, that leave room for a visit on either side.
FULL = wall_times("15:45", "18:30")


def test_a_taken_time_is_not_passed_to_a_place_that_does_not_suit(client, clinic):
    ana, _ben = clinic
    book(ana, at("15:00"))

    times = offered(read(client, location="willow-street", day="monday"))

    assert ("ana-ruiz", "Mon 15:00") not in times
    assert {therapist for therapist, _when in times} == {"ana-ruiz"}


def test_the_choices_stay_through_details_and_back(client, clinic):
    asked = {"therapist": "ben-cole", "for": "sciatica", "day": "monday", "part": "evening"}
    html = read(client, **asked, **{"from": "2026-11-30"})
    therapist, code, query = LINK.findall(html)[0]
    details = client.get(f"/book/{therapist}/{code}/{query.replace('&amp;', '&')}")
    back = re.search(r'href="/book/(\?[^"]*)">Free times</a>', details.content.decode())[1]

    kept = {name: [slug] for name, slug in (asked | {"from": "2026-11-30"}).items()}
    assert parse_qs(urlsplit(query.replace("&amp;", "&")).query) == kept
    assert parse_qs(urlsplit(back.replace("&amp;", "&")).query) == kept
    hidden = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', details.content.decode())
    )
    assert hidden.items() >= (asked | {"from": "2026-11-30"}).items()


def test_a_form_with_errors_keeps_the_choices(client, clinic):
    typed = {"name": "", "part": "evening", "location": "oak-avenue", "from": "2026-11-30"}
    html = client.post("/book/ben-cole/20261130T2200Z/", typed).content.decode()

    assert 'href="/book/?part=evening&amp;location=oak-avenue&amp;from=2026-11-30"' in html
    assert '<input type="hidden" name="location" value="oak-avenue">' in html


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"therapist": "nobody"}, "We could not find that therapist"),
        ({"day": "someday"}, "Your choice of day is not on our list. We left it out."),
        ({"part": "<b>night"}, "Your choice of time of day is not on our list."),
        ({"location": "mars"}, "Your choice of place is not on our list."),
    ],
)
def test_an_unknown_choice_is_said_and_left_out(client, clinic, asked, words):
    html = read(client, **asked)

    assert words in html
    assert offered(html) == offered(read(client))
    assert {query for _therapist, _code, query in LINK.findall(html)} == {""}


def test_a_choice_that_is_too_long_goes_into_no_link(client, clinic):
    html = client.post("/book/ben-cole/20261130T2200Z/", {"part": "x" * 100_000}).content.decode()

    assert "x" * 100 not in html  # random tokens may hold some


def test_what_a_folded_list_leaves_out_is_said_above_the_days(client, clinic):
    html = tight(read(client, therapist="ben-cole", day="monday", part="evening"))
    said = re.search(r'<p class="only">(.*?)</p>', html)[1]

    assert said == 'Only: Monday, Evening.<a class="tap" href="/book/">Show all times</a>'
    assert 'class="only"' not in read(client, therapist="ben-cole")


@pytest.mark.parametrize("slug", ["sciatica", "no-such"])
def test_the_condition_travels_along_and_narrows_nothing(client, clinic, slug):
    html = read(client, **{"for": slug})
    kept = {"sciatica": {"?for=sciatica"}, "no-such": {""}}[slug]

    assert offered(html) == offered(read(client))
    assert {query for _therapist, _code, query in LINK.findall(html)} == kept
    assert ("about sciatica" in html) == (slug == "sciatica")


def test_the_week_has_no_day_without_times(client, clinic):
    html = tight(read(client, therapist="ben-cole", **{"from": "2026-11-30"}))
    days = re.search(r'<ul class="days">.*?</ul>', html, re.DOTALL)[0]

    assert re.findall(r"<strong>(.*?)</strong>", days) == ["Nov 28", "Nov 30"]


def test_full_weeks_are_jumped_over_and_said(client, ana):
    until = at("0:00") + timedelta(days=20)
    TimeOff.objects.create(therapist=ana, starts_at=at("0:00"), ends_at=until)

    html = read(client, **{"from": "2026-12-04"})

    assert re.findall(r'<h2 id="(day-\d+)"', html)[0] == "day-20261221"
    assert "All times in the week from December 4 are taken." in html
    assert "The next free day is Monday, December 21." in html
    assert 'rel="prev" href="/book/?from=2026-11-27"' in html  # not back into the full weeks


def test_a_week_without_a_time_like_that_is_not_called_full(client, clinic):
    _ana, ben = clinic
    TimeOff.objects.create(
        therapist=ben, starts_at=at("0:00"), ends_at=at("0:00", MONDAY + timedelta(days=8))
    )
    html = read(client, location="oak-avenue", **{"from": "2026-12-05"})

    assert "The week from December 4 has no free time like that." in html
    assert "are taken." not in html


def test_where_nothing_suits_the_way_out_is_all_times_or_the_telephone(client, clinic):
    ana, _ben = clinic
    Closure.objects.create(name="Moving", starts_at=at("17:00"), ends_at=at("0:00") + timedelta(99))
    TimeOff.objects.create(therapist=ana, starts_at=at("0:00"), ends_at=at("9:00"))

    html = tight(read(client, part="evening", **{"for": "sciatica"}))

    assert offered(html) == []
    assert "In the next weeks there is no free time like that." in html
    assert '<a href="/book/?for=sciatica">See everyone\'s free times</a>' in html
    assert (
        '<a class="button second" href="/book/earlier/?for=sciatica&amp;part=evening">'
        "Tell me when a time that suits me is free</a>"
    ) in html
    assert html.count("Tell me when") == 1
    assert "Call (212) 555-0143" in html


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_eight_queries_and_one_more_for_a_condition_or_over_full_weeks(
    client, clinic, django_assert_num_queries, rows
):
    for number in range(rows):
        place = make_location(f"place-{number}", name=f"Place {number}")
        add_hours(make_therapist(f"other-{number}"), 5, "9:00-12:00", place)
        Condition.objects.create(slug=f"c-{number}", title=f"C {number}", state="example")
        make_visit_type(f"visit-{number}", order=number)
        book(clinic[0], at("9:00", MONDAY + timedelta(days=number)))

    with django_assert_num_queries(8):
        client.get("/book/")
    with django_assert_num_queries(9):
        client.get("/book/?therapist=ana-ruiz&part=morning&day=monday&for=sciatica")
    close_for_weeks()
    with django_assert_num_queries(9):
        html = read(client, **{"from": "2026-12-04"})
    assert "All times in the week from December 4 are taken." in html


def test_hours_of_who_cannot_be_booked_online_open_the_clinic_and_no_filter(client, ana):
    ben = make_therapist("ben-cole", hours="", online_booking=False)
    add_hours(ben, 4, "11:00-20:00", make_location("oak-avenue", name="Oak Avenue"))

    html = read(client)
    assert "open until 8 p.m." in html
    assert {name: "evening" in slugs for name, slugs in lists(html).items()} == {
        "day": False,
        "part": False,
    }


def test_lists_hold_what_is_worked_at_now(client, clinic):
    make_location("attic", name="Attic")  # where nobody works

    assert lists(read(client))["location"] == ["", "oak-avenue", "willow-street"]


def test_a_condition_that_is_not_public_does_not_travel_along(client, clinic, settings):
    Condition.objects.create(slug="knee-pain", title="Knee pain", state="draft")
    assert "knee" not in read(client, **{"for": "knee-pain"}).casefold()

    settings.DEMO = False  # its examples are nobody's but the demo clinic's
    assert "sciatica" not in read(client, **{"for": "sciatica"})


def test_names_are_escaped_wherever_they_stand(client, clinic):
    bad, shown = '<script>"x"</script>', "&lt;script&gt;&quot;x&quot;&lt;/script&gt;"
    ana, _ben = clinic
    Therapist.objects.filter(pk=ana.pk).update(name=bad)
    Location.objects.update(name=bad)
    Condition.objects.update(title=bad)
    make_visit_type("second-opinion", name=bad, order=1)

    html = read(client, **{"for": "sciatica"})

    assert "<script" not in html
    assert f"<small>with {shown}, {shown}</small>" in html
    assert html.count(f">{shown}</option>") == 2 + 1
