"""A round of days goes on where it was broken off, and begins anew once all are green."""

import pytest

from tests.days import record
from tests.days.record import Result

GREEN = Result(green=True, said="9 passed in 1.00s", commit="0123456")
RED = Result(green=False, said="1 failed, 8 passed in 1.00s", commit="0123456")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "FOLDER", tmp_path / "days")


def test_all_days_are_to_do_at_first():
    assert record.to_do(["monday", "leap-day"]) == ["monday", "leap-day"]


def test_days_that_are_green_are_not_run_again():
    record.keep("monday", GREEN)
    record.keep("friday", RED)

    assert record.to_do(["monday", "friday", "leap-day"]) == ["friday", "leap-day"]


def test_a_new_round_begins_once_all_are_green():
    record.keep("monday", RED)
    record.keep("monday", GREEN)
    assert record.read() == {"monday": GREEN}

    assert record.to_do(["monday"]) == ["monday"]
    assert record.read() == {}
