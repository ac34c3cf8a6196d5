"""A list longer than anybody telephones through shows the soonest, and counts the rest."""

from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Appointment, Location
from tests.builders import at, make_therapist, visit
from tests.reading import texts

LIST = reverse("admin:booking_appointment_to_deal_with")
TELL_ALL = "Tell all 100 by e-mail whose details alone have changed"


@pytest.fixture
def visits():
    """102 of them, the last first."""
    ana = make_therapist(hours="8:00-20:00")
    starts = [at("9:00") + number * timedelta(minutes=5) for number in reversed(range(102))]
    rows = [visit(ana, start, 5, email="rosa@example.org") for start in starts]
    return Appointment.objects.bulk_create(rows)


def test_the_soonest_hundred_are_shown_and_told_and_the_rest_is_counted(desk, visits):
    Location.objects.update(street="14 Willow Street")
    response = desk.get(LIST)

    assert list(response.context["visits"]) == visits[:1:-1]
    assert texts(response, "desk-left") == ["And 2 later visits, not shown here."]
    assert TELL_ALL in response.content.decode()
    desk.post(reverse("admin:booking_appointment_tell_all"), told(response))
    assert list(desk.get(LIST).context["visits"]) == visits[1::-1]


def told(response):
    return {"visits": " ".join(map(str, response.context["to_tell"]))}


def test_a_hundred_are_all_there_is_to_say(desk, visits):
    Appointment.objects.filter(pk__in=[row.pk for row in visits[:2]]).delete()
    Location.objects.update(street="14 Willow Street")
    response = desk.get(LIST)

    assert len(response.context["visits"]) == 100
    assert texts(response, "desk-left") == []


def test_who_is_asked_before_saving_reads_how_many_there_are(sign_in, visits):
    place = Location.objects.get()
    fields = ["name", "slug", "city", "region", "postal_code", "travel_minutes"]
    form = {name: getattr(place, name) for name in fields} | {"street": "14 Willow Street"}
    form |= {"pictures-TOTAL_FORMS": 0, "pictures-INITIAL_FORMS": 0}
    address = reverse("admin:booking_location_change", args=[place.pk])
    response = sign_in("Manager").post(address, form)

    asked = "If you go on, 102 booked visits will no longer be true as they were told."
    assert asked in response.content.decode()
    assert list(response.context["visits"]) == visits[:1:-1]
    assert texts(response, "desk-left") == ["And 2 later visits, not shown here."]
