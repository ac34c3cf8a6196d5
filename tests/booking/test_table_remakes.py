"""Migrations that rebuild the table of appointments leave NoOverlap in force."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from booking.models import Appointment, Look
from booking.records import looks
from tests.builders import at, make_therapist, visit
from tests.guards import NAME, overlapping_pairs

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = models.PositiveIntegerField(default=0)
LONGER = models.CharField(max_length=300)
OTHER_KEY = models.CheckConstraint(
    condition=~models.Q(name=""), name="booking_appointment_name_given"
)

OPERATIONS = {
    "add a field": [migrations.AddField("appointment", "count", COUNT)],
    "alter a field": [migrations.AlterField("appointment", "name", LONGER)],
    "alter a field of the constraint": [
        migrations.AlterField("appointment", "status", models.CharField(max_length=40))
    ],
    "rename a field": [migrations.RenameField("appointment", "note", "private_note")],
    "remove a field": [migrations.RemoveField("appointment", "note")],
    "remove another constraint": [
        migrations.RemoveConstraint("appointment", "booking_appointment_status_exists")
    ],
    "add another constraint": [migrations.AddConstraint("appointment", OTHER_KEY)],
    "add an index": [
        migrations.AddIndex("appointment", models.Index(fields=["email"], name="booking_email"))
    ],
    "alter the therapists": [migrations.AlterField("therapist", "name", LONGER)],
    "rename the table": [migrations.AlterModelTable("appointment", "booking_visit")],
    "several at once": [
        migrations.AddField("appointment", "count", COUNT),
        migrations.AlterField("appointment", "name", LONGER),
        migrations.RemoveConstraint("appointment", "booking_appointment_status_exists"),
        migrations.RemoveField("appointment", "count"),
    ],
}


@contextmanager
def migrated(*operations):
    """A migration after the last one of the app, taken back at the end; yields its models."""
    migration = migrations.Migration("for_this_test", "booking")
    migration.operations = operations
    before = MigrationExecutor(connection).loader.project_state()
    with connection.schema_editor() as editor:
        after = migration.apply(before.clone(), editor)
    try:
        yield after.apps.get_model("booking", "Appointment")
    finally:
        with connection.schema_editor() as editor:
            migration.unapply(before.clone(), editor)


def copy(model, row, **changes):
    """The row as a row of a migration's model."""
    names = {field.attname for field in model._meta.concrete_fields}
    values = {name: value for name, value in vars(row).items() if name in names}
    return model(**(values | changes))


def refused(write):
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        write()


@pytest.mark.parametrize("operations", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_the_guard_outlives_a_migration(operations):
    therapist = make_therapist()
    visit(therapist, at("9:30"), note="kept").save()
    later = visit(therapist, at("14:00"))
    later.save()

    with migrated(*operations) as model:
        clash = copy(model, visit(therapist, at("9:45")))
        refused(lambda: model.objects.bulk_create([clash]))
        rows = model.objects.filter(pk=later.pk)
        refused(lambda: rows.update(starts_at=at("9:45"), ends_at=at("10:30")))
        model.objects.bulk_create([copy(model, visit(therapist, at("9:45")), status="cancelled")])
        assert model.objects.count() == 3

    refused(lambda: Appointment.objects.bulk_create([visit(therapist, at("9:45"))]))
    refused(lambda: Appointment.objects.filter(status="cancelled").update(status="booked"))
    assert overlapping_pairs() == []


def test_who_looked_stays_written_once_after_a_migration():
    looks.note(by=1, page="desk:visit", about=[(Look.Kind.VISIT, 7)], now=timezone.now())

    with migrated(migrations.AddField("look", "count", COUNT)), connection.cursor() as cursor:
        for statement in ("UPDATE booking_look SET by_id = 2", "DELETE FROM booking_look"):
            with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
                cursor.execute(statement)

    assert Look.objects.count() == 1


def test_without_the_constraint_the_same_rows_overlap():
    therapist = make_therapist()
    visit(therapist, at("9:30")).save()

    with migrated(migrations.RemoveConstraint("appointment", NAME)) as model:
        model.objects.bulk_create([copy(model, visit(therapist, at("9:45")))])
        assert len(overlapping_pairs()) == 1
        model.objects.all().delete()

    visit(therapist, at("9:30")).save()
    refused(lambda: Appointment.objects.bulk_create([visit(therapist, at("9:45"))]))
