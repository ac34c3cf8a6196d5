"""In a clinic with several places, every free time says where it is, on whatever page it stands."""

import re
from datetime import timedelta

import pytest

from booking.models import Therapist
from booking.visits import tokens
from conditions.models import Condition
from tests.booking.views.details_form import address, sent
from tests.builders import MONDAY, add_hours, at, book, make_location, make_therapist

THURSDAY = MONDAY + timedelta(days=3)
TIME = re.compile(r"<(?:a|button)[^>]*(?:book/|to=)ben-cole/2[^>]*>(.*?)</(?:a|button)>", re.DOTALL)


@pytest.fixture
def ben(ana, settings):
    """At Oak Avenue; Ana is at Willow Street, on Wednesdays alone."""
    settings.DEMO = True  # conditions are shipped as examples
    Condition.objects.create(slug="back-pain", title="Back pain", state="example")
    found = make_therapist("ben-cole", hours="")
    for weekday in range(5):
        add_hours(found, weekday, "9:00-17:00", make_location("oak-avenue", name="Oak Avenue"))
    ana.working_hours.exclude(weekday=2).delete()
    return found


@pytest.fixture
def one_place(ben):
    ben.working_hours.update(location=make_location())


def taken(client):
    """A visit of somebody else at half past nine, on Monday."""
    book(Therapist.objects.get(slug="ben-cole"), at("9:30"))
    return address(therapist="ben-cole")


def link(client):
    return client.get(taken(client))


def form(client):
    return client.post(taken(client), sent())


def move(client):
    opened(client)
    code = taken(client).removeprefix("/book/").strip("/")
    return client.get(f"/appointment/move/?to={code}")


def sooner(client):
    opened(client)
    return client.get("/appointment/earlier/")


def opened(client):
    drew = make_therapist("drew-fox", hours="")
    add_hours(drew, 3, "9:00-9:45")
    visit = book(drew, at("9:00", THURSDAY))
    client.cookies["appointment"] = tokens.make(visit)


def page(path):
    return lambda client: client.get(path)


WITH = {
    "condition": page("/conditions/back-pain/"),
    "home": page("/"),
    "therapist": page("/team/ben-cole/"),
    "link that is gone": link,
    "form that is gone": form,
    "move that is gone": move,
    "sooner": sooner,
}


def read(client, ask):
    """The words of Ben's times."""
    html = ask(client).content.decode()
    return [" ".join(re.sub("<[^>]+>", " ", words).split()) for words in TIME.findall(html)]


@pytest.mark.parametrize("ask", WITH.values(), ids=WITH)
def test_a_time_names_its_place_where_there_are_several(client, ben, ask):
    found = read(client, ask)

    assert {words[words.index("with") :] for words in found} == {"with Ben Cole, Oak Avenue"}


@pytest.mark.parametrize("ask", WITH.values(), ids=WITH)
def test_a_clinic_with_one_place_need_not_say_so(client, one_place, ask):
    found = read(client, ask)

    assert {words[words.index("with") :] for words in found} == {"with Ben Cole"}


def test_the_team_says_where_each_ones_next_time_is(client, ben):
    assert read(client, page("/team/")) == ["Fri, Nov 27, 2 p.m., Oak Avenue with Ben Cole"]

    ben.working_hours.update(location=make_location())
    assert read(client, page("/team/")) == ["Fri, Nov 27, 2 p.m. with Ben Cole"]


def hours_that_ended(ana):
    ana.working_hours.update(valid_until=MONDAY - timedelta(days=30))


def therapist_who_left(ana):
    Therapist.objects.filter(pk=ana.pk).update(active=False)


def therapist_whom_the_desk_alone_books(ana):
    Therapist.objects.filter(pk=ana.pk).update(online_booking=False)


CHANGES = [hours_that_ended, therapist_who_left, therapist_whom_the_desk_alone_books]


@pytest.mark.parametrize("change", CHANGES)
def test_a_place_that_nobody_can_be_booked_at_is_none(client, ana, ben, change):
    waiting = page("/book/earlier/")
    assert 'name="location"' in waiting(client).content.decode()
    change(ana)

    assert read(client, page("/"))[0].endswith("with Ben Cole")
    assert 'name="location"' not in waiting(client).content.decode()
