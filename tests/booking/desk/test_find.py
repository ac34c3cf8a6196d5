"""The page that finds visits, and the page of one person's."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.desk import found
from booking.models import Appointment
from tests.builders import NOW, make_therapist, visit
from tests.reading import said, texts

FIND = reverse("desk:find")
ROSA = {"name": "Rosa Marquez", "phone": "(212) 555-0199", "phone_e164": "+12125550199"}
LI = {"name": "Li Na", "phone": "212 555 0177", "phone_e164": "+12125550177"}
DAY = timedelta(days=1)


def put(therapist, when, who=ROSA, **fields):
    """A visit of somebody, by a row alone."""
    row = visit(therapist, when, **who | fields)
    row.save()
    return row


@pytest.fixture
def ana():
    return make_therapist()


@pytest.fixture
def rosas(ana):
    """Hers, as the page is to list them."""
    soon, late = put(ana, NOW + 2 * DAY), put(ana, NOW + 9 * DAY)
    here = put(ana, NOW - timedelta(minutes=20), status="arrived")
    off = put(ana, NOW + 3 * DAY, status="cancelled")
    missed, seen = put(ana, NOW - DAY, status="noshow"), put(ana, NOW - 3 * DAY, status="fulfilled")
    put(ana, NOW + 4 * DAY, LI)
    return [here, soon, late], [off, missed, seen]


def listed(response):
    shown = response.context["found"]
    return shown.coming, shown.past


def look_for(client, words):
    return client.post(FIND, {"find": words}, follow=True)


@pytest.mark.parametrize("words", ["ros", "marquez rosa", "212-555-0199", "0199", " ROSA "])
def test_the_next_visit_stands_first_and_past_ones_below(desk, rosas, words):
    response = look_for(desk, words)
    assert listed(response) == rosas
    assert texts(response, "h2") == ["To come", "Past and cancelled"]
    assert texts(response, "desk-status") == [
        *("Arrived", "Booked", "Booked"),
        *("Cancelled", "Did not attend", "Seen"),
    ]


def test_each_line_says_who_when_and_where_to_go(desk, rosas):
    response = look_for(desk, "rosa")
    line = texts(response, "li")[-6:][1]
    assert line == (
        "Sun, Nov 29, 2026, noon Booked Rosa Marquez (212) 555-0199"
        f" Initial consultation, Ana Ruiz {rosas[0][1].reference}"
        " Open the day Move Book again All visits"
    )
    assert [
        len(re.findall(f">{word}</a>", response.content.decode()))
        for word in ("Move", "All visits")
    ] == [2, 6]


def test_what_was_typed_stands_in_no_address(desk, rosas):
    posted = desk.post(f"{FIND}?q=older&after=3", {"find": "Rosa"})
    assert posted.headers["Location"] == f"{FIND}?q=%2A"
    page = desk.get(posted.headers["Location"]).content.decode()
    addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', page)).lower()
    assert 'value="Rosa"' in page
    assert "rosa" not in addresses
    assert desk.post(FIND, {}).headers["Location"] == f"{FIND}?"


def test_an_address_that_somebody_typed_is_answered_too(desk, rosas):
    assert listed(desk.get(FIND, {"q": "rosa"})) == rosas


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": "*"}, {"q": " \x01\u200b"}])
def test_nothing_asked_lists_nothing(desk, rosas, asked):
    response = desk.get(FIND, asked)
    assert (response.context["found"], texts(response, "desk-none")) == (None, [])


@pytest.mark.parametrize(
    ("slip", "names"),
    [
        ("Rsoa", "Rosa Marquez"),
        ("marqez", "Rosa Marquez"),
        ("maqruez rosa", "Rosa Marquez"),
        ("Rossa M", "Rosa Marquez"),
    ],
)
def test_a_slip_is_forgiven_and_said(desk, rosas, slip, names):
    response = look_for(desk, slip)
    assert listed(response) == rosas
    assert texts(response, "desk-none") == [f"Nothing for “{slip}”. Did you mean: {names}?"]
    assert texts(response, "desk-near") == ["Similar name"] * 6


def test_no_slip_is_looked_for_where_something_was_found(desk, ana, rosas):
    exact = put(ana, NOW + 5 * DAY, LI | {"name": "Rossa Lee"})
    assert listed(look_for(desk, "rossa")) == ([exact], [])


@pytest.mark.parametrize("words", ["nobody", "ls", "0000", "555-01", "K7M-2QF", "%"])
def test_nothing_like_it_says_so(desk, rosas, words):
    response = look_for(desk, words)
    assert not response.context["found"]
    assert texts(response, "desk-none") == [
        f"Nothing for “{words}”. Try fewer letters, or the last four digits."
    ]


def test_a_long_list_goes_on_by_its_last_visit(desk, ana, monkeypatch):
    monkeypatch.setattr(found, "PAGE", 4)
    coming = [put(ana, NOW + day * DAY) for day in (1, 2, 3, 4, 5)]
    past = [put(ana, NOW - day * DAY, status="fulfilled") for day in (1, 2, 3, 4)]
    pages, address = [], f"{FIND}?q=*"
    look_for(desk, "rosa")
    while address:
        response = desk.get(address)
        pages.append(listed(response))
        last = response.context["found"].last
        address = last and f"{FIND}?q=*&after={last.pk}"
        assert (
            f"?q=%2A&amp;after={last.pk}" if last else "?q=%2A"
        ) in response.content.decode() or not last
    assert pages == [(coming[:4], []), (coming[4:], past[:3]), ([], past[3:])]


@pytest.mark.parametrize("after", ["x", "99999999999999999999", "0", ""])
def test_an_odd_key_begins_at_the_beginning(desk, rosas, after):
    assert listed(desk.get(FIND, {"q": "rosa", "after": after})) == rosas


def test_therapists_find_their_own_visits_alone(sign_in, rosas):
    ben = make_therapist("ben-cole")
    own = put(ben, NOW + DAY)
    client = sign_in("Therapist", therapist=ben)
    exact, near = look_for(client, "rosa"), look_for(client, "rsoa")
    assert (listed(exact), listed(near)) == (([own], []), ([own], []))
    assert not re.search(r">(Move|Book again)</a>", exact.content.decode())
    assert texts(look_for(client, "Ln"), "desk-none") == [
        "Nothing for “Ln”. Try fewer letters, or the last four digits."
    ]
    assert texts(look_for(client, "Lii Na"), "desk-near") == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("words", "queries"), [("rosa", 10), ("rsoa", 14)])
def test_a_search_takes_a_fixed_number_of_queries(
    desk, ana, django_assert_num_queries, rows, words, queries
):
    for number in range(rows):
        put(make_therapist(f"therapist-{number}"), NOW + DAY)
        put(ana, NOW - DAY * (number + 1), status="fulfilled")
    with django_assert_num_queries(queries):
        desk.get(FIND, {"q": words})


def test_a_persons_visits_are_listed_from_any_one(desk, ana, rosas):
    by_mail = put(ana, NOW - 30 * DAY, email="r@example.org", phone="1", phone_e164="")
    namesake = put(ana, NOW - 40 * DAY, phone="2", phone_e164="+12125550100")
    family = put(ana, NOW - 50 * DAY, name="Sam Marquez")
    Appointment.objects.filter(pk=rosas[0][1].pk).update(
        email="r@example.org", mailbox="r@example.org"
    )
    response = desk.get(reverse("desk:person", args=[rosas[0][1].pk]))

    assert listed(response) == (rosas[0], [*rosas[1], by_mail])
    assert texts(response, "desk-totals") == ["3 to come 1 seen 1 missed 1 cancelled"]
    assert "Rosa" not in texts(response, "title")[0]  # stands in the browser's history
    assert [
        listed(desk.get(reverse("desk:person", args=[row.pk]))) for row in (namesake, family)
    ] == [([], [namesake]), ([], [family])]


def test_a_persons_page_counts_what_has_no_state_any_more(desk, ana):
    row = put(ana, NOW - DAY, phone="", phone_e164="", no_phone_reason="Has none")
    response = desk.get(reverse("desk:person", args=[row.pk]))
    assert texts(response, "desk-totals") == ["0 to come 0 seen 0 missed 0 cancelled"]
    assert listed(response) == ([], [row])


@pytest.mark.parametrize("rows", [1, 3])
def test_a_persons_page_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    for number in range(rows):
        row = put(make_therapist(f"therapist-{number}"), NOW + DAY)
    with django_assert_num_queries(12):
        desk.get(reverse("desk:person", args=[row.pk]))


def test_the_next_visit_is_one_click_from_every_other(desk, rosas):
    (here, soon, late), (off, missed, seen) = rosas
    steps = {
        row: desk.get(reverse("desk:next_visit", args=[row.pk]))
        .headers["Location"]
        .partition("#")[2]
        for row in (seen, missed, here, soon, off)
    }
    assert steps == {
        seen: f"visit-{soon.pk}",
        missed: f"visit-{soon.pk}",
        here: f"visit-{soon.pk}",
        soon: f"visit-{late.pk}",
        off: f"visit-{late.pk}",
    }
    response = desk.get(reverse("desk:next_visit", args=[late.pk]), follow=True)
    assert said(response) == ["Rosa Marquez has no later visit booked."]
    assert listed(response) == (rosas[0], rosas[1])


def test_others_visits_are_no_therapists_next(sign_in, ana, rosas):
    ben = make_therapist("ben-cole")
    own = put(ben, NOW - DAY)
    client = sign_in("Therapist", therapist=ben)
    response = client.get(reverse("desk:next_visit", args=[own.pk]), follow=True)
    assert listed(response) == ([], [own])
    assert client.get(reverse("desk:person", args=[rosas[0][0].pk])).status_code == 404


def test_find_stands_in_the_head_of_every_staff_page(desk, rosas):
    soon = rosas[0][1]
    for address in (
        reverse("desk:day"),
        reverse("admin:index"),
        reverse("admin:booking_therapist_changelist"),
        reverse("admin:booking_appointment_change", args=[soon.pk]),
    ):
        page = desk.get(address).content.decode()
        assert f'<form method="post" action="{FIND}" role="search">' in page
        assert re.search(r'<script type="module" src="[^"]*js/find[^"]*\.js"></script>', page)
        assert re.search(rf'<a href="{FIND}">\s*Find\s*</a>', page)
    assert reverse("desk:next_visit", args=[soon.pk]) in page
    day = desk.get(reverse("desk:visit", args=[soon.pk])).content.decode()
    assert reverse("desk:person", args=[soon.pk]) in day


def test_many_names_are_compared_in_their_beginnings_and_whole():
    names = ["rosa marquez", "rose mara", "oscar rosamund", "li na", "marquis lee"]
    assert found.near("rsoa", names) == ["rosa marquez", "oscar rosamund"]
    assert found.near("marquz", names) == ["rosa marquez", "marquis lee"]
    assert found.near("li 1", names) == []
