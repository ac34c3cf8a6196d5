"""A condition page comes in the first flight of packets, and a first visit is small."""

import re

import pytest
import time_machine

from booking.management import demo as demo_clinic
from clinic_site.middleware.page_cache import SHELF
from conditions.models import Condition
from tests import shipped
from tests.builders import NOW

FLIGHT = 14_600  # ten segments of 1,460 bytes: RFC 6928
FLIGHT_GZIP = 17_100  # for browsers without Brotli
FIRST_VISIT = 60_000
PATH = "/conditions/back-pain/"
# What gunicorn adds to the headers of the site.
SERVER_LINES = (
    "HTTP/1.1 200 OK\r\nServer: gunicorn\r\nDate: Mon, 23 Nov 2026 09:00:00 GMT\r\n"
    "Connection: keep-alive\r\n\r\n"
)


@pytest.fixture
def clinic(db, settings):
    """The demo as `make run` leaves it: all content, and times to book."""
    settings.DEMO, settings.PAGE_CACHE_SECONDS = True, 60
    shipped.load()
    with time_machine.travel(NOW):  # the words of times have the same length in each run
        demo_clinic.load(NOW)
        SHELF.clear()
        yield
    SHELF.clear()


def weight(client, path, encoding):
    """Bytes of an answer on the wire; and that its style sheet stands inside."""
    response = client.get(path, headers={"accept-encoding": encoding})
    assert response["Content-Encoding"] == encoding
    headers = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    return len(SERVER_LINES) + headers + len(response.content)


def test_condition_page_comes_in_the_first_flight_of_packets(clinic, client):
    paths = [row.get_absolute_url() for row in Condition.objects.published()]
    html = client.get(PATH).content.decode()
    weights = {path: (weight(client, path, "br"), weight(client, path, "gzip")) for path in paths}

    assert len(paths) == 10
    assert re.findall(r'rel="stylesheet"', html) == []
    assert "Next free times" in html
    assert {
        path: found
        for path, found in weights.items()
        if found[0] > FLIGHT or found[1] > FLIGHT_GZIP
    } == {}


@pytest.mark.only("postgresql")
def test_first_visit_is_small_and_asks_nobody_else(clinic, serve, new_page):
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

    page.goto(f"{site.url}{PATH}", wait_until="networkidle")
    # The icon of the tab may be asked for later than the rest.
    for _time in range(600):
        if asked.keys() <= sent.keys():
            break
        page.wait_for_timeout(100)

    names = [re.sub(r"\.[0-9a-f]{12}\.", ".", url.removeprefix(site.url)) for url in asked.values()]
    assert sorted({name.split("#")[0] for name in names}) == [PATH, "/static/figures.svg"]
    assert sent.keys() == asked.keys()
    assert sum(sent.values()) <= FIRST_VISIT
