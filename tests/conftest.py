"""Fixtures of every test, and the rules of a run: both databases, nothing skipped."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.sqlite3 import base as file_database
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from tests import kept
from tests import settings as test_settings
from tests.chromium import launch, open_page
from tests.mail_server import MailServer
from tests.memory import look_for_rubbish_seldom
from tests.second_factor import sign_in_whole
from tests.site import Site

# The same examples in each run, from no file of earlier ones: what passed here passes elsewhere.
# Neither a deadline nor a word about slowness: a slow machine is no fault of the code.
hypothesis.settings.register_profile(
    "clinic",
    derandomize=True,
    deadline=None,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.data_too_large,
    ],
)
hypothesis.settings.load_profile("clinic")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that was skipped has shown nothing: it counts as failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"A skipped test counts as failed: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a module that skips itself."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"A skipped module counts as failed: {report.longrepr}"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keep this database's tests; give transactional ones the rows that migrations made."""
    here = [item for item in items if runs_here(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in here])
    items[:] = here
    for item in items:
        marker = item.get_closest_marker("django_db")
        if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
            complete = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(complete, append=False)
        # A busy machine can starve Chromium once. The summary names each test that tried again.
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    look_for_rubbish_seldom()


def runs_here(item: pytest.Item) -> bool:
    """Whether the test is for this run's database: `@pytest.mark.only("postgresql")` says which.

    The two share the tests in a browser. A moved day has one database, which takes them all.
    """
    marker = item.get_closest_marker("only")
    takes_all = "CLOCK_MOVED_BY" in os.environ and "browser" in item.fixturenames
    return marker is None or takes_all or test_settings.TEST_DB in marker.args


def pytest_unconfigure() -> None:
    if test_settings.POSTGRES:
        test_settings.POSTGRES.stop()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """After a transactional test every table is emptied, and what migrations made is put back.
    Django's own way asks for each row, which takes longer than most such tests. Where no test of
    the run has a database, none is made.
    """
    has_tables = any(item.get_closest_marker("django_db") for item in request.session.items)
    with django_db_blocker.unblock():
        migrated = kept.read_all() if has_tables else {}

    def put_back(creation: BaseDatabaseCreation, data: str) -> None:
        kept.write(migrated, ignore_conflicts=True)  # the first finds what migrations left

    def emptying(operations: DatabaseOperations, style: Any, tables: list[str], **options: Any):
        return kept.emptying(tables)

    djangos = file_database.DatabaseOperations.sql_flush

    def emptying_file(operations: Any, *args: Any, **options: Any):
        return kept.emptying_file(djangos(operations, *args, **options))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_database.DatabaseOperations, "sql_flush", emptying_file)
        patch.setattr(BaseDatabaseCreation, "deserialize_db_from_string", put_back)
        patch.setattr(DatabaseOperations, "sql_flush", emptying)
        yield


@pytest.fixture(scope="session", autouse=True)
def with_the_second_factor() -> Iterator[None]:
    """Who is signed in by `force_login` is so as a whole; with a password alone nobody is."""
    signed_in_half = Client.force_login

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        signed_in_half(client, user, backend)
        sign_in_whole(client, user)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield


@pytest.fixture(scope="session")
def site_process(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with django_db_blocker.unblock():
        site = Site()
    yield site
    site.stop()


@pytest.fixture
def site(transactional_db: None, site_process: Site) -> Site:
    """The running site, over the rows that the test makes. `site.url` is its address."""
    site_process.empty_mail()
    return site_process


@pytest.fixture
def serve(transactional_db: None) -> Iterator[Callable[..., Site]]:
    """Start a site of the test's own: `serve(workers=4, wsgi="tests.unguarded_wsgi")`."""
    with ExitStack() as stack:

        def start(**options: object) -> Site:
            site = Site(**options)  # type: ignore[arg-type]
            stack.callback(site.stop)
            return site

        yield start


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    # Playwright's loop runs in this thread: without this Django refuses the tests' own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    migrated = getattr(connection, "_test_serialized_contents", "[]")
    with sync_playwright() as playwright:
        # The loop has a connection of its own, which must know the rows to restore as well.
        connection._test_serialized_contents = migrated  # type: ignore[attr-defined]
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages with any options of a browser context; the test fails on what they may not do."""
    with ExitStack() as stack:
        kept = []

        def start(**options: object) -> Page:
            page, complaints = stack.enter_context(open_page(browser, **options))
            kept.append(complaints)
            return page

        yield start
        assert [complaint for complaints in kept for complaint in complaints] == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page as most people have it, JavaScript on."""
    return new_page()


@pytest.fixture
def plain_page(new_page: Callable[..., Page]) -> Page:
    """A page with JavaScript off."""
    return new_page(java_script_enabled=False)


@pytest.fixture
def mailserver() -> Iterator[MailServer]:
    """A real SMTP server in this process: `work()`, `hang()`, `go_away()`."""
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def client() -> Client:
    """Django's client from the address that the site calls its own."""
    return Client(headers={"host": "127.0.0.1"})
