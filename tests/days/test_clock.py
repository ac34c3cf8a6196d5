"""All processes of a run have one clock: the kernel's, moved as `make test-days` says."""

import os
import urllib.request
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models.functions import Now
from django.utils import timezone

GRAIN = timedelta(seconds=1)  # the header `Date` has whole seconds


@pytest.fixture
def expected(tmp_path):
    """The moment by the kernel, which stamps files and which no library moves, with the move."""
    moved_by = timedelta(seconds=int(os.environ.get("CLOCK_MOVED_BY", "0")))

    def now() -> datetime:
        stamped = tmp_path / "stamped"
        stamped.write_text("now")
        return datetime.fromtimestamp(stamped.stat().st_mtime, UTC) + moved_by

    return now


def agrees(ask, expected) -> bool:
    """Whether what was asked gave a moment between the one before and the one after."""
    before = expected()
    return before - GRAIN <= ask() <= expected() + GRAIN


def test_the_tests_have_the_clock_of_the_run(expected):
    assert agrees(timezone.now, expected)


def test_the_site_has_the_clock_of_the_run(site, expected):
    def ask():
        with urllib.request.urlopen(f"{site.url}/healthz") as response:
            return parsedate_to_datetime(response.headers["Date"])

    assert agrees(ask, expected)


def test_commands_have_the_clock_of_the_run(site, expected):
    say = "from django.utils import timezone; print(timezone.now().isoformat())"

    def ask():
        return datetime.fromisoformat(site.manage("shell", "-v0", "-c", say).stdout.strip())

    assert agrees(ask, expected)


def test_the_browser_has_the_clock_of_the_run(page, expected):
    assert agrees(lambda: datetime.fromisoformat(page.evaluate("new Date().toJSON()")), expected)


def test_the_database_has_the_clock_of_the_run(transactional_db, expected):
    assert agrees(ContentType.objects.values_list(Now(), flat=True).first, expected)


@pytest.mark.parametrize("minutes", [-1, 1])
def test_a_planted_clock_that_is_off_is_reported(expected, minutes):
    assert not agrees(lambda: expected() + timedelta(minutes=minutes), expected)
