"""Role × place: who copies and erases whom, from whichever row of theirs."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from booking.models import DataRequest, StaffPlace, WaitlistEntry
from booking.records.people import person_of
from tests.booking.records.everything import CANARY
from tests.builders import ask_without_visit, at, enquiry, make_location, make_therapist, visit
from tests.staff import now, sign_in  # noqa: F401

pytestmark = pytest.mark.django_db

# `y`: copied and erased, as asked; `o`: told that some of it is at another place; `-`: no such row,
# for them; `n`: forbidden; `l`: to the sign-in. A letter for each of these:
ROLES = ["nobody", "Front desk", "Therapist", "Editor", "Manager here", "Manager"]
# Whose rows are where, and by which of them the person is come to.
TABLE = {
    "own visit": "lnnnyy",
    "own wish": "lnnnyy",
    "own question": "lnnnyy",
    "other visit": "lnnn-y",
    "other wish": "lnnn-y",
    "other question": "lnnnoy",
    "both visit": "lnnnoy",
    "both wish": "lnnnoy",
    "both question": "lnnnoy",
    "alone wish": "lnnnyy",  # wherever it is
    "alone question": "lnnnyy",
}
ASKS = [("get", "copy"), ("post", "copy"), ("get", "erase"), ("post", "erase")]


@pytest.fixture
def places():
    return {"own": make_location(), "other": make_location("oak-avenue", name="Oak Avenue")}


@pytest.fixture
def clients(client, sign_in, places):  # noqa: F811
    therapist = make_therapist("ben-cole")  # of whom none of the visits is
    found = [client, sign_in("Front desk"), sign_in("Therapist", therapist=therapist)]
    found += [sign_in("Editor"), sign_in("Manager")]
    StaffPlace.objects.create(user=User.objects.latest("pk"), location=places["own"])
    return [*found, sign_in("Manager")]


def rows_of(where, places):
    """A visit, a wish and a question of one person, at these places; `both` has a visit at each,
    and `alone` one row of each kind, of another person each.
    """
    if where == "alone":
        names = {kind: replace(CANARY, name=f"{CANARY.name} {kind}") for kind in "wq"}
        return {"wish": ask_without_visit(names["w"]), "question": asked(names["q"])}
    therapist, place = make_therapist(), places["other" if where == "other" else "own"]
    found = {"visit": cancelled(therapist, "9:30", place)}
    if where == "both":
        cancelled(therapist, "14:00", places["other"])
    found["wish"] = ask_without_visit(CANARY)
    WaitlistEntry.objects.update(location=place)
    return found | {"question": asked(CANARY)}


def cancelled(therapist, wall, place):
    who = {name: getattr(CANARY, name) for name in ("name", "email", "phone", "phone_e164")}
    row = visit(therapist, at(wall), location=place, status="cancelled", **who)
    row.save()
    return row


def asked(patient):
    names = ("name", "email", "phone", "phone_e164")
    return enquiry(**{name: getattr(patient, name) for name in names})


def letter(client, verb, name, kind, row):
    """How somebody is answered; nothing of it stays."""
    page = reverse(f"desk:{'person' if kind == 'visit' else kind}_{name}", args=[row.pk])
    with transaction.atomic():
        before = rows_left(row)
        response = getattr(client, verb)(page, {"seen": person_of(row).mark, "sure": "on"})
        done = list(DataRequest.objects.values_list("kind", flat=True))
        is_gone = rows_left(row) == 0
        is_same = rows_left(row) == before
        transaction.set_rollback(True)
    url = getattr(response, "url", "")
    if url.startswith("/admin/login/"):
        found = "l"
    elif response.status_code in (403, 404):
        found = {403: "n", 404: "-"}[response.status_code]
    elif "at another place" in str([*map(str, response.wsgi_request._messages)]):
        found = "o"
    else:
        wanted = {"get": [], "post": ["copied" if name == "copy" else "erased"]}[verb]
        assert (done, is_gone) == (wanted, (verb, name) == ("post", "erase"))
        return "y"
    assert (done, is_same) == ([], True)
    return found


def rows_left(row):
    """How many rows there are of whoever has it; none once it is gone."""
    return len([each for each in person_of(row).rows if type(each).objects.filter(pk=each.pk)])


@pytest.mark.parametrize("where", ["own", "other", "both", "alone"])
def test_who_copies_and_erases_whom(clients, places, where):
    rows = rows_of(where, places)
    found = {
        f"{where} {kind}": {
            (verb, name): "".join(letter(client, verb, name, kind, row) for client in clients)
            for verb, name in ASKS
        }
        for kind, row in rows.items()
    }

    named = {case: letters for case, letters in TABLE.items() if case.split()[0] == where}
    assert found == {case: dict.fromkeys(ASKS, letters) for case, letters in named.items()}
