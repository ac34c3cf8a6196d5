"""What was typed for a caller goes along to the walk-in's form and the series', in no address."""

import re

import pytest
from django.urls import reverse

from booking.models import Appointment
from tests.booking.desk.pages import ADD, typed
from tests.builders import at, make_therapist, make_visit_type
from tests.typed import fields_of

WALK_IN, SERIES = reverse("desk:walk_in"), reverse("desk:series")
NEEDS = {"booked_by": "Ana Haddad", "interpreter": "Spanish", "wants_gender": "woman"}
TOLD = ["name", "email", "reason", "note", "key", *NEEDS]
TYPED = {"email": "omar@example.org", **NEEDS, "step_free": "on", "carry": ""}


@pytest.fixture
def ana(now):
    now.move_to(at("9:37"))
    make_visit_type()
    make_visit_type("follow-up", name="Follow-up visit", minutes=30)
    make_therapist("ben-cole")
    return make_therapist()


def values(form, names):
    return {name: form[name].value() for name in names}


def test_the_buttons_of_the_form_send_it_along(desk, ana):
    page = desk.get(ADD, {"visit": "follow-up"}).content.decode()

    assert re.findall('name="carry" formaction="(.+?)"', page) == [
        f"{WALK_IN}?visit=follow-up",
        f"{SERIES}?visit=follow-up",
    ]
    assert f'href="{WALK_IN}"' not in page
    assert f'href="{SERIES}"' not in page


def test_a_caller_who_stands_at_the_desk_is_not_typed_again(desk, ana):
    sent = typed(visit_type="follow-up", **TYPED, phone="", no_phone_reason="Has none")
    page = desk.post(WALK_IN, sent)
    form = page.context["form"]
    names = [*TOLD, "no_phone_reason", "visit_type", "therapist"]

    assert values(form, names) == {name: sent[name] for name in names}
    assert (form.is_bound, form.is_touched, Appointment.objects.count()) == (False, True, 0)

    again = fields_of(page, "walk-in")
    desk.post(WALK_IN, again)
    told = Appointment.objects.values(*TOLD, "no_phone_reason", "step_free", "status").get()
    assert told | {"key": str(told["key"])} == {name: sent[name] for name in TOLD} | {
        "no_phone_reason": "Has none",
        "step_free": True,
        "status": "arrived",
    }


def test_without_a_therapist_who_is_free_now_is_chosen(desk, ana):
    page = desk.post(WALK_IN, typed(therapist="", **TYPED))

    assert page.context["form"]["therapist"].value() == "ana-ruiz"


def test_a_caller_of_several_visits_is_not_typed_again(desk, ana):
    sent = typed(visit_type="follow-up", day="2026-12-07", **TYPED)
    page = desk.post(SERIES, sent)

    assert values(page.context["form"], TOLD) == {name: sent[name] for name in TOLD}
    assert values(page.context["pattern"], ["visit_type", "therapist", "first"]) == {
        "visit_type": "follow-up",
        "therapist": "ana-ruiz",
        "first": "2026-12-07",
    }
    assert Appointment.objects.count() == 0


def test_a_series_is_booked_for_who_has_no_telephone(desk, ana):
    page = desk.post(SERIES, typed(**TYPED | {"email": ""}, phone="", no_phone_reason="Has none"))
    asked = fields_of(page, SERIES) | {"weekdays": ["1"], "weeks": "2", "do": "propose"}
    proposed = desk.post(SERIES, asked)
    desk.post(SERIES, fields_of(proposed, SERIES) | {"do": "book"})

    rows = Appointment.objects.values_list("name", "phone", "no_phone_reason", "interpreter")
    assert list(rows) == [("Omar Haddad", "", "Has none", "Spanish")] * 2
