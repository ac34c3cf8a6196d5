"""A clash at the desk: it names the other visit; who may, books over it with a reason."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Appointment
from booking.visits import changes, overriding
from tests.booking.desk.pages import ADD, opened, sheet, typed
from tests.builders import NOW, at, book, book_by_desk, make_therapist, make_visit_type, sent_by
from tests.reading import said, texts

WHY = "Cannot stand up"


@pytest.fixture
def there():
    make_visit_type()
    return book(make_therapist(), at("9:30"))


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


def rows():
    fields = ["name", "starts_at", "overrides", "override_reason"]
    return list(Appointment.objects.order_by("pk").values_list(*fields))


FIRST = ("Rosa Marquez", at("9:30"), False, "")


def named(there):
    return f"Rosa Marquez, 9:30 a.m.–10:15 a.m., Initial consultation {there.reference}"


def shown(response):
    """What the page says of the clash, and the fields of its button."""
    return texts(response, "desk-doubts"), response.context["clash"]


def anyway(response, why=WHY):
    """The same form, by the button that takes the time anyway."""
    return {"override": response.context["clash"].code, "override_reason": why}


def test_a_clash_names_the_other_visit_and_says_who_can_book_over_it(desk, there):
    response = desk.post(ADD, typed(time="09:45"))

    [words], clash = shown(response)
    assert words == (
        f"Already booked at that time: {named(there)}"
        " Choose another time. Who manages the clinic can book over it."
    )
    assert not clash.may
    assert b"override_reason" not in response.content
    assert rows() == [FIRST]


def test_who_manages_books_over_it_with_a_reason(manager, there):
    form = typed(time="09:45")
    asked = manager.post(ADD, form)
    assert texts(asked, "desk-doubts") == [f"Already booked at that time: {named(there)}"]
    assert rows() == [FIRST]

    response = manager.post(ADD, form | anyway(asked), follow=True)

    assert rows() == [FIRST, ("Omar Haddad", at("9:45"), True, WHY)]
    assert said(response)[1] == (
        f"Double: at the same time as Rosa Marquez, 9:30 a.m.–10:15 a.m. ({there.reference})."
    )


def test_a_reason_is_asked_for_and_the_typing_kept(manager, there):
    form = typed(time="09:45")
    response = manager.post(ADD, form | anyway(manager.post(ADD, form), why=" "))

    clash = response.context["clash"]
    assert clash.form.errors == {"override_reason": ["Say why it must be at this time"]}
    assert response.context["form"]["name"].value() == "Omar Haddad"
    assert rows() == [FIRST]


def test_without_the_permission_the_button_does_nothing(desk, manager, there):
    form = typed(time="09:45")
    leave = anyway(manager.post(ADD, form))

    desk.post(ADD, form | leave)
    assert rows() == [FIRST]

    User.objects.get(username__startswith="front").user_permissions.add(
        Permission.objects.get(codename="override_appointment")
    )
    desk.post(ADD, form | leave)
    assert rows() == [FIRST, ("Omar Haddad", at("9:45"), True, WHY)]


def test_leave_is_for_the_time_and_the_visits_that_the_page_named(manager, there):
    form = typed(time="09:45")
    leave = anyway(manager.post(ADD, form))

    manager.post(ADD, form | leave | {"time": "10:00"})
    assert rows() == [FIRST]

    since = book_by_desk(there.therapist, at("10:15"), **sent_by(1))
    response = manager.post(ADD, form | leave)
    assert rows()[2:] == []
    assert [visit.pk for visit in response.context["clash"].shown] == [there.pk, since.pk]

    manager.post(ADD, form | anyway(response))
    assert rows()[2:] == [("Omar Haddad", at("9:45"), True, WHY)]


@pytest.mark.parametrize("rubbish", ["", "x", "ana-ruiz:20261130T1445Z", "a/b/c", "\x00", "9" * 99])
def test_rubbish_gives_no_leave(manager, there, rubbish):
    manager.post(ADD, typed(time="09:45") | {"override": rubbish, "override_reason": WHY})

    assert rows() == [FIRST]


def test_a_time_that_is_free_by_now_is_booked_as_any(manager, there):
    form = typed(time="09:45")
    leave = anyway(manager.post(ADD, form))
    Appointment.objects.update(status="cancelled")

    manager.post(ADD, form | leave)
    assert rows()[1:] == [("Omar Haddad", at("9:45"), False, "")]


def test_a_doubled_click_books_once(manager, there):
    form = typed(time="09:45")
    form |= anyway(manager.post(ADD, form))
    for _click in range(2):
        manager.post(ADD, form)

    assert rows() == [FIRST, ("Omar Haddad", at("9:45"), True, WHY)]


def test_doubts_are_asked_about_beside_the_clash(manager, there):
    book_by_desk(there.therapist, at("18:00"), **sent_by(1))
    form = typed(time="18:00")
    asked = manager.post(ADD, form)
    assert asked.context["doubts"] == ["Outside Ana Ruiz's working hours."]
    assert len(texts(asked, "desk-doubts")) == 2

    again = manager.post(ADD, form | anyway(asked))
    assert len(rows()) == 2

    tick = {"confirm": again.context["form"].confirmation()}
    manager.post(ADD, form | anyway(again) | tick)
    assert rows()[2:] == [("Omar Haddad", at("18:00"), True, WHY)]


def test_a_visit_is_moved_over_another(manager, desk, there):
    row = book_by_desk(there.therapist, at("14:00"), **sent_by(1))
    address = reverse("admin:booking_appointment_move", args=[row.pk])
    form = {"slot": "ana-ruiz:20261130T1445Z", "sequence": "0"}
    asked = desk.post(address, form)
    assert texts(asked, "desk-doubts")[0].startswith(f"Already booked at that time: {named(there)}")
    assert b"override_reason" not in asked.content

    asked = manager.post(address, form)
    manager.post(address, form | anyway(asked))

    assert rows()[1] == ("Patient 1", at("9:45"), True, WHY)


def test_nobody_reads_of_a_visit_that_they_may_not_see(sign_in, there):
    own = sign_in(therapist=make_therapist("ben-cole"))
    mine = ["add_appointment", "view_appointment", "override_appointment"]
    User.objects.latest("pk").user_permissions.set(Permission.objects.filter(codename__in=mine))

    response = own.post(ADD, typed(time="09:45"))

    assert texts(response, "desk-doubts") == [
        "Already booked at that time: A visit that you may not see"
        " Choose another time. Who manages the clinic can book over it."
    ]
    assert "Rosa" not in response.content.decode()


def double(there):
    return book_by_desk(
        there.therapist, at("9:45"), override=overriding.Override(WHY), **sent_by(1)
    )


def test_both_are_marked_on_the_board_and_say_with_whom(desk, there):
    over = double(there)
    other = book_by_desk(there.therapist, at("11:00"), **sent_by(2))
    page = sheet(desk)

    marked = {
        box.line.visit.pk: [row.pk for row in box.line.double]
        for box in page.context["board"].columns[0].boxes
        if box.line.visit
    }
    assert marked == {there.pk: [over.pk], over.pk: [there.pk], other.pk: []}
    assert page.content.decode().count("<b>Double</b>") == 2
    panels = opened(desk)
    assert [words for words in texts(panels, "desk-warn") if "same time" in words] == [
        "Double: at the same time as Patient 1, 9:45 a.m.",
        "Double: at the same time as Rosa Marquez, 9:30 a.m.",
    ]
    assert f"Why: {WHY}" in texts(panels, "p")


def test_the_visits_own_page_says_so(desk, there):
    over = double(there)
    address = reverse("admin:booking_appointment_change", args=[over.pk])
    assert f"Why: {WHY}" in texts(desk.get(address), "p")

    Appointment.objects.filter(pk=there.pk).update(status="cancelled")
    assert f"Why: {WHY}" not in texts(desk.get(address), "p")


def test_a_cancelled_visit_above_comes_back_for_who_may_give_leave(desk, manager, there):
    over = double(there)
    changes.cancel_by_desk(appointment=over, now=NOW)
    undo = reverse("admin:booking_appointment_undo", args=[over.pk])

    refused = desk.post(undo, follow=True)
    assert said(refused) == [
        "That time is already taken by Rosa Marquez, 9:30 a.m.–10:15 a.m."
        f" ({there.reference}). Nothing was changed."
    ]
    assert Appointment.objects.get(pk=over.pk).status == "cancelled"

    manager.post(undo)
    assert rows()[1] == ("Patient 1", at("9:45"), True, WHY)


def test_the_board_takes_as_many_queries_with_doubles(desk, there, django_assert_num_queries):
    with CaptureQueriesContext(connection) as one:
        sheet(desk)
    double(there)
    double_again = sent_by(3)
    book_by_desk(there.therapist, at("9:00"), override=overriding.Override(WHY), **double_again)

    with django_assert_num_queries(len(one)):
        sheet(desk)
