"""A page of the desk that was left open undoes nothing that a colleague has done since."""

import pytest
from django.contrib import admin
from django.urls import reverse

from booking.models import Appointment
from booking.visits import changes, staff_changes, undoing
from tests.booking.admin.matrix import TABLE
from tests.builders import NOW, at, book, make_therapist
from tests.typed import fields_of

# Django's own pages: `tests/clinic_site/test_saving_in_turn.py` walks over these.
STOCK = {"changelist", "add", "history", "delete", "change", "password_change", "auditlog"}
READ = {  # these change nothing
    "booking_appointment_day",
    "booking_appointment_to_deal_with",
    "booking_appointment_estimates",
    "conditions_condition_preview",
    "conditions_article_preview",
    "booking_appointment_twice",
    "conditions_page_preview",
    "conditions_exercise_preview",
}
SAY_WHICH_WAY = {  # one click sets one thing, and says to what: done twice, it is done
    "booking_appointment_estimate",
    "booking_appointment_seen",
    "booking_enquiry_answered",
    "booking_enquiry_reopen",
    "booking_waitlistentry_close",
}
OWE = {"booking_appointment_send_again", "booking_outgoingemail_again"}  # one more message
APPROVE = {f"conditions_{model._meta.model_name}_approve" for model in admin.site._registry}
# Say which difference, rows or texts were read: see test_newer, test_signing_in_lists.
APPROVE |= {"conditions_newer", "conditions_newer_text"}
APPROVE |= {f"{name}_several" for name in APPROVE if name.endswith("_approve")}
CARRY = {"status", "cancel", "undo", "move", "keep"}  # pages that carry the visit's version
CARRY_ALL = {"booking_waitlistentry_suits"}  # a digest of the whole wish: see test_wishes
CORRECTED = {"name": "Rosa Márquez", "phone": "+1 212-555-0188", "email": "r@example.org"}
OTHERS = {"contact"}  # carries a digest of each detail
# Carry what they showed of each visit: see test_telling, test_cancelling.
OTHERS |= {"tell", "tell_all", "cancel_many"}


# Of the desk's own addresses those that are posted to: looked up only; made anew, by a key; and
# those that carry the versions of the visits which they showed: see test_absence, test_to_do,
# test_series, records/test_people.
LOOK_UP, MADE_ONCE = {"people", "find", "next_free"}, {"series", "walk_in"}
CARRY_VERSIONS = {"absence", "telephoned", "series_cancel", "series_move"}
for kind in ("person", "wish", "question"):
    LOOK_UP.add(f"{kind}_copy")
    CARRY_VERSIONS.add(f"{kind}_erase")


def names():
    """Every page that a model's admin has beside Django's own, by name."""
    found = set()
    for model, its in admin.site._registry.items():
        before = f"{model._meta.app_label}_{model._meta.model_name}_"
        named = {str(url.name) for url in its.get_urls() if getattr(url, "name", None)}
        found |= {name for name in named if name.removeprefix(before) not in STOCK}
    return found


def test_every_page_of_the_desk_is_known_to_these_tests():
    carry = {f"booking_appointment_{name}" for name in CARRY | OTHERS}

    assert names() - READ - SAY_WHICH_WAY - OWE - APPROVE - CARRY_ALL == carry


def test_every_address_of_the_desk_that_writes_is_known_to_these_tests():
    writing = {name for name, row in TABLE.items() if set(row.split()[1]) != set("lx")}
    own = {name.removeprefix("desk:") for name in writing if name.startswith("desk:")}

    assert own == LOOK_UP | MADE_ONCE | CARRY_VERSIONS


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def state(visit):
    return Appointment.objects.filter(pk=visit.pk).values().get()


STALE: dict[str, dict[str, str]] = {  # what a page posts besides the version of the visit
    "status": {},
    "cancel": {},
    "keep": {"code": "hours"},
    "undo": {},
    "move": {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "14:00"},
}


def address(visit, name):
    more = ["arrived"] if name == "status" else []
    return reverse(f"admin:booking_appointment_{name}", args=[visit.pk, *more])


def meanwhile(visit, name):
    """What a colleague does: takes the visit elsewhere, or has undone and cancelled it again."""
    if name == "undo":
        undoing.undo_cancel(appointment=visit, now=NOW)
        return changes.cancel_by_desk(appointment=visit, now=NOW)
    ana, later = visit.therapist, at("10:30")
    return staff_changes.change_by_desk(appointment=visit, therapist=ana, starts_at=later, now=NOW)


