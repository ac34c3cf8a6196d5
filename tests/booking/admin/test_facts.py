"""What patients read of a therapist and of a place: managers enter it, and the history keeps it."""

import pytest
from django.urls import reverse

from booking.models import Location, VisitType
from tests.builders import make_location, make_therapist, make_visit_type
from tests.conditions.builders import make_condition
from tests.reading import texts
from tests.typed import fields_of

FACTS = {
    "licence": "New York, 012345",
    "school": "Oak College",
    "treats_since": "2012",
    "interests": "Running",
    "own_words": "Small steps count.",
}


def change(client, row, **typed):
    """Change some fields of a row on its form; gives the answer."""
    path = reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])
    shown = fields_of(client.get(path), f"{row._meta.model_name}_form")
    return client.post(path, shown | typed)


def history(client, row):
    path = reverse(f"admin:booking_{row._meta.model_name}_history", args=[row.pk])
    return texts(client.get(path), "tr")[1:]


def test_a_manager_enters_the_facts_of_a_therapist_and_the_history_says_so(sign_in):
    manager, therapist = sign_in("Manager"), make_therapist(hours="")
    pain = make_condition(title="Sciatica")

    answer = change(manager, therapist, **FACTS, treats=[pain.pk])

    therapist.refresh_from_db()
    assert answer.status_code == 302
    assert {name: str(getattr(therapist, name)) for name in FACTS} == FACTS
    assert list(therapist.treats.all()) == [pain]
    assert {line.split("manager-0 ")[1] for line in history(manager, therapist)[:2]} == {
        "Treats: Sciatica",
        "License: New York, 012345 School: Oak College Treats since: 2012 Interests: Running"
        " Own words: Small steps count.",
    }
    change(manager, therapist, treats=[])
    assert history(manager, therapist)[0].endswith("manager-0 Treats: Sciatica → –")


def test_a_year_that_is_none_is_refused(sign_in):
    therapist = make_therapist(hours="")

    answer = change(sign_in("Manager"), therapist, treats_since="12")

    assert texts(answer, "errorlist") == ["Enter a year, such as 2012."]


def test_the_front_desk_reads_the_facts_and_changes_none(sign_in):
    therapist = make_therapist(hours="", **FACTS)
    desk = sign_in("Front desk")

    change(desk, therapist, school="Other College")

    therapist.refresh_from_db()
    assert therapist.school == "Oak College"


@pytest.mark.parametrize("field", ["by_car", "by_bus", "on_foot"])
def test_a_manager_enters_a_way_to_a_place_and_the_history_says_so(sign_in, field):
    manager, place = sign_in("Manager"), make_location()

    change(manager, place, **{field: "Turn left."})

    assert getattr(Location.objects.get(), field) == "Turn left."
    assert history(manager, place)[0].endswith(": Turn left.")


def test_a_manager_enters_a_fee_and_the_history_says_so(sign_in):
    manager, visit_type = sign_in("Manager"), make_visit_type()

    change(manager, visit_type, no_show_fee="40.00")

    assert str(VisitType.objects.get().no_show_fee) == "40.00"
    assert history(manager, visit_type)[0].endswith("Fee for who does not come: 40.00")
