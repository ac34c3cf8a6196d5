"""A condition page comes in the first flight of packets, and a first visit is small."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings

from booking.management import demo as demo_clinic
from booking.models import Therapist, TimeOff
from clinic_site.middleware.page_cache import SHELF
from conditions.models import Condition
from tests import shipped
from tests.builders import at

FLIGHT = 14_600  # ten segments of 1,460 bytes: RFC 6928
ROOM = 700  # of them are free on every page, for words to come
FLIGHT_GZIP = 17_100  # for browsers without Brotli
PATH = "/conditions/back-pain/"
HOME_DRAWINGS = [f"drawings/{name}.svg" for name in ("body", "home", "portraits", "scene")]
ALL_PAGES = ["css/print.css"]
FONT, ICON = "fonts/fraunces.woff2", "icon.svg"
# What a first visit asks for beside the page, and the most bytes of all of it, pictures too.
FIRST_VISITS = {
    PATH: (60_000, [*ALL_PAGES, "drawings/areas.svg", "figures.svg", FONT, ICON]),
    "/": (100_000, [*ALL_PAGES, *HOME_DRAWINGS, FONT, ICON]),
}
OTHERS = ["/", "/conditions/", "/exercises/", "/articles/", "/team/", "/contact/", "/costs/"]
# What gunicorn adds to the headers of the site.
SERVER_LINES = (
    "HTTP/1.1 200 OK\r\nServer: gunicorn\r\nDate: Mon, 23 Nov 2026 09:00:00 GMT\r\n"
    "Connection: keep-alive\r\n\r\n"
)

# The most that the demo can draw: two digits for each day and hour, and the longest weekday's name
# for the next opening. Lines that are unlike each other weigh more than longer ones of one day and
# therapist, as less of them repeats.
TUESDAY_NIGHT = at("20:00", date(2027, 9, 21))
FREE = {
    "maya-lindqvist": at("10:30", date(2027, 9, 29)),
    "grace-chen": at("11:15", date(2027, 10, 11)),
}
# As the page says them; spaces that do not break are written as "~".
LONGEST = [
    "opens Wednesday, 7:30 a.m.",
    "Wed, Sep~29, 10:30~a.m.<small>with Maya Lindqvist</small>",
    "Mon, Oct~11, 11:15~a.m.<small>with Grace Chen</small>",
]


def leave_free(therapist, starts_at=None):
    """Nobody has booked the therapist, who is away but for the visit from `starts_at` on."""
    therapist.appointments.all().delete()
    therapist.time_off.all().delete()
    begins, ends = TUESDAY_NIGHT, TUESDAY_NIGHT + timedelta(days=90)
    if starts_at:
        TimeOff.objects.create(therapist=therapist, starts_at=begins, ends_at=starts_at)
        begins = starts_at + timedelta(minutes=45)
    TimeOff.objects.create(therapist=therapist, starts_at=begins, ends_at=ends)


@pytest.fixture
def clinic(db, settings):
    """The demo as `make run` leaves it: all content, and times to book, the longest to write."""
    settings.DEMO, settings.PAGE_CACHE_SECONDS = True, 60
    shipped.load()
    with time_machine.travel(TUESDAY_NIGHT):  # a Wednesday is the next day
        demo_clinic.load(TUESDAY_NIGHT)
        for therapist in Therapist.objects.all():
            leave_free(therapist, FREE.get(therapist.slug))
        SHELF.clear()
        yield
    SHELF.clear()


def weight(client, path, encoding):
    """Bytes of an answer on the wire; and that its style sheet stands inside."""
    response = client.get(path, headers={"accept-encoding": encoding})
    assert response["Content-Encoding"] == encoding
    headers = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    return len(SERVER_LINES) + headers + len(response.content)


def test_condition_page_comes_in_the_first_flight_of_packets_with_room_to_spare(clinic, client):
    paths = [row.get_absolute_url() for row in Condition.objects.published()]
    html = client.get(PATH).content.decode().replace("\N{NO-BREAK SPACE}", "~")
    weights = {path: (weight(client, path, "br"), weight(client, path, "gzip")) for path in paths}

    assert len(paths) == 10
    assert [words for words in LONGEST if words not in html] == []
    assert {
        path: found
        for path, found in weights.items()
        if found[0] > FLIGHT - ROOM or found[1] > FLIGHT_GZIP
    } == {}


def test_other_public_pages_come_in_the_first_flight_of_packets(clinic, client):
    weights = {path: weight(client, path, "br") for path in OTHERS}

    assert {path: found for path, found in weights.items() if found > FLIGHT - ROOM} == {}


@pytest.mark.parametrize("path", [PATH, *OTHERS, "/book/", "/appointment/lost/", "/no-such-page/"])
def test_no_screen_waits_for_another_sheet(clinic, client, path):
    """What paper needs is asked for last."""
    html = client.get(path).content.decode()

    assert re.findall(r'rel="stylesheet"([^>]*) href', html) == [' media="print"']


@pytest.mark.parametrize("name", ["figtree", "fraunces"])
def test_letters_come_in_one_flight_with_what_is_said_of_them(name):
    assert (settings.BASE_DIR / f"static/fonts/{name}.woff2").stat().st_size <= FLIGHT - ROOM


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("path", FIRST_VISITS)
def test_first_visit_is_small_and_asks_nobody_else(clinic, serve, new_page, path):
    site = serve(workers=1, environment={"DEMO": "1", "PAGE_CACHE_SECONDS": "60"})
    page = new_page()
    asked, sent = {}, {}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on(
        "Network.requestWillBeSent",
        lambda event: asked.update({event["requestId"]: event["request"]["url"]}),
    )
    devtools.on(
        "Network.loadingFinished",
        lambda event: sent.update({event["requestId"]: event["encodedDataLength"]}),
    )

    page.goto(f"{site.url}{path}", wait_until="networkidle")
    # The icon of the tab may be asked for later than the rest.
    for _time in range(600):
        if asked.keys() <= sent.keys():
            break
        page.wait_for_timeout(100)

    names = [re.sub(r"\.[0-9a-f]{12}\.", ".", url.removeprefix(site.url)) for url in asked.values()]
    most, files = FIRST_VISITS[path]
    assert sorted({name.split("#")[0] for name in names}) == [
        path,
        *(f"/static/{file}" for file in files),
    ]
    assert sent.keys() == asked.keys()
    assert sum(sent.values()) <= most
