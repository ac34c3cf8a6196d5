"""That the logs keep quiet about patients and links."""

import logging
import urllib.error
import urllib.request

import pytest
from django.db import IntegrityError, connection

from clinic_site.logs import MaskingFormatter, OneLineFormatter, mask

TOKEN = "canary-token-Zm9vYmFy"


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


def test_running_site_logs_requests_without_links_and_queries(serve):
    site = serve(workers=1)
    paths = [f"/m/{TOKEN}/", f"//m//{TOKEN}/", f"/M/{TOKEN}", f"/wish/{TOKEN}/", f"/m%2f{TOKEN}/"]
    for path in [*paths, f"/?q={TOKEN}", f"/admin/reset/MQ/{TOKEN}/"]:
        request = urllib.request.Request(f"{site.url}{path}", headers={"Referer": f"/m/{TOKEN}/"})
        try:
            urllib.request.urlopen(request).close()
        except urllib.error.HTTPError as answer:
            assert answer.code == 404  # noqa: PT017
    log = site.whole_log()

    assert TOKEN not in log
    assert ("GET /m/***/ 404" in log, "GET / 200" in log) == (True, True)
