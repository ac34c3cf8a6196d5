"""One person's copy and erasure: all of theirs, nobody else's, and what the law keeps."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from booking.models import (
    Appointment,
    DataRequest,
    Enquiry,
    StaffPlace,
    StaffSession,
    WaitlistEntry,
)
from booking.records.copying import LEFT_OUT
from booking.records.people import person_of
from tests.booking.records.everything import (
    CANARY,
    every_value,
    holding,
    make_everything,
    stored_bytes,
    typed_in_sessions,
)
from tests.builders import (
    NOW,
    ask_without_visit,
    at,
    book,
    enquiry,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
    wait,
)
from tests.reading import texts
from tests.staff import now, sign_in  # noqa: F401

AFTER = NOW + timedelta(days=30)
pytestmark = pytest.mark.django_db


def erase(client, row, seen=None, **said):
    address = reverse("desk:person_erase", args=[row.pk])
    asked = client.get(address)
    seen = seen or (asked.context["person"].mark if asked.context else "")
    return client.post(address, {"seen": seen, "sure": "on"} | said)


def settle(status):
    Appointment.objects.update(status=status)


@pytest.fixture
def mail(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


@pytest.mark.django_db(transaction=True)
def test_no_field_and_no_byte_is_left_of_somebody_who_never_came(sign_in, mail, now):  # noqa: F811
    therapist, desk = make_therapist(), User.objects.create_user("desk")
    make_visit_type()
    book(therapist, at("16:00"))  # somebody else's, with a wish and a question
    wait(Appointment.objects.get())
    enquiry()
    manager = sign_in("Manager")
    before = every_value()
    row = make_everything(therapist, desk, mail)
    manager.post(reverse("desk:find"), {"find": CANARY.name})
    assert "quix" in typed_in_sessions()
    Appointment.objects.filter(name=CANARY.name).update(status="noshow")
    now.move_to(AFTER)

    answer = erase(manager, row)

    assert answer.url == reverse("desk:find")
    done = DataRequest.objects.values("kind", "made_at", "visits", "wishes", "questions", "kept")
    expected = {"visits": 3, "wishes": 2, "questions": 1, "kept": 0}
    assert list(done) == [{"kind": "erased", "made_at": AFTER, **expected}]
    assert "quix" not in typed_in_sessions()
    # Sessions end within a working day, and counts within another.
    by_themselves = {"booking.StaffSession", "booking.HourlyCount", "booking.Tally"}
    after = every_value()
    added = {label for label, _pk in after.keys() - before.keys()} - by_themselves
    others = {"booking.Closure", "booking.DataRequest", "booking.Look", "auditlog.LogEntry"}
    assert (added, before.keys() - after.keys()) == (others, set())
    ours = [key for key in before if key[0].startswith("booking.") and key[0] not in by_themselves]
    assert {key: after[key] for key in ours} == {key: before[key] for key in ours}
    assert (holding(), list(mail.iterdir())) == (set(), [])
    assert b"quix" not in stored_bytes()


def test_records_of_care_stay_alone_until_their_time_is_over(sign_in, mail, now):  # noqa: F811
    therapist, desk = make_therapist(), User.objects.create_user("desk")
    row = make_everything(therapist, desk, mail)
    settle("fulfilled")
    manager = sign_in("Manager")
    now.move_to(AFTER)
    asked = manager.get(reverse("desk:person_erase", args=[row.pk]))
    assert "This stays" in texts(asked, "h2")
    assert "yours says 7 years" in asked.content.decode()

    erase(manager, row)

    assert {label for label, _name in holding()} == {"booking.Appointment"}
    assert DataRequest.objects.get().kept == 3
    kept = Appointment.objects.get(pk=row.pk)
    marks = [kept.token_hash, kept.key, kept.request_digest, kept.device, kept.told_starts_at]
    assert marks == [None, None, "", None, None]
    assert (kept.told_place, kept.emails.count(), kept.attempts.count()) == ("", 0, 0)
    assert (kept.name, kept.note) == (CANARY.name, "quixotic")
    assert kept.series is None
    assert (WaitlistEntry.objects.count(), Enquiry.objects.count()) == (0, 0)

    now.move_to(NOW + timedelta(days=8 * 366))
    erase(sign_in("Manager"), row)  # the first session is over
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("is_broken", [False, True])
def test_an_erasure_is_written_beside_the_backups_or_said_not_to_be(
    settings,
    tmp_path,
    is_broken,
    sign_in,  # noqa: F811
):
    settings.BACKUP_DIR = tmp_path
    row = book(make_therapist(), at("9:30"), patient=CANARY)
    settle("cancelled")
    if is_broken:
        (tmp_path / "erased.json").mkdir()  # as where the disk takes nothing

    said = [str(each) for each in erase(sign_in("Manager"), row).wsgi_request._messages]

    words = "Until the next backup a restored one would bring them back."
    assert (Appointment.objects.count(), words in said) == (0, is_broken)
    if not is_broken:
        [entry] = json.loads((tmp_path / "erased.json").read_text())
        assert entry["rows"]["visits"] == [str(row.uuid)]


def test_whoever_is_awaited_is_not_erased_and_no_page_that_is_out_of_date_erases(sign_in, now):  # noqa: F811
    row = book(make_therapist(), at("9:30"), patient=CANARY)
    manager = sign_in("Manager")
    mark = person_of(row).mark
    assert erase(manager, row, seen=mark).url == reverse("desk:person", args=[row.pk])

    settle("cancelled")
    enquiry(name=CANARY.name, email=CANARY.email)
    assert erase(manager, row, seen=mark).status_code == 409
    assert erase(manager, row, sure="").status_code == 200
    assert (Appointment.objects.count(), DataRequest.objects.count()) == (1, 0)
    assert erase(manager, row).status_code == 302
    assert (Appointment.objects.count(), Enquiry.objects.count()) == (0, 0)


def test_found_by_what_leads_on_from_one_to_another_and_not_by_half(sign_in):  # noqa: F811
    therapist = make_therapist()
    other = replace(CANARY, email="zeb@example.net")
    third = replace(other, phone="(212) 555-0111", phone_e164="+12125550111")
    rows = [
        book(therapist, at(hour), patient=patient)
        for hour, patient in (("9:30", CANARY), ("10:30", other), ("14:00", third))
    ]
    book(therapist, at("15:00"), patient=replace(CANARY, name="Rosa Quixwater"))
    assert person_of(rows[0]).visits == rows

    elsewhere = visit(therapist, at("16:00"), location=make_location("elsewhere"))
    elsewhere.name, elsewhere.email, elsewhere.phone = CANARY.name, CANARY.email, "1"
    elsewhere.save()
    settle("cancelled")
    manager = sign_in("Manager")
    here = make_location()
    StaffPlace.objects.create(user=User.objects.get(groups__name="Manager"), location=here)
    assert erase(manager, rows[0], seen=person_of(rows[0]).mark).url.endswith("/")
    pages = [reverse(f"desk:person_{page}", args=[rows[0].pk]) for page in ("copy", "erase")]
    assert [manager.get(page).status_code for page in pages] == [302, 302]
    assert Appointment.objects.count() == 5


def test_a_wish_of_another_place_is_erased_by_nobody_of_this_one(sign_in):  # noqa: F811
    here, there = make_location(), make_location("elsewhere")
    row = book(make_therapist(), at("9:30"), patient=CANARY)
    settle("cancelled")
    ask_without_visit(patient=CANARY)
    WaitlistEntry.objects.update(location=there)
    manager, of_all = sign_in("Manager"), sign_in("Manager")
    StaffPlace.objects.create(user=User.objects.earliest("pk"), location=here)
    pages = [reverse(f"desk:person_{page}", args=[row.pk]) for page in ("copy", "erase")]

    assert [manager.get(page).status_code for page in pages] == [302, 302]
    answer = erase(manager, row, seen=person_of(row).mark)
    assert {str(each) for each in answer.wsgi_request._messages} == {
        "Some of it is at another place: a manager of all places does this."
    }
    assert (Appointment.objects.count(), WaitlistEntry.objects.count()) == (1, 1)
    assert erase(of_all, row).url == reverse("desk:find")
    assert (Appointment.objects.count(), WaitlistEntry.objects.count()) == (0, 0)


def kept_for(user, path, *values):
    fields = [["name", list(values)]]
    return {"find": values[0], "typing": {"user": user.pk, "path": path, "fields": fields}}


def test_typing_of_colleagues_goes_where_it_may_be_of_the_person_alone(sign_in, now):  # noqa: F811
    """In a session that is over too, where a form that is sent late is kept from."""
    row = book(make_therapist(), at("9:30"), patient=CANARY)
    settle("cancelled")
    manager, user = sign_in("Manager"), User.objects.get()
    sessions = {
        "another": kept_for(user, "/admin/desk/", "Omar Haddad", "a long note")
        | {"_messages": '[["", 0, 25, "Omar Haddad is booked."]]'},
        "name": kept_for(user, "/admin/desk/", "QUIX", "Quixwater, Zebulon"),
        "number": kept_for(user, "/admin/desk/", "0177", "212-555-0177"),
        "reference": kept_for(user, "/admin/desk/", row.reference.lower(), row.reference),
        "told": {"_messages": f'[["", 0, 25, "{CANARY.name} is booked."]]'},
        "page": {"typing": kept_for(user, f"/admin/x/{row.pk}/move/", "note")["typing"]},
    }
    for name, held in sessions.items():
        data = StaffSession.objects.encode(held)
        StaffSession.objects.create(session_key=name, session_data=data, expire_date=NOW)

    erase(manager, row)

    left = {each: StaffSession.objects.get(session_key=each).get_decoded() for each in sessions}
    assert left == {name: {} for name in sessions} | {"another": sessions["another"]}


def test_a_copy_holds_every_field_that_says_something(sign_in, mail):  # noqa: F811
    therapist = make_therapist()
    row = make_everything(therapist, User.objects.create_user("desk"))
    manager, address = sign_in("Manager"), reverse("desk:person_copy", args=[row.pk])

    shown = manager.get(address).content.decode()
    answer = manager.post(address)

    assert "filename" in answer["Content-Disposition"]
    assert "uix" not in answer["Content-Disposition"]
    rows = json.loads(answer.content)["rows"]
    kinds = [each["row"] for each in rows]
    assert kinds == ["appointment"] * 3 + ["waitlistentry"] * 2 + ["enquiry"]
    [first] = [each for each in rows if each.get("reference") == row.reference]
    for name in ("name", "phone", "email", "reason", "note", "booked_by", "starts_at"):
        assert first[name]
        assert name == "starts_at" or first[name] in shown
    filled = {
        field.name
        for field in Appointment._meta.concrete_fields
        if getattr(row, field.name) not in (None, "", [], False)
    }
    assert filled - LEFT_OUT == first.keys() - {"row", "parts"}
    parts = {part["row"] for each in rows for part in each["parts"]}
    assert parts == {"estimate", "outgoingemail", "contactattempt", "timeoffer", "change"}
    assert DataRequest.objects.get().kind == "copied"
