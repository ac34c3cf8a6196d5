"""Who looked at whom is written once: the database itself refuses to change or delete it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction

from booking.constraints import AppendOnly, guard_names
from booking.models import Look
from booking.records import looks, purging
from tests.builders import NOW

pytestmark = pytest.mark.django_db
OLD = datetime(2020, 1, 1, tzinfo=UTC)  # beyond any period, by the clock of the database too
[GUARD] = [each for each in Look._meta.constraints if isinstance(each, AppendOnly)]


def look(at=None):
    """One look; the database has a clock of its own, and finds NOW's young on any test day."""
    at = at or datetime.now(UTC)
    looks.note(by=1, page="desk:visit", about=[(Look.Kind.VISIT, 7)], now=at)
    return Look.objects.latest("pk")


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


WRITES = {
    "update": "UPDATE booking_look SET by_id = 2",
    "update of an old one": "UPDATE booking_look SET key = 8 WHERE at < '2021-01-01'",
    "delete": "DELETE FROM booking_look WHERE at > '2021-01-01'",
    "delete of all": "DELETE FROM booking_look",
}
OF_FILE = {
    "replace": "REPLACE INTO booking_look (id, at, quarter, page, kind, key, by_id)"
    " SELECT id, at, quarter, page, kind, 8, by_id FROM booking_look"
}
OF_SERVER = {"truncate": "TRUNCATE booking_look"}


def stored():
    return list(Look.objects.order_by("pk").values_list())


def refused(statement):
    look(OLD), look()
    before = stored()
    with pytest.raises(IntegrityError, match="booking_look_append_only"):
        run(statement)
    assert stored() == before


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES.keys())
def test_nobody_changes_or_deletes_a_look_by_sql(statement):
    refused(statement)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("statement", OF_FILE.values(), ids=OF_FILE.keys())
def test_nor_by_what_sqlite_has_besides(statement):
    refused(statement)


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("statement", OF_SERVER.values(), ids=OF_SERVER.keys())
def test_nor_by_what_postgresql_has_besides(statement):
    refused(statement)


def test_nor_by_the_models_own_ways():
    row = look()
    for act in (row.delete, row.save, lambda: Look.objects.update(page="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert Look.objects.get().page == "desk:visit"


@pytest.mark.django_db(transaction=True)
def test_without_the_triggers_the_same_statements_pass_and_a_check_says_so():
    """Each guard is the one that refuses; taken out, `check` names it."""
    look(OLD), look()
    names = guard_names(GUARD, connection)
    with connection.schema_editor() as editor:
        for statement in GUARD.remove_sql(Look, editor).split(";"):
            editor.execute(statement)
    try:
        with pytest.raises(SystemCheckError, match=r"booking\.E002") as error:
            call_command("check", databases=["default"])
        assert [name in str(error.value) for name in names] == [True] * len(names)
        for statement in [WRITES["update"], WRITES["delete of all"]]:
            run(statement)
        assert Look.objects.count() == 0
    finally:
        with connection.schema_editor() as editor:
            GUARD.constraint_sql(Look, editor)
    call_command("check", databases=["default"])
    refused(WRITES["update"])


def test_what_is_old_enough_is_deleted_by_purge_alone_by_the_period(monkeypatch):
    monkeypatch.setattr(purging, "_clean_pages", lambda: None)
    old, young = look(OLD), look()

    done = purging.purge(datetime.now(UTC))

    assert (done["Who looked at whom"], list(Look.objects.all())) == (1, [young])
    assert not Look.objects.filter(pk=old.pk).exists()


def test_the_same_look_again_is_kept_once_whatever_the_second():
    for seconds in (0, 1, 899, 900):
        looks.note(
            by=1,
            page="desk:visit",
            about=[(Look.Kind.VISIT, 7), (Look.Kind.VISIT, 7)],
            now=NOW + timedelta(seconds=seconds),
        )
    assert Look.objects.count() == 2
