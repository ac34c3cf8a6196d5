"""That the logs keep quiet about patients and links."""

import logging
import time
import urllib.error
import urllib.request

import pytest
import time_machine
from django.db import IntegrityError, connection

from clinic_site.logs import MaskingFormatter, MaskingLogger, OneLineFormatter, mask
from tests.builders import NOW

TOKEN = "canary-token-Zm9vYmFy"
LINK_TOKEN = "Zm9vYmFy-Zm9vYmFy_Zm9vYmFyZm9vYmFyZm9vYmFyZ"  # as long as a real one
RESET_TOKEN = "d0abcd-" + "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"GET /m/{TOKEN}/ 303", "GET /m/***/ 303"),
        (f"POST /offer/{TOKEN}/ 303", "POST /offer/***/ 303"),
        (f"GET /wish/{TOKEN}/ 200", "GET /wish/***/ 200"),
        (f"GET /M/{TOKEN}/ 404", "GET /M/***/ 404"),
        (f"GET /Wish/{TOKEN} 404", "GET /Wish/*** 404"),
        (f"GET //m//{TOKEN}/ 404", "GET //m//***/ 404"),
        (f"GET /OFFER///{TOKEN}// 404", "GET /OFFER///***// 404"),
        (f"GET /m%2F{TOKEN}%2f 404", "GET /m%2F***%2f 404"),
        (f"GET /admin//Reset//MQ//{TOKEN}/ 404", "GET /admin//Reset//***//***/ 404"),
        (f"<WSGIRequest: GET '/m/{TOKEN}'>", "<WSGIRequest: GET '/m/***'>"),
        (f"/admin/reset/MQ/{TOKEN}/", "/admin/reset/***/***/"),
        ("DETAIL:  Failing row contains (Rosa, 555).", "DETAIL: ***"),
        ("GET /conditions/back-pain/ 200", "GET /conditions/back-pain/ 200"),
    ],
)
def test_mask_hides_links_and_rows_alone(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/m/ {}", "/m/ ***"),
        ("/m/<{}>", "/m/<***>"),
        ('/m/"{}"', '/m/"***"'),
        ("/m/'{}'", "/m/'***'"),
        ("/m/?{}", "/m/?***"),
        ("/m/./{}/", "/m/***/***/"),
        ("/m/x/{}/", "/m/***/***/"),
        ("/wish/x/{}", "/wish/***/***"),
        ("/m /{}", "/m /***"),
        ("/m\\{}", "/m\\***"),
        ("/m\\\\{}", "/m\\\\***"),
        ("/m;x/{}", "/m;x/***"),
        ("/m-{}", "/***"),
        ("/offers/{}/", "/offers/***/"),
        ("/en/book/{}", "/en/book/***"),
        ("/%6d/{}/", "/%6d/***/"),
        ("/%6D%2f{}", "/***"),
        ("/m%252f{}", "/***"),
        ("%2fn%2f{}", "***"),
        ("/%6d/%5A{}", "/%6d/***"),
    ],
)
def test_token_is_hidden_wherever_it_stands_in_an_address(path, masked):
    assert mask(f"GET {path.format(LINK_TOKEN)} 404") == f"GET {masked} 404"


def test_token_that_a_mail_program_broke_in_two_is_hidden():
    assert mask(f"/m/{LINK_TOKEN[:20]} {LINK_TOKEN[20:]}/ 404") == "/m/*** ***/ 404"


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/admin/reset/MQ/ {}/", "/admin/reset/MQ/ ***/"),
        ("/admin/reset/ MQ/{}/", "/admin/reset/ MQ/***/"),
        ('/admin/reset/"MQ"/{}', '/admin/reset/"MQ"/***'),
        ("/admin/reset/{}", "/admin/reset/***"),
        ("/reset\\MQ\\{}", "/reset\\MQ\\***"),
    ],
)
def test_reset_link_is_hidden_wherever_it_stands(path, masked):
    assert mask(f"GET {path.format(RESET_TOKEN)} 404") == f"GET {masked} 404"


