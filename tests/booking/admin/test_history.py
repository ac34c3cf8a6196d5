"""The history of a row."""

import importlib
from datetime import time

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.db import connection
from django.urls import reverse

from booking.models import TimeOff, WorkingHours
from booking.visits import attendance, changes, corrections, staff_changes
from tests.builders import NOW, at, book, make_location, make_therapist, wait_without_visit
from tests.reading import texts


def history(client, row):
    name = f"admin:booking_{row._meta.model_name}_history"
    return client.get(reverse(name, args=[row.pk]))


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def test_history_says_who_changed_what_from_what_to_what(desk, visit, now):
    ben = make_therapist("ben-cole")
    now.move_to(at("8:00"))
    slot = {"slot": f"{ben.slug}:20261130T1500Z", "sequence": "0"}
    desk.post(reverse("admin:booking_appointment_move", args=[visit.pk]), slot)
    now.move_to(at("10:00"))
    desk.post(reverse("admin:booking_appointment_status", args=[visit.pk, "arrived"]))

    assert texts(history(desk, visit), "tr")[1:3] == [
        "Mon, Nov 30, 2026, 10 a.m. front-desk-0 Status: Booked → Arrived",
        "Mon, Nov 30, 2026, 8 a.m. front-desk-0"
        " Therapist: Ana Ruiz, PT, DPT → Ben Cole, PT, DPT"
        " Starts: Mon, Nov 30, 2026, 9:30 a.m. → Mon, Nov 30, 2026, 10 a.m."
        " Ends: Mon, Nov 30, 2026, 10:15 a.m. → Mon, Nov 30, 2026, 10:45 a.m.",
    ]


def test_what_patients_do_is_shown_as_online(desk, visit):
    changes.cancel_by_patient(appointment=visit, now=NOW)

    cancelled, made = texts(history(desk, visit), "tr")[1:]
    assert cancelled == "Fri, Nov 27, 2026, noon Online Status: Booked → Cancelled"
    assert made.startswith("Fri, Nov 27, 2026, noon Online Made Therapist: Ana Ruiz, PT, DPT")


def test_history_says_that_the_patient_will_come(desk, visit):
    attendance.confirm(appointment=visit, now=NOW)
    changed = history(desk, visit).context["changes"][0]

    assert (changed.who, [tuple(field) for field in changed.fields]) == (
        "",
        [("Said they will come", "", "Fri, Nov 27, 2026, noon")],
    )


def test_words_about_health_and_secrets_are_not_kept_in_the_history(desk, visit):
    for new in ({"note": "Bad knee"}, {"note": "Bad hip"}, {"email": "r@example.org"}):
        corrections.correct(appointment=visit, changes=new, now=NOW)

    page = history(desk, visit)
    assert texts(page, "tr")[1] == ("Fri, Nov 27, 2026, noon Online E-mail: changed")
    assert "Private note: (not shown)" in texts(page, "tr")[-2]
    words = page.content.decode()
    visit.refresh_from_db()
    assert [secret in words for secret in ("knee", "hip", visit.token_hash)] == [False] * 3


WHO = {"name": "Zebulon Quix", "phone": "+1 212 555 0188", "email": "zeb@example.org"}


def test_that_a_name_was_changed_stands_on_the_card_and_in_no_history_what_it_was(desk, visit):
    corrections.correct(appointment=visit, changes=WHO, now=NOW)
    card = desk.get(reverse("admin:booking_appointment_change", args=[visit.pk]))

    assert texts(card, "desk-changes")[0] == "Name: changed Telephone: changed E-mail: changed"
    kept = str([entry.changes for entry in LogEntry.objects.get_for_object(visit)])
    words = ["Rosa", "rosa@", "0199", "Zebulon", "zeb@", "0188"]
    assert [word for word in words if word in kept] == []


def test_an_upgrade_takes_names_out_of_the_history_there_is(visit):
    wish = wait_without_visit()
    asked, waits = (LogEntry.objects.get_for_object(row).last() for row in (visit, wish))
    clear = {"name": ["Rosa", "Zeb"], "email": ["", "zeb@example.org"], "status": ["a", "b"]}
    LogEntry.objects.filter(pk=asked.pk).update(changes=clear)
    LogEntry.objects.filter(pk=waits.pk).update(object_repr="Rosa Marquez, sooner", changes=None)
    module = importlib.import_module("booking.migrations.0211_history_without_names")
    for _time in range(2):
        module.hide(apps, connection.schema_editor())

    asked.refresh_from_db()
    waits.refresh_from_db()
    hidden = "(not shown)"
    assert asked.changes == {
        "name": [hidden, hidden],
        "email": ["", hidden],
        "status": ["a", "b"],
    }
    assert (asked.object_repr, waits.object_repr) == (visit.reference, f"no. {wish.pk}")


def test_history_of_a_therapist_names_the_pause(desk):
    therapist = make_therapist()
    therapist.online_booking = False
    therapist.save()

    assert texts(history(desk, therapist), "tr")[1] == (
        "Fri, Nov 27, 2026, noon Automatic Online booking: yes → no"
    )


def test_history_of_a_therapist_holds_hours_and_time_off_removed_ones_too(desk):
    therapist, other = make_therapist(hours="9:00-10:00"), make_therapist("ben-cole")
    WorkingHours.objects.filter(therapist=therapist).exclude(weekday=0).delete()
    for owner in (therapist, other):
        TimeOff.objects.create(therapist=owner, starts_at=at("9:00"), ends_at=at("12:00"))
    TimeOff.objects.get(therapist=therapist).delete()
    rule = WorkingHours.objects.get(therapist=therapist)
    rule.closes = time(11)
    rule.save()

    assert texts(history(desk, therapist), "tr")[1:4] == [
        "Fri, Nov 27, 2026, noon Automatic Working hours: Monday, 9 a.m. – 11 a.m."
        " Closes: 10 a.m. → 11 a.m.",
        "Fri, Nov 27, 2026, noon Automatic Removed Time off: Mon, Nov 30, 2026, 9 a.m. – noon"
        " What it said From: Mon, Nov 30, 2026, 9 a.m. → – Until: Mon, Nov 30, 2026, noon → –",
        "Fri, Nov 27, 2026, noon Automatic Made Time off: Mon, Nov 30, 2026, 9 a.m. – noon"
        " What it said From: Mon, Nov 30, 2026, 9 a.m. Until: Mon, Nov 30, 2026, noon",
    ]


@pytest.mark.parametrize("moves", [1, 3])
def test_history_takes_a_fixed_number_of_queries(desk, visit, django_assert_num_queries, moves):
    for number in range(moves):
        visit = staff_changes.change_by_desk(
            appointment=visit,
            therapist=make_therapist(f"therapist-{number}"),
            starts_at=at("9:30"),
            now=NOW,
        )

    with django_assert_num_queries(12):
        history(desk, visit)


def test_a_field_of_an_earlier_version_is_still_shown(desk, visit):
    entry = LogEntry.objects.get_for_object(visit).get()
    entry.changes = {"fax": ["1", "2"]}
    entry.save()

    assert texts(history(desk, visit), "tr")[1] == "Fri, Nov 27, 2026, noon Online Made fax: 1 → 2"


def test_a_change_that_made_a_row_says_what_the_row_said(sign_in):
    place = make_location()
    entry = LogEntry.objects.get_for_object(place).get()
    page = sign_in("Manager").get(reverse("admin:auditlog_logentry_change", args=[entry.pk]))

    rows = texts(page, "tr")
    assert {"NameWillow Street", "CitySpringfield"} <= set(rows)
    assert [row for row in rows if "None" in row] == []
