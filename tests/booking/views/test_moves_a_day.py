"""The page that refuses a fourth move in a day, and leaves the visit where it is."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse

from booking.models import Appointment, OutgoingEmail
from booking.views.cookie import remember_typed
from booking.visits import tallies, tokens
from tests.builders import MONDAY, NOW, at, book
from tests.reading import tight

PATH = "/appointment/move/"
CODES = ["20261130T1530Z", "20261130T1930Z", "20261130T1445Z", "20261130T1845Z"]


def test_the_fourth_move_in_a_day_says_to_call_and_changes_nothing(client, ana):
    client.get(f"/m/{tokens.make(book(ana, at('9:00', MONDAY)))}/")
    *moved, page = (client.post(PATH, {"to": f"ana-ruiz/{code}"}) for code in CODES)
    html = tight(page.content.decode())

    assert ([answer.status_code for answer in moved], page.status_code) == ([303] * 3, 429)
    assert re.search(r"<h1>([^<]*)</h1>", html)[1] == "Please call us"
    for words in [
        "You have moved this visit as often as you can here in one day. It stays as it is.",
        'Call<a href="tel:+12125550143">(212) 555-0143</a>and we will move it for you.',
        "9:45",
    ]:
        assert words in html
    assert Appointment.objects.get().starts_at == at("9:45")
    assert client.post("/appointment/cancel/").status_code == 303
    assert Appointment.objects.get().status == "cancelled"


@pytest.mark.parametrize(("by_mail", "waits"), [(True, 0), (False, 1)])
def test_a_flood_delays_nothing_that_our_emails_link_asked_for(client, ana, by_mail, waits):
    """No stranger has that link; who typed the address here may have typed anybody's."""
    visit = book(ana, at("9:00", MONDAY))
    client.cookies = remember_typed(HttpResponse(), visit).cookies
    if by_mail:
        client.get(f"/m/{tokens.make(visit)}/")
    for _mail in range(5):
        tallies.count_mail(visit.email, NOW)
    answers = [
        client.post(PATH, {"to": f"ana-ruiz/{CODES[0]}"}),
        client.post("/appointment/cancel/"),
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    due = OutgoingEmail.objects.filter(kind__in=["moved", "cancelled"]).values_list(
        "due_at", flat=True
    )
    assert set(due) == {NOW + waits * timedelta(hours=1)}


def test_where_the_mailbox_is_full_for_today_and_tomorrow_the_page_says_what_to_do(client, ana):
    visit = book(ana, at("9:00", MONDAY))
    client.cookies = remember_typed(HttpResponse(), visit).cookies
    for _mail in range(25):
        tallies.count_mail_soon(visit.email, NOW, within=timedelta(days=1))
    page = client.post(PATH, {"to": f"ana-ruiz/{CODES[0]}"})
    html = tight(page.content.decode())

    assert (page.status_code, re.search(r"<h1>([^<]*)</h1>", html)[1]) == (429, "Please call us")
    assert "It stays as it is. Use the link in our e-mail about it, or call<a" in html
    assert Appointment.objects.get().starts_at == at("9:00", MONDAY)
    assert client.post("/appointment/cancel/").status_code == 303
    assert Appointment.objects.get().status == "cancelled"
