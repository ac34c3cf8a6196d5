"""What has been kept long enough goes without a trace, and nothing else does."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from booking.models import (
    Appointment,
    Enquiry,
    LastDone,
    Look,
    OutgoingEmail,
    Retention,
    WaitlistEntry,
)
from booking.models.retention import DAYS, PERIODS
from booking.records import erasing, looks, purging
from conditions.models import Page
from tests.booking.records.everything import (
    CANARY,
    OF_PERSON,
    WORDS,
    every_value,
    holding,
    make_everything,
    stored_bytes,
)
from tests.builders import NOW, at, book, enquiry, make_therapist, make_visit_type, wait
from tests.staff import now, sign_in  # noqa: F401

OLD = NOW - timedelta(days=8 * 366)
LATER = NOW + timedelta(days=8 * 366)


@pytest.fixture
def mail(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def purge(*options):
    out = StringIO()
    call_command("purge", *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_a_patient_in_any_field_or_byte(mail, now):  # noqa: F811
    therapist = make_therapist()
    user = User.objects.create_user("desk")
    make_visit_type()
    before = every_value()
    with transaction.atomic():
        make_everything(therapist, user, mail)
    found = holding()
    assert {label for label, _name in found} == {
        *("booking.Appointment", "booking.Enquiry", "booking.WaitlistEntry"),
        *("booking.OutgoingEmail", "admin.LogEntry"),
    }
    assert [model for model in OF_PERSON if not model._default_manager.exists()] == []
    assert b"quix" in stored_bytes()

    now.move_to(LATER)
    said = purge("--dry-run")
    assert said[-1] == "That would be erased."
    assert (holding(), LastDone.objects.exists()) == (found, False)
    done = purge()

    assert done[-1] == "That was erased."
    assert done[:4] == [
        "Visits that took place: 3",
        "Visits cancelled or missed: 0",
        "Questions: 1",
        "Earlier-time wishes: 1",
    ]
    left = {key: values for key, values in every_value().items() if key not in before}
    assert sorted({label for label, _pk in left}) == ["booking.Closure", "booking.LastDone"]
    assert [word for word in WORDS if word.encode() in stored_bytes()] == []
    assert list(mail.iterdir()) == []
    assert purge()[-1] == "Nothing has been kept for too long."


@pytest.mark.only("sqlite")
@pytest.mark.django_db(transaction=True)
def test_without_cleaning_the_file_an_erased_name_would_stand_in_it(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
    make_everything(make_therapist(), User.objects.create_user("desk"))
    with monkeypatch.context() as patch:
        patch.setattr(purging, "_clean_pages", lambda: None)
        purging.purge(LATER)
    assert b"quix" in stored_bytes()

    purging.purge(LATER)

    assert b"quix" not in stored_bytes()


@pytest.mark.django_db
def test_a_visit_deleted_past_every_service_leaves_values_that_purge_takes(monkeypatch):
    monkeypatch.setattr(purging, "_clean_pages", lambda: None)
    visit = book(make_therapist(), at("9:30"), patient=CANARY)
    entries = LogEntry.objects.get_for_model(Appointment).filter(object_pk=str(visit.pk))
    visit.delete()  # as from a shell
    assert (holding(), entries.filter(action=LogEntry.Action.DELETE).exists()) == (set(), True)

    done = purging.purge(NOW + timedelta(days=1))

    assert (entries.count(), done["Entries of the history"] > 0) == (0, True)


def mailed(visit):
    return OutgoingEmail.objects.filter(appointment=visit)


def rows_of_each_kind():
    """{the period: (its row, from when it counts)}."""
    therapist = make_therapist()
    came, missed, other = (book(therapist, at(hour)) for hour in ("9:30", "10:30", "14:00"))
    Appointment.objects.filter(pk=missed.pk).update(status="noshow")
    wish = wait(came)
    # Old for the database's own clock too, which no test turns.
    looks.note(by=1, page="desk:visit", about=[(Look.Kind.VISIT, came.pk)], now=OLD)
    answered = enquiry(answered_at=at("17:00"))
    WaitlistEntry.objects.filter(pk=wish.pk).update(ends_at=came.ends_at)
    return {
        "care": (Appointment.objects.filter(pk=came.pk), came.ends_at),
        "missed": (Appointment.objects.filter(pk=missed.pk), missed.ends_at),
        "questions": (Enquiry.objects.filter(pk=answered.pk), answered.answered_at),
        "wishes": (WaitlistEntry.objects.filter(pk=wish.pk), came.ends_at),
        "emails": (mailed(other), other.ends_at),
        "history": (
            LogEntry.objects.get_for_object(therapist),
            LogEntry.objects.get_for_object(therapist).get().timestamp,
        ),
        "looks": (Look.objects.all(), OLD),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["care", "missed", "questions", "wishes", "emails", "history", "looks"]
)
def test_each_kind_stays_to_the_end_of_its_own_period(monkeypatch, name, now):  # noqa: F811
    monkeypatch.setattr(purging, "_clean_pages", lambda: None)
    rows, since = rows_of_each_kind()[name]
    Retention.objects.update(**{name: 24})
    over = since + timedelta(days=24 * DAYS)

    purging.purge(over)
    assert rows.exists()
    purging.purge(over + timedelta(seconds=1))
    assert not rows.exists()


@pytest.mark.django_db
def test_what_is_to_come_stays_however_short_the_periods(monkeypatch):
    monkeypatch.setattr(purging, "_clean_pages", lambda: None)
    monkeypatch.setattr(purging, "BATCH", 1)
    Retention.objects.update(care=12, missed=1, questions=1, wishes=1, emails=1, history=1)
    visit = book(make_therapist(), at("9:30"))
    wait(visit)
    before = every_value()

    purging.purge(NOW)

    gone = {label for label, pk in before.keys() - every_value().keys()}
    assert gone <= {"booking.HourlyCount", "booking.Tally"}


@pytest.mark.django_db
def test_many_go_in_batches_and_a_fault_keeps_those_that_are_done(monkeypatch):
    monkeypatch.setattr(purging, "_clean_pages", lambda: None)
    monkeypatch.setattr(purging, "BATCH", 2)
    therapist = make_therapist()
    for hour in range(9, 14):
        enquiry(name=f"Somebody {hour}", answered_at=at(f"{hour}:00"))
    whole, sizes = erasing.erase_questions, []

    def counted(pks):
        sizes.append(len(pks))
        whole(pks)

    kind = purging.KINDS[2]._replace(erase=counted)
    assert purging._all_of(kind, Retention(), LATER) == 5
    assert sizes == [2, 2, 1, 0]
    assert therapist


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"care": 11}, {"emails": 0}])
def test_the_database_refuses_periods_that_erase_at_once(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Retention.objects.update(**wrong)


@pytest.mark.django_db
def test_a_manager_sets_the_periods_and_the_privacy_page_says_them(sign_in, client, settings):  # noqa: F811
    settings.DEMO = True
    Page.objects.create(slug="privacy", title="Privacy", summary="Words.", state="example")
    manager, address = sign_in("Manager"), "/admin/booking/retention/1/change/"
    asked = dict.fromkeys(PERIODS, "18") | {"care": "120"}
    manager.post(address, asked)

    assert manager.get("/admin/booking/retention/").url == address
    assert sign_in("Front desk").get(address).status_code == 403
    html = client.get("/privacy/").content.decode()
    said = html[html.index('id="kept-for"') :]
    assert re.findall(r"<li>(.+?)</li>", said)[:7] == [
        "Visits that took place: 10 years",
        "Visits that were cancelled or missed: 18 months",
        "Questions from the website: 18 months",
        "Wishes for an earlier time: 18 months",
        "That an e-mail was sent: 18 months",
        "Who changed what, besides visits: 18 months",
        "Which of us looked at whose visit: 18 months",
    ]
