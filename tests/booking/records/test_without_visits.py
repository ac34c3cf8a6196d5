"""Whoever only asked a question or only waits: copied, erased, told apart like everybody else."""

import json
from dataclasses import replace
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from booking.models import Appointment, DataRequest, Enquiry
from booking.records import erased, forgetting
from booking.records.people import person_of
from booking.visits import attempts
from booking.visits.refusals import Changed
from tests.booking.records.everything import CANARY, holding
from tests.builders import NOW, ask_without_visit, at, book, enquiry, make_therapist, visit, wait
from tests.reading import said, texts
from tests.staff import now, sign_in  # noqa: F401
from tests.threads import together

pytestmark = pytest.mark.django_db
KINDS = ["wish", "question"]


def asked(patient=CANARY, **fields):
    """A question of somebody's."""
    names = ("name", "email", "phone", "phone_e164")
    return enquiry(**{name: getattr(patient, name) for name in names} | fields)


def come_by(kind):
    """A row of somebody's who has no visit, and nothing but that row."""
    return ask_without_visit(patient=CANARY) if kind == "wish" else asked(message="quixotic?")


def page(kind, row, name="erase"):
    return reverse(f"desk:{kind}_{name}", args=[row.pk])


def erase(client, kind, row):
    seen = client.get(page(kind, row)).context["person"].mark
    return client.post(page(kind, row), {"seen": seen, "sure": "on"}, follow=True)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_of_them_and_a_restore_brings_nothing_back(
    settings,
    tmp_path,
    kind,
    sign_in,  # noqa: F811
):
    settings.BACKUP_DIR = tmp_path
    other = enquiry()
    row = come_by(kind)
    attempts.note(about=row, outcome="called", user=User.objects.create_user("desk"), now=NOW)
    backed_up = type(row).objects.filter(pk=row.pk).values().get()
    manager = sign_in("Manager")

    answer = erase(manager, kind, row)

    assert said(answer) == ["Erased. Nothing of them is left."]
    assert answer.redirect_chain == [
        (reverse(f"admin:booking_{type(row)._meta.model_name}_changelist"), 302)
    ]
    assert holding() == set()
    assert list(Enquiry.objects.all()) == [other]
    counts = DataRequest.objects.values_list("kind", "visits", "wishes", "questions", "kept")
    wishes, questions = int(kind == "wish"), int(kind == "question")
    assert list(counts) == [("erased", 0, wishes, questions, 0)]

    type(row)(**backed_up).save()  # as a backup of before has it
    type(row).objects.filter(pk=row.pk).update(created_at=backed_up["created_at"])
    assert holding() != set()
    assert erased.again(erased.read(tmp_path)) == 1
    assert (holding(), DataRequest.objects.count()) == (set(), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_holds_what_they_wrote_and_what_was_noted_of_it(kind, sign_in):  # noqa: F811
    row = come_by(kind)
    attempts.note(about=row, outcome="called", user=User.objects.create_user("desk"), now=NOW)
    manager = sign_in("Manager")

    shown = manager.get(page(kind, row, "copy")).content.decode()
    [copied] = json.loads(manager.post(page(kind, row, "copy")).content)["rows"]

    assert (copied["row"], copied["name"]) == (row._meta.model_name, CANARY.name)
    assert "contactattempt" in {part["row"] for part in copied["parts"]}
    assert [CANARY.name in shown, CANARY.email in shown] == [True, True]
    assert DataRequest.objects.get().kind == "copied"


def rows_of_one_person():
    """A visit, a wish about it and one without, and questions: each leads on to the next."""
    therapist = make_therapist()
    moved = replace(CANARY, email="zeb@example.net")
    first = book(therapist, at("9:30"), patient=CANARY)
    wishes = [wait(first), ask_without_visit(patient=moved)]
    question = asked(moved, phone="(212) 555-0111", phone_e164="+12125550111")
    last = visit(therapist, at("14:00"), name="ZEBULON  Quixwater", phone="+1 212 555 0111")
    last.phone_e164 = "+12125550111"
    last.save()
    return [first, last, *wishes, question]


def test_the_same_person_from_whichever_row_it_starts():
    rows = rows_of_one_person()

    assert [person_of(row).rows for row in rows] == [rows] * len(rows)


OTHERS = {
    "son": replace(CANARY, name="Zebulon Quixwater Jr"),
    "slip": replace(CANARY, name="Zebulon Quixwatar"),
    "half": replace(CANARY, name="Quixwater"),
    "namesake": replace(
        CANARY, email="z@example.com", phone="(212) 555-0100", phone_e164="+12125550100"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", OTHERS)
def test_near_names_and_namesakes_are_other_people(kind, who, sign_in):  # noqa: F811
    """Neither by a visit, nor by a wish or a question; and of none is anything erased."""
    row, other = come_by(kind), OTHERS[who]
    others = [book(make_therapist(), at("9:30"), patient=other), asked(other)]
    others.append(ask_without_visit(patient=other))

    assert person_of(row).rows == [row]
    erase(sign_in("Manager"), kind, row)
    assert [type(each).objects.filter(pk=each.pk).exists() for each in others] == [True] * 3


def test_without_an_address_or_number_that_can_be_compared_a_question_is_alone():
    """No number and no address are not the same number and address."""
    row = asked(email="", phone="ask Ma", phone_e164="")
    for email in ("", "zeb@example.net"):
        asked(email=email, phone="ask Ma", phone_e164="")
    visit(make_therapist(), at("9:30"), name=CANARY.name).save()

    assert person_of(row).rows == [row]


@pytest.mark.parametrize("kind", ["person", *KINDS])
def test_the_page_names_every_row_that_goes_and_whose_it_is(kind, sign_in):  # noqa: F811
    first, last, _about, alone, question = rows_of_one_person()
    Appointment.objects.update(status="cancelled")
    row = {"person": first, "wish": alone, "question": question}[kind]

    asks = sign_in("Manager").get(page(kind, row))

    mine, mail = f"{CANARY.name} {CANARY.phone}", "zebulon.quixwater@example.org"
    suits = "Initial consultation, Mon, Tue, Wed, Thu, Fri, any time of day"
    day = "Fri, Nov 27, 2026"
    assert texts(asks, "li")[-6:] == [
        f"Visit: Mon, Nov 30, 2026, 9:30 a.m., Cancelled {mine} {mail}",
        f"Visit: Mon, Nov 30, 2026, 2 p.m., Cancelled {last.name.replace('  ', ' ')} {last.phone}",
        f"Earlier-time wish: {day}, {suits} {mine} {mail}",
        f"Earlier-time wish: {day}, {suits} {mine} zeb@example.net",
        f"Question: {day}, “Do you have parking?” {CANARY.name} {question.phone} zeb@example.net",
        "All that was noted of e-mails to them, of calls and of times that were offered",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_awaited_or_asked_more_since_is_not_erased(kind, sign_in):  # noqa: F811
    row, manager = come_by(kind), sign_in("Manager")
    seen = manager.get(page(kind, row)).context["person"].mark
    come = book(make_therapist(), at("9:30"), patient=CANARY)
    typed = {"seen": seen, "sure": "on"}

    late = manager.post(page(kind, row), typed)
    assert (late.status_code, said(late)) == (
        409,
        ["There is more or less of it by now. Look again."],
    )
    assert reverse("desk:person", args=[come.pk]) in late.content.decode()
    typed["seen"] = late.context["person"].mark
    back = manager.post(page(kind, row), typed)
    assert back.url == reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])
    assert (type(row).objects.count(), DataRequest.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_of_two_who_erase_them_at_once_one_does(kind, now):  # noqa: F811
    user, row = User.objects.create_user("boss", is_superuser=True), come_by(kind)
    act = partial(forgetting.forget, start=row, user=user, now=NOW, seen=person_of(row).mark)

    done = together(act, act)

    assert sorted(type(each).__name__ for each in done) == [Changed.__name__, DataRequest.__name__]
    assert (type(row).objects.count(), DataRequest.objects.count()) == (0, 1)


def shown_to(client, row):
    there = client.get(reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk]))
    return [words for words in texts(there, "desk-click") if words == "Copy or erase"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_own_page_leads_there_whoever_may(kind, sign_in):  # noqa: F811
    row, manager = come_by(kind), sign_in("Manager")

    assert [shown_to(client, row) for client in (manager, sign_in("Front desk"))] == [
        ["Copy or erase"],
        [],
    ]
    there = reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])
    assert page(kind, row) in manager.get(there).content.decode()
    asks = manager.get(page(kind, row)).content.decode()
    assert [each in asks for each in (there, page(kind, row, "copy"))] == [True, True]
