"""Which errors a service is tried again after, how often and for how long."""

import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError, transaction
from psycopg import errors

from booking.faults import is_away
from booking.transactions import Stale, is_passing, retried


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (Stale(), True),
        (OperationalError("database is locked"), True),
        (OperationalError("database or disk is full"), False),
        (caused(OperationalError("x"), errors.SerializationFailure()), True),
        (caused(OperationalError("x"), errors.DeadlockDetected()), True),
        (caused(OperationalError("x"), errors.LockNotAvailable()), True),
        (caused(OperationalError("x"), errors.QueryCanceled()), False),
    ],
)
def test_an_error_passes_where_the_same_may_succeed_a_moment_later(error, passing):
    assert is_passing(error) == passing


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("x"), True),
        (InterfaceError("x"), True),
        (caused(InternalError("x"), errors.ReadOnlySqlTransaction()), True),
        (caused(InternalError("x"), errors.IdleInTransactionSessionTimeout()), True),
        (caused(InternalError("x"), errors.InFailedSqlTransaction()), False),
        (DataError("x"), False),
        (ValueError("x"), False),
    ],
)
def test_a_database_is_away_where_later_may_help(error, away):
    assert is_away(error) == away


class Service:
    """Raises these errors, one each time it is called; then it succeeds."""

    def __init__(self, *raised):
        self.raised, self.calls = list(raised), 0

    def __call__(self):
        self.calls += 1
        if self.raised:
            raise self.raised.pop(0)
        return "done"


def outcome(service):
    """What it returned or raised, and how often it was called."""
    try:
        found = retried(service.__call__)()
    except OperationalError as error:
        found = type(error)
    return found, service.calls


def test_a_service_keeps_its_name_and_what_it_says_of_itself():
    def cancel():
        """Take it back."""

    assert (retried(cancel).__name__, retried(cancel).__doc__) == ("cancel", "Take it back.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failures", "expected"),
    [(0, ("done", 1)), (1, ("done", 2)), (2, ("done", 3)), (3, (Stale, 3))],
)
def test_a_service_has_three_tries(failures, expected):
    assert outcome(Service(*[Stale()] * failures)) == expected


@pytest.mark.django_db(transaction=True)
def test_what_does_not_pass_is_not_tried_again():
    assert outcome(Service(OperationalError("full"))) == (OperationalError, 1)


@pytest.mark.django_db(transaction=True)
def test_who_waited_too_long_waits_for_no_other_try(monkeypatch):
    monkeypatch.setattr("booking.transactions.PATIENCE_SECONDS", -1)

    assert outcome(Service(Stale())) == (Stale, 1)


@pytest.mark.django_db(transaction=True)
def test_within_another_transaction_only_that_can_begin_again():
    service = Service(Stale())
    with transaction.atomic():
        assert outcome(service) == (Stale, 1)
