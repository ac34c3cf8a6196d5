"""Links from e-mails with what was copied along; and those that open nothing."""

from datetime import timedelta

import pytest

from booking.earlier import offers
from booking.models import TimeOffer
from booking.visits import tokens
from tests.booking.views.devices import Browser
from tests.builders import MONDAY, NOW, ask_without_visit, at, book, wait

COPIED = [".", ")", ",", ">", "%3E", '"', "'", ";", "]", ").", "%20", "!", "&gt;", "*", "%0A"]
COPIED += ["\N{RIGHT DOUBLE QUOTATION MARK}"]
LOST = 'href="/appointment/lost/"'


@pytest.fixture
def link(ana):
    """A visit's link, without the slash at its end."""
    return f"/m/{tokens.make(book(ana, at('9:30')))}"


@pytest.mark.parametrize("copied", COPIED)
@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("after", ["", "/"])
def test_a_link_opens_the_visit_whatever_was_copied_behind_it(link, end, copied, after):
    answer = Browser().get(f"{link}{end}{copied}{after}")

    assert (answer.status_code, answer["Location"]) == (303, "/appointment/")


@pytest.mark.parametrize("copied", [".", ")", "%3E", '"', ";"])
def test_the_links_of_a_reminder_lead_on_too(link, copied):
    places = [
        Browser().get(f"{link}/?next={word}{copied}")["Location"] for word in ("come", "move")
    ]

    assert places == ["/appointment/come/", "/appointment/move/"]


@pytest.mark.parametrize("copied", [".", ")", ",", "%3E"])
def test_links_to_offers_and_wishes_are_as_forgiving(ana, copied):
    wait(book(ana, at("9:30", MONDAY + timedelta(days=3))))
    offers.look(NOW)
    rows = {"offer": TimeOffer.objects.get(), "wish": ask_without_visit()}
    places = [
        Browser().get(f"/{prefix}/{tokens.make(row)}/{copied}")["Location"]
        for prefix, row in rows.items()
    ]

    assert places == ["/offer/", "/wish/"]


@pytest.mark.parametrize("token", ["x" * 43, "x", "%3E", "x" * 43 + "/y", "x" * 43 + ".y"])
def test_a_link_that_opens_nothing_leads_to_where_it_is_sent_again(ana, token):
    browser = Browser()
    page = browser.get(f"/m/{token}/")
    html = page.content.decode()

    assert (page.status_code, "We cannot find that page" in html, LOST in html) == (404, True, True)
    assert "Send me the link" in browser.get("/appointment/lost/").content.decode()


def test_letters_that_are_no_copying_open_nothing(link):
    """A secret is whole: what follows it is never cut to make one fit."""
    answers = [Browser().get(f"{link}{more}/").status_code for more in ("x", "-", "_", "/x", ".x")]

    assert answers == [404] * 5