@pytest.mark.parametrize(
    "text",
    [
        "GET /static/css/site.0123456789ab.css 200 5120 bytes 3 ms",
        "GET /book/ana-ruiz/20261130T1500Z/ 200",
        "GET /conditions/lower-back-and-buttock-pain-after-birth/ 200",
        "Sent <1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed@clinic.example>",
        'violates unique constraint "booking_appointment_one_visit_of_a_therapist_at_a_time"',
        '  File "/srv/clinic/booking/visits/limits.py", line 238, in count_each',
    ],
)
def test_what_is_no_secret_stays_readable(text):
    assert mask(text) == text


def test_an_address_with_a_line_break_stays_on_its_line():
    address = f"/m/{TOKEN[:8]}\n{TOKEN[8:]}\x1b/"
    record = logging.LogRecord("gunicorn.access", 20, "", 1, "GET %s 404", (address,), None)

    assert OneLineFormatter("%(message)s").format(record) == "GET /m/***/ 404"
    record.args = ("/x\r\nGET /admin/ 200",)
    assert OneLineFormatter("%(message)s").format(record) == r"GET /x\r\nGET /admin/ 200 404"


def test_traceback_in_the_log_is_masked():
    try:
        raise ValueError(f"no such link: /m/{TOKEN}/")
    except ValueError as error:
        record = logging.LogRecord(
            "site", logging.ERROR, "", 1, "failed", (), (type(error), error, error.__traceback__)
        )

    text = MaskingFormatter("%(message)s").format(record)

    assert (TOKEN in text, "no such link: /m/***/" in text) == (False, True)


@pytest.mark.only("postgresql")
def test_refused_row_stays_out_of_the_log(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE guest (name text, room int NOT NULL)")
        with pytest.raises(IntegrityError) as error:
            cursor.execute("INSERT INTO guest VALUES ('Rosa Marquez', NULL)")

    assert "Rosa" in str(error.value)
    assert "Rosa" not in mask(str(error.value))


@pytest.fixture
def new_york(monkeypatch):
    """The machine's clock is the clinic's, as on a site that Django has set up."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_all_logs_are_in_utc(new_york, settings):
    record = logging.LogRecord("site", 20, "", 1, "came", (), None)
    record.created, record.msecs = NOW.timestamp(), 7
    own = MaskingFormatter(settings.LOGGING["formatters"]["masked"]["format"])
    gunicorns = MaskingFormatter("%(asctime)s %(message)s", MaskingLogger.datefmt)
    with time_machine.travel(NOW, tick=False):
        access = MaskingLogger.now(None)

    assert own.format(record) == "2026-11-27T17:00:00.007Z INFO site came"
    assert gunicorns.format(record) == "[2026-11-27 17:00:00 +0000] came"
    assert access == "[27/Nov/2026:17:00:00 +0000]"


def test_running_site_logs_requests_without_links_and_queries(serve):
    site = serve(workers=1)
    paths = [f"/m/{TOKEN}/", f"//m//{TOKEN}/", f"/M/{TOKEN}", f"/wish/{TOKEN}/", f"/m%2f{TOKEN}/"]
    paths += [
        f"/m/%20{LINK_TOKEN}/",
        f"/%6d/{LINK_TOKEN}",
        f"/m/%22{LINK_TOKEN}%22",
        f"/m%5c{TOKEN}",
    ]
    paths += [f"/m/x/{LINK_TOKEN}/", f"/admin/reset/MQ/%20{RESET_TOKEN}/"]
    for path in [*paths, f"/?q={TOKEN}", f"/admin/reset/MQ/{TOKEN}/"]:
        request = urllib.request.Request(f"{site.url}{path}", headers={"Referer": f"/m/{TOKEN}/"})
        try:
            urllib.request.urlopen(request).close()
        except urllib.error.HTTPError as answer:
            assert answer.code == 404  # noqa: PT017
    log = site.whole_log()

    assert [each for each in (TOKEN, LINK_TOKEN, RESET_TOKEN) if each in log] == []
    assert ("GET /m/***/ 404" in log, "GET / 200" in log) == (True, True)