@pytest.mark.parametrize("name", sorted(CARRY))
def test_a_click_for_a_visit_that_a_colleague_changed_changes_nothing(desk, visit, now, name):
    if name == "undo":
        changes.cancel_by_desk(appointment=visit, now=NOW)
        visit.refresh_from_db()
    page = {"sequence": visit.sequence} | STALE[name]
    meanwhile(visit, name)
    theirs = state(visit)
    now.move_to(at("8:00") if name == "status" else NOW)
    response = desk.post(address(visit, name), page)
    visit.refresh_from_db()

    assert (response.status_code in (200, 409), state(visit)) == (True, theirs)
    again = desk.post(address(visit, name), page | {"sequence": visit.sequence})
    assert (again.status_code, state(visit) != theirs) == (302, True)


FORM = {"visit_type": "initial-consultation", "minutes": "50", "therapist": "ana-ruiz"}
FORM |= {"day": "2026-12-01", "time": "14:10"}
# What somebody does with a page that shows the visit at 9:30, and what of it must not be lost.
DONE: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "drag": ("move", {"slot": "ana-ruiz:20261130T1900Z"}, []),
    "form": ("move", FORM, ["therapist", "day", "time", "minutes"]),
    "look": ("move", FORM | {"look": "1"}, ["therapist", "day", "time", "minutes"]),
    "cancel": ("cancel", {"reason": "ill"}, ["reason"]),
    "status": ("status", {}, []),
}


@pytest.mark.parametrize("done", DONE)
def test_two_desks_are_told_what_changed_and_lose_nothing(desk, visit, now, done):
    name, sent, typed = DONE[done]
    page = sent | {"sequence": visit.sequence}
    meanwhile(visit, name)
    theirs = state(visit)
    now.move_to(at("8:00") if name == "status" else NOW)
    response = desk.post(address(visit, name), page)

    assert (response.status_code in (200, 409), state(visit)) == (True, theirs)
    assert "10:30 a.m." in " ".join(response.text.split())
    kept = {field: str(response.context["form"][field].value()) for field in typed}
    assert kept == {field: sent[field] for field in typed}


def opened(client, visit):
    return fields_of(client.get(address(visit, "contact")), "desk-contact")


def test_correcting_while_a_colleague_did_shows_both_and_keeps_the_typing(desk, visit):
    stale = {name: values[0] for name, values in opened(desk, visit).items()}
    desk.post(address(visit, "contact"), CORRECTED)
    theirs = state(visit)
    second = desk.post(address(visit, "contact"), stale | {"phone": "(212) 555-0143"})
    told = [(each.label, each.now, each.typed) for each in second.context["meanwhile"]]

    assert (second.status_code, state(visit)) == (409, theirs)
    assert told == [
        ("Name", "Rosa Márquez", "Rosa Marquez"),
        ("Telephone", "+1 212-555-0188", "(212) 555-0143"),
        ("E-mail", "r@example.org", "rosa@example.org"),
    ]
    assert second.context["form"]["phone"].value() == "(212) 555-0143"
    again = {name: values[0] for name, values in fields_of(second, "desk-contact").items()}
    assert desk.post(address(visit, "contact"), again).status_code == 302
    assert (state(visit)["name"], state(visit)["phone"]) == ("Rosa Marquez", "(212) 555-0143")


@pytest.mark.parametrize("seen", ["", "x", "[]", '{"name": 1}'])
def test_contact_details_that_do_not_say_what_they_showed_are_stale(desk, visit, seen):
    before = state(visit)

    assert desk.post(address(visit, "contact"), CORRECTED | {"seen": seen}).status_code == 409
    assert state(visit) == before


def test_a_mistake_on_a_stale_form_leaves_it_stale(desk, visit):
    stale = {name: values[0] for name, values in opened(desk, visit).items()}
    desk.post(address(visit, "contact"), CORRECTED)
    wrong = desk.post(address(visit, "contact"), stale | {"phone": "12"})
    typed = {name: values[0] for name, values in fields_of(wrong, "desk-contact").items()}

    assert wrong.status_code == 200
    assert (
        desk.post(address(visit, "contact"), typed | {"phone": "(212) 555-0143"}).status_code == 409
    )


def test_a_double_click_on_saving_contact_details_passes(desk, visit):
    typed = CORRECTED | {"seen": opened(desk, visit)["seen"][0]}

    assert [desk.post(address(visit, "contact"), typed).status_code for _click in range(2)] == [
        302,
        302,
    ]
