"""NoOverlap, which the database keeps against every writer."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.forms import modelform_factory

from booking.models import Appointment
from tests.builders import at, make_therapist, visit
from tests.guards import constraint_dropped, overlapping_pairs
from tests.statuses import ACTIVE, OVER

pytestmark = pytest.mark.django_db

NAME = "booking_appointment_no_overlap"


def insert_by_hand(row):
    fields = [field for field in Appointment._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    marks = ", ".join("%s" for _field in fields)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        statement = f"INSERT INTO booking_appointment ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.execute(statement, values)


def load_fixture(row, folder):
    row.created_at = row.updated_at = at("7:00")  # a fixture holds every field
    path = folder / "clash.json"
    path.write_text(serializers.serialize("json", [row]))
    call_command("loaddata", path, verbosity=0)


INSERTS = {
    "save": lambda row, _folder: row.save(),
    "bulk_create": lambda row, _folder: Appointment.objects.bulk_create([row]),
    "one by one": lambda row, _folder: Appointment.objects.bulk_create([row], batch_size=1),
    "raw SQL": lambda row, _folder: insert_by_hand(row),
    "loaddata": load_fixture,
}


@pytest.mark.parametrize("insert", INSERTS.values(), ids=INSERTS.keys())
def test_no_insert_makes_an_overlap(insert, tmp_path):
    therapist = make_therapist()
    visit(therapist, at("9:30")).save()

    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        insert(visit(therapist, at("10:00")), tmp_path)

    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("insert", INSERTS.values(), ids=INSERTS.keys())
def test_without_the_constraint_each_insert_makes_an_overlap(insert, tmp_path):
    therapist = make_therapist()
    with constraint_dropped():
        visit(therapist, at("9:30")).save()
        insert(visit(therapist, at("10:00")), tmp_path)

        assert len(overlapping_pairs()) == 1


def shift(rows, row):
    rows.update(starts_at=at("9:45"), ends_at=at("10:30"))


def shift_by_hand(rows, row):
    statement = "UPDATE booking_appointment SET starts_at = %s, ends_at = %s WHERE id = %s"
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapt(at("9:45")), adapt(at("10:30")), row.pk])


def save(rows, row):
    row.starts_at, row.ends_at = at("10:14"), at("11:00")
    row.save()


def bulk_update(rows, row):
    row.starts_at, row.ends_at = at("9:00"), at("9:31")
    Appointment.objects.bulk_update([row], ["starts_at", "ends_at"])


def lengthen(rows, row):
    row.ends_at = at("16:00")
    rows.update(starts_at=at("7:00"), ends_at=at("16:00"))


def upsert(rows, row):
    row.starts_at, row.ends_at = at("9:30"), at("10:15")
    Appointment.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["starts_at", "ends_at"],
    )


UPDATES = [shift, shift_by_hand, save, bulk_update, lengthen, upsert]


@pytest.mark.parametrize("update", UPDATES)
def test_no_update_of_a_time_makes_an_overlap(update):
    therapist = make_therapist()
    visit(therapist, at("9:30")).save()
    later = visit(therapist, at("14:00"))
    later.save()

    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        update(Appointment.objects.filter(pk=later.pk), later)

    assert overlapping_pairs() == []
    later.refresh_from_db()
    assert (later.starts_at, later.ends_at) == (at("14:00"), at("14:45"))


@pytest.mark.parametrize("update", UPDATES)
def test_without_the_constraint_each_update_makes_an_overlap(update):
    therapist = make_therapist()
    with constraint_dropped():
        visit(therapist, at("9:30")).save()
        later = visit(therapist, at("14:00"))
        later.save()
        update(Appointment.objects.filter(pk=later.pk), later)

        assert len(overlapping_pairs()) == 1


def test_no_update_of_the_therapist_makes_an_overlap():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    visit(ana, at("9:30")).save()
    other = visit(ben, at("9:30"))
    other.save()

    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Appointment.objects.filter(pk=other.pk).update(therapist=ana)

    assert overlapping_pairs() == []


@pytest.mark.parametrize("freed", OVER)
@pytest.mark.parametrize("held", ACTIVE)
def test_a_freed_time_can_be_given_away_and_not_taken_back(freed, held):
    therapist = make_therapist()
    gone = visit(therapist, at("9:30"), status=freed)
    Appointment.objects.bulk_create([gone, visit(therapist, at("9:30"), status=freed)])
    visit(therapist, at("9:30"), status=held).save()

    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Appointment.objects.filter(name=gone.name).update(status="booked")

    assert overlapping_pairs() == []


@pytest.mark.parametrize(("start", "end"), [("8:45", "9:30"), ("10:15", "11:00")])
def test_visits_are_half_open(start, end):
    therapist = make_therapist()
    Appointment.objects.bulk_create(
        [visit(therapist, at("9:30")), visit(therapist, at(start), ends_at=at(end))]
    )

    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [("9:29", "9:31"), ("10:14", "10:16"), ("9:40", "9:50"), ("9:00", "11:00"), ("9:30", "10:15")],
)
def test_one_minute_shared_is_an_overlap(start, end):
    therapist = make_therapist()
    clash = visit(therapist, at(start), ends_at=at(end))

    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Appointment.objects.bulk_create([visit(therapist, at("9:30")), clash])

    assert Appointment.objects.count() == 0


def test_conflicts_that_are_ignored_are_not_stored():
    therapist = make_therapist()
    visit(therapist, at("9:30")).save()

    # A trigger's refusal is not a conflict to SQLite: there the whole insert is refused.
    with suppress(IntegrityError), transaction.atomic():
        rows = [visit(therapist, at("9:45")), visit(therapist, at("14:00"))]
        Appointment.objects.bulk_create(rows, ignore_conflicts=True)

    assert overlapping_pairs() == []


@pytest.mark.parametrize("status", ACTIVE)
def test_validate_refuses_what_the_database_would(status):
    therapist = make_therapist()
    visit(therapist, at("9:30")).save()

    with pytest.raises(ValidationError) as caught:
        visit(therapist, at("10:00"), status=status).full_clean()

    assert caught.value.message_dict == {"__all__": ["That time is already booked."]}


def test_validate_allows_what_the_database_would():
    ana = make_therapist()
    first = visit(ana, at("9:30"))
    first.save()

    first.full_clean()
    visit(ana, at("10:15")).full_clean()
    visit(ana, at("9:30"), status="cancelled").full_clean()
    visit(make_therapist("ben-cole"), at("9:30")).full_clean()


@pytest.mark.parametrize(
    "fields",
    [["therapist", "starts_at", "ends_at"], ["starts_at", "ends_at"], ["starts_at"]],
)
def test_a_form_answers_a_clash_with_an_error(fields):
    therapist = make_therapist()
    visit(therapist, at("9:30")).save()
    later = visit(therapist, at("14:00"), minutes=60)
    later.save()
    typed = {
        "therapist": therapist.pk,
        "starts_at": "2026-11-30 09:45",
        "ends_at": "2026-11-30 15:00",
    }

    form = modelform_factory(Appointment, fields=fields)(typed, instance=later)

    assert form.errors == {"__all__": ["That time is already booked."]}


def test_a_form_of_the_status_alone_answers_a_clash_with_an_error():
    therapist = make_therapist()
    missed = visit(therapist, at("9:30"), status="noshow")
    missed.save()
    visit(therapist, at("10:00")).save()

    form = modelform_factory(Appointment, fields=["status"])({"status": "arrived"}, instance=missed)

    assert form.errors == {"__all__": ["That time is already booked."]}


def test_a_form_without_times_answers_with_its_own_errors():
    form = modelform_factory(Appointment, fields=["therapist", "starts_at", "ends_at"])({})

    assert sorted(form.errors) == ["ends_at", "starts_at", "therapist"]


@pytest.mark.only("postgresql")
def test_the_exclusion_constraint_stands_on_a_gist_index():
    query = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [NAME])
        [(definition,)] = cursor.fetchall()

    assert "USING gist (therapist_id, tstzrange(starts_at, ends_at, '[)'::text))" in definition


@pytest.mark.only("sqlite")
def test_the_trigger_reads_the_index_on_therapist_and_end():
    assert guard_plan() == [
        "SEARCH booking_appointment USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH booking_appointment USING INDEX booking_appointment_calendar"
        " (therapist_id=? AND ends_at>?)",
    ]


def guard_plan():
    """What SQLite says it does for the statement inside the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [f"{NAME}_insert"])
        [(trigger,)] = cursor.fetchall()
        body = trigger.split("BEGIN ")[1].removesuffix("; END")
        query = body.replace(f"RAISE(ABORT, '{NAME}')", "1").replace('NEW."id"', "1")
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        return [row[3] for row in cursor.fetchall()]


def test_a_visit_ends_after_it_starts():
    therapist = make_therapist()
    for minutes in (0, -45):
        backwards = visit(therapist, at("9:30"), minutes=minutes)
        with pytest.raises(IntegrityError, match="ends_after_start"), transaction.atomic():
            backwards.save()
        with pytest.raises(ValidationError):
            backwards.full_clean()

    assert visit(therapist, at("9:30")).ends_at - at("9:30") == timedelta(minutes=45)
