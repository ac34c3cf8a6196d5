"""A process that has just begun has the pages that carry warnings, should the database go away."""

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.test import Client

from clinic_site.middleware import warming
from clinic_site.middleware.page_cache import SHELF
from tests import shipped

PAGES = ["/", "/contact/", "/conditions/", "/conditions/back-pain/"]


@pytest.fixture(autouse=True)
def shelf(settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS, settings.DEMO = 60, True
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own is the thread's here
    SHELF.clear()
    yield SHELF
    SHELF.clear()


def away(execute, *rest):
    raise OperationalError("x")


@pytest.mark.parametrize(("scheme", "proxies"), [("http", []), ("https", ["127.0.0.1"])])
def test_pages_with_warnings_are_there_before_anybody_asks(db, settings, scheme, proxies):
    settings.BASE_URL, settings.TRUSTED_PROXIES = f"{scheme}://127.0.0.1", proxies
    settings.SECURE_SSL_REDIRECT = scheme == "https"
    shipped.load()

    assert warming.warm(get_wsgi_application())
    assert set(PAGES) <= set(SHELF.pages)
    SHELF.version_until = 0
    with connection.execute_wrapper(away):
        browser, secure = Client(headers={"host": "127.0.0.1"}), scheme == "https"
        answers = [browser.get(path, secure=secure) for path in PAGES]
    assert [answer.status_code for answer in answers] == [200] * len(PAGES)


def test_a_database_that_is_away_is_asked_again_later(db):
    shipped.load()
    with connection.execute_wrapper(away):
        assert not warming.warm(get_wsgi_application())
    assert warming.warm(get_wsgi_application())


def test_a_slip_of_ours_stops_no_process(db, monkeypatch):
    def slip(*_given):
        raise ValueError

    shipped.load()

    assert warming.warm(slip)


def test_nothing_is_made_where_nothing_is_kept(settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS = 0
    monkeypatch.setattr(warming, "keep_trying", None)

    warming.begin(get_wsgi_application())
