"""Whatever two people type into forms that were opened together, no field of either is lost."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.models import Therapist, TimeOff
from tests.builders import MONDAY, at, make_therapist
from tests.staff import now, sign_in  # noqa: F401
from tests.typed import fields_of

OWN = ["name", "languages", "bio"]
BELOW = ["time_off-0-reason", "time_off-1-reason"]
OPENED = {**dict.fromkeys(OWN, "As it was"), **dict.fromkeys(BELOW, "As it was")}
# Few words, so that two people often type the same.
words = st.sampled_from(["As it was", "Oak", "Elm", "Ash & Fir"])
typing = st.dictionaries(st.sampled_from([*OWN, *BELOW]), words)


@pytest.fixture
def therapist(db):
    row = make_therapist(hours="")
    for start in ("9:00", "11:00"):
        TimeOff.objects.create(therapist=row, starts_at=at(start), ends_at=at("12:00", MONDAY))
    return row


@pytest.fixture
def client(sign_in):  # noqa: F811
    return sign_in(superuser=True)


def put_back():
    Therapist.objects.update(**{name: OPENED[name] for name in OWN})
    TimeOff.objects.update(reason="As it was")


def stored():
    reasons = TimeOff.objects.values_list("reason", flat=True)
    return Therapist.objects.values(*OWN).get() | dict(zip(BELOW, reasons, strict=True))


def changed(typed):
    return {name: word for name, word in typed.items() if word != OPENED[name]}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=typing, other=typing)
def test_of_two_forms_opened_together_no_field_is_lost(client, therapist, one, other):
    put_back()
    page = reverse("admin:booking_therapist_change", args=[therapist.pk])
    form = fields_of(client.get(page), "therapist_form")
    assert client.post(page, form | {name: [word] for name, word in one.items()}).status_code == 302
    first = stored()
    response = client.post(page, form | {name: [word] for name, word in other.items()})

    assert first == OPENED | changed(one)
    if response.status_code == 302:  # both are kept
        assert stored() == OPENED | changed(one) | changed(other)
        return
    assert (response.status_code, stored()) == (409, first)
    kept = fields_of(response, "therapist_form")
    assert {name: kept[name][0] for name in OPENED} == OPENED | other
    typed = OPENED | other
    told = {(each.now, each.typed) for each in response.context["meanwhile"]}
    assert told >= {(word, typed[name]) for name, word in changed(one).items() if name in OWN}
    assert told >= {
        (word, typed[name]) for name, word in changed(one).items() if word != typed[name]
    }
