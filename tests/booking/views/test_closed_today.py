"""The first page, the free times and the team say that the clinic is closed today."""

from datetime import timedelta

import pytest
import time_machine

from booking.models import Closure
from clinic_site.middleware.page_cache import SHELF
from tests.builders import MONDAY, at, make_therapist, make_visit_type
from tests.reading import texts

TUESDAY = MONDAY + timedelta(days=1)
PAGES = ["/", "/book/", "/team/"]


@pytest.fixture(autouse=True)
def snow(db):
    make_therapist()
    make_visit_type()
    Closure.objects.create(name="Snow", starts_at=at("0:00"), ends_at=at("0:00", TUESDAY))


def notices(client, page, moment):
    with time_machine.travel(moment, tick=False):
        return [text for text in texts(client.get(page), "notice") if text.startswith("Closed")]


@pytest.mark.parametrize("page", PAGES)
def test_before_during_and_after(client, page):
    said = ["Closed today: Snow. We open again tomorrow at 9 a.m."]

    moments = [at("12:00", MONDAY - timedelta(days=1)), at("8:00"), at("8:00", TUESDAY)]
    assert [notices(client, page, moment) for moment in moments] == [[], said, []]


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (2, "on Wednesday at 9 a.m."),
        (9, "on Wednesday, December 9, at 9 a.m."),
        (30, ""),
    ],
)
def test_it_says_when_the_clinic_opens_again(client, days, when):
    Closure.objects.update(ends_at=at("0:00", MONDAY + timedelta(days=days)))

    end = f" We open again {when}" if when else ""
    assert notices(client, "/book/", at("8:00")) == [f"Closed today: Snow.{end}"]


def test_from_noon_on_it_is_the_rest_of_the_day(client):
    Closure.objects.update(starts_at=at("12:00"))

    assert notices(client, "/", at("11:00")) == []
    assert notices(client, "/", at("12:00")) == [
        "Closed for the rest of today: Snow. We open again tomorrow at 9 a.m."
    ]


def test_where_nothing_can_be_booked_online_it_is_said_too(client):
    make_visit_type().delete()

    assert len(notices(client, "/book/", at("8:00"))) == 1


def test_no_reading_page_says_so(client):
    for page in ("/conditions/", "/contact/", "/costs/"):
        assert notices(client, page, at("8:00")) == []


@pytest.mark.parametrize("page", ["/", "/team/"])
def test_a_kept_page_changes_with_the_day(client, settings, page):
    settings.PAGE_CACHE_SECONDS = 60
    SHELF.clear()
    try:
        with time_machine.travel(at("0:00", TUESDAY) - timedelta(seconds=30)) as clock:
            assert "Closed today" in client.get(page).text
            clock.shift(61)
            for kept in SHELF.pages.values():  # their seconds are counted by another clock
                kept.fresh_until -= 61
            assert "Closed today" not in client.get(page).text
    finally:
        SHELF.clear()
