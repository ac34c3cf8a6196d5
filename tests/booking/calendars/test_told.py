"""What a patient was told is noted however a row was first written; untrue is what differs now."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import serializers

from booking.calendars.doubts import untrue
from booking.models import Appointment, Location
from booking.visits import keeping, staff_changes, telling
from tests.builders import NOW, at, book, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db
PLAIN = ["therapist_id", "visit_type_id", "location_id", "starts_at", "ends_at", "name", "phone"]
TOLD = ["told_starts_at", "told_ends_at", "told_therapist_id", "told_location_id", "told_place"]
NOTHING = dict.fromkeys(TOLD[:4]) | {"told_place": ""}
OTHERWISE = "The patient was told another time, therapist or place."
NOT_KNOWN = "It is not known what the patient was told."


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def found():
    """What is no longer so, of the one visit that there is."""
    return [doubt for doubts in untrue(Appointment.objects.all(), NOW).values() for doubt in doubts]


def said():
    return [doubt.words for doubt in found()]


def codes():
    return [doubt.code for doubt in found()]


def kinds():
    return [code.partition(":")[0] for code in codes()]


def load(visit, **changes):
    """Write the row once more from a fixture that says nothing of what was told."""
    [row] = serializers.serialize("python", [visit])
    row["fields"] |= changes
    for name in TOLD:
        del row["fields"][name.removesuffix("_id")]
    for each in serializers.deserialize("python", [row]):
        each.save()


@pytest.mark.parametrize("by", ["save", "bulk_create", "with its own number"])
def test_a_row_that_no_service_wrote_counts_as_told_as_it_was_first_saved(visit, by):
    """Such as one from a shell or an import."""
    fields = Appointment.objects.filter(pk=visit.pk).values(*PLAIN).get()
    row = Appointment(**fields, pk=visit.pk if by == "with its own number" else None)
    visit.delete()
    (row.save if by != "bulk_create" else lambda: Appointment.objects.bulk_create([row]))()

    assert Appointment.objects.values(*TOLD).get() == {name: getattr(visit, name) for name in TOLD}
    Location.objects.update(street="14 Willow Street")
    assert kinds() == ["address"]
    Appointment.objects.update(starts_at=at("9:45"))
    assert kinds() == ["told"]


def test_a_row_that_is_written_again_is_told_nothing_by_that(visit):
    Appointment.objects.update(**NOTHING)
    Appointment.objects.get().save()

    assert Appointment.objects.values(*TOLD).get() == NOTHING


def test_a_time_changed_past_every_service(visit):
    Appointment.objects.update(starts_at=at("9:45"))

    assert said() == [OTHERWISE]


@pytest.mark.parametrize("wall", ["10:00", "10:30"])
def test_an_end_changed_past_every_service(visit, wall):
    Appointment.objects.update(ends_at=at(wall))
    assert said() == [OTHERWISE]

    telling.tell(appointment=visit, codes=codes(), by_email=True, now=NOW)
    assert said() == []


def test_a_time_kept_on_purpose_is_listed_again_once_its_end_changes(visit):
    Appointment.objects.update(starts_at=at("9:15"))
    keeping.keep(appointment=visit, codes=codes(), now=NOW)
    assert said() == []

    Appointment.objects.update(ends_at=at("10:30"))
    assert said() == [OTHERWISE]


def test_neither_status_nor_visit_type_is_what_a_patient_was_told(visit):
    Appointment.objects.update(visit_type=make_visit_type("follow-up", minutes=45))
    assert said() == []

    Appointment.objects.update(status="cancelled")
    assert said() == []


@pytest.mark.parametrize("there", [False, True])
def test_of_a_fixture_that_says_nothing_of_it_nobody_knows_what_was_told(visit, there):
    if not there:
        Appointment.objects.all().delete()
    load(visit, starts_at=at("9:15"))
    assert (said(), Appointment.objects.values(*TOLD).get()) == ([NOT_KNOWN], NOTHING)

    telling.tell(appointment=visit, codes=codes(), by_email=True, now=NOW)
    assert said() == []


def test_what_is_not_known_is_kept_on_purpose_until_the_visit_changes(visit):
    load(visit)
    keeping.keep(appointment=visit, codes=codes(), now=NOW)
    assert said() == []

    Appointment.objects.update(ends_at=at("10:30"))
    assert said() == [NOT_KNOWN]


def test_what_is_not_known_ends_with_a_move(visit):
    load(visit)
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW
    )

    assert said() == []


def test_of_a_row_from_before_ends_were_noted_the_end_is_no_doubt(visit):
    Appointment.objects.update(told_ends_at=None)

    assert said() == []


def test_visits_from_before_count_as_told_as_they_stand(visit):
    Appointment.objects.update(**NOTHING)
    for name in ("0024_what_patients_were_told", "0073_told_ends"):
        import_module(f"booking.migrations.{name}").tell_as_it_is_now(apps, None)

    told = {name: getattr(visit, name) for name in TOLD}
    assert Appointment.objects.values(*TOLD).get() == told
