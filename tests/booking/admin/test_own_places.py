"""Staff who work at one place see nothing of the people of another, whatever they open or send."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils.formats import date_format

from booking.models import (
    Appointment,
    Closure,
    Estimate,
    OnlineBooking,
    OutgoingEmail,
    StaffPlace,
    Therapist,
    TimeOff,
    TimeOffer,
    WaitlistEntry,
)
from booking.visits import changes
from tests.booking.admin.own_places import CANARY, MARK, addresses, member, rows, seen
from tests.booking.desk.pages import ADD, typed
from tests.builders import (
    MONDAY,
    NOW,
    add_hours,
    at,
    book,
    book_series,
    make_location,
    make_therapist,
    make_visit_type,
    slot,
    visit,
    wait,
)

GROUPS = ["Front desk", "Manager"]


@pytest.fixture
def here(db):
    """The user's own place, with one therapist and one visit."""
    place = make_location()
    book(make_therapist(), at("9:30"))
    return place


@pytest.fixture
def oak(db):
    """A second place with a therapist, visits, wishes, offers, lost e-mails, time off and staff."""
    make_location()
    place = make_location("oak-avenue", name="Oak Avenue")
    who = Therapist.objects.create(slug="cy-canary", name="Cy Canary")
    for weekday in range(5):
        add_hours(who, weekday, "9:00-17:00", place)
    one, two = (book(who, at(wall), patient=CANARY) for wall in ("9:30", "11:00"))
    changes.move_by_patient(appointment=one, therapist=who, starts_at=at("14:00"), now=NOW)
    changes.cancel_by_desk(appointment=two, now=NOW)
    series = book_series(slot(who, at("15:00"), place), patient=CANARY)
    TimeOff.objects.create(
        therapist=who, starts_at=at("14:00"), ends_at=at("16:00"), reason="canary away"
    )
    wish = wait(one)
    alone = WaitlistEntry.objects.create(
        visit_type=make_visit_type(),
        location=place,
        name="Cleo Canary",
        email="cleo@example.org",
        weekdays="0",
        morning=True,
        ends_at=NOW + timedelta(days=30),
        confirmed_at=NOW,
    )
    TimeOffer.objects.create(
        entry=wish,
        therapist=who,
        visit_type=make_visit_type(),
        location=place,
        starts_at=at("10:00"),
        ends_at=at("10:45"),
        expires_at=NOW + timedelta(hours=1),
        created_at=NOW,
        token_hash="0" * 64,
    )
    Estimate.objects.get_or_create(appointment=one, defaults={"due_on": MONDAY})
    OutgoingEmail.objects.create(wish=alone, kind="wish", due_at=NOW)
    OutgoingEmail.objects.create(series=series, kind="series-moved", due_at=NOW)
    OutgoingEmail.objects.update(state="given-up")
    colleague = User.objects.create_user("canary-colleague", is_staff=True)
    StaffPlace.objects.create(user=colleague, location=place)
    return place


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_of_another_place_shows_at_any_address(sign_in, here, oak, group):
    client = member(sign_in, group, here)

    assert seen(client) == []
    shown = client.get(reverse("desk:day"), {"date": MONDAY.isoformat()}).content.decode()
    assert ("Rosa Marquez" in shown, MARK.search(shown)) == (True, None)


def test_whoever_works_everywhere_sees_it_all(sign_in, here, oak):
    """The same walk finds what it should not find above."""
    found = seen(member(sign_in, "Manager"))

    names = ["desk:to_do", "admin:booking_appointment_changelist", "admin:auth_user_changelist"]
    names += ["admin:booking_waitlistentry_changelist", "admin:booking_timeoffer_changelist"]
    names += ["admin:booking_outgoingemail_changelist", "admin:booking_timeoff_changelist"]
    names += ["admin:booking_therapist_changelist", "admin:auditlog_logentry_changelist"]
    names += ["admin:booking_appointment_to_deal_with", "admin:booking_appointment_add"]
    assert [name for name in names if reverse(name) not in found] == []


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_of_another_place_is_changed_by_a_click(sign_in, oak, group):
    client = member(sign_in, group, make_location())
    before = rows()
    for address in addresses():
        response = client.post(address, {"sequence": "0", "was": "booked", "post": "yes"})
        assert response.status_code < 500, address
        assert not MARK.search(response.content.decode()), address

    assert rows() == before


def test_what_is_looked_for_is_found_at_the_own_place_alone(sign_in, here, oak):
    client = member(sign_in, "Front desk", here)
    for address in ("desk:find", "admin:booking_appointment_changelist"):
        for words in ("Canary", "555-0177", "canary@example.org", "Canari"):
            page = client.post(reverse(address), {"find": words}, follow=True).content.decode()
            assert re.findall("Cora", page) == []
    people = client.post(reverse("desk:people"), {"typed": "Cora"})
    assert people.json() == {"people": []}


def test_a_visit_of_another_place_is_not_there(sign_in, here, oak):
    client, other = member(sign_in, "Front desk", here), Appointment.objects.filter(location=oak)[0]
    for name in ("change", "move", "cancel", "contact"):
        page = reverse(f"admin:booking_appointment_{name}", args=[other.pk])
        assert client.get(page).status_code in (302, 404)  # the admin leads to its front page
    page = reverse("admin:booking_appointment_status", args=[other.pk, "arrived"])
    assert client.post(page).status_code == 404


def test_a_caller_is_booked_at_the_own_places_alone(sign_in, oak):
    elm = make_location("elm-road", name="Elm Road")
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 0, "13:00-17:00", oak)
    add_hours(ana, 0, "18:00-20:00", elm)
    make_visit_type()
    client = member(sign_in, "Front desk", make_location(), elm)
    walls = {"Ari": "09:30", "Bo": "18:00", "Cam": "13:30"}
    answers = [
        client.post(ADD, typed(name=name, phone="212 555 01" + wall[:2], time=wall))
        for name, wall in walls.items()
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert answers[2].context["form"].non_field_errors() == [
        "Then it would be at a place that is none of yours. Nothing was changed."
    ]
    at_oak = client.post(ADD, typed(time="14:30", location="oak-avenue"))
    assert list(at_oak.context["form"].errors) == ["location"]
    with_cy = client.post(ADD, typed(time="14:30", therapist="cy-canary"))
    assert list(with_cy.context["form"].errors) == ["therapist"]
    booked = Appointment.objects.exclude(location=oak).values_list("name", "location__slug")
    assert list(booked) == [("Ari", "willow-street"), ("Bo", "elm-road")]


def test_a_visit_moves_between_the_own_places_alone(sign_in, oak):
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 0, "13:00-17:00", oak)
    elm, mine = make_location("elm-road", name="Elm Road"), book(ana, at("9:30"))
    client = member(sign_in, "Front desk", make_location(), elm)
    page = reverse("admin:booking_appointment_move", args=[mine.pk])
    form = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "13:30", "sequence": "0"}
    client.post(page, form)
    mine.refresh_from_db()
    assert (mine.starts_at, mine.location.slug) == (at("9:30"), "willow-street")

    client.post(page, form | {"time": "10:30"})
    mine.refresh_from_db()
    assert (mine.starts_at, mine.location.slug) == (at("10:30"), "willow-street")


def test_whoever_works_at_one_place_books_there_without_saying_so(sign_in, oak):
    """Of a therapist who is at another place then, the tick is asked for as ever."""
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 0, "13:00-17:00", oak)
    make_visit_type()
    client = member(sign_in, "Front desk", make_location())
    client.post(ADD, typed())
    asked = client.post(ADD, typed(name="Ari", phone="212 555 0100", time="13:30"))

    assert asked.context["doubts"] == ["Ana Ruiz works at Oak Avenue then."]
    assert list(
        Appointment.objects.filter(name="Omar Haddad").values_list("location__slug", flat=True)
    ) == ["willow-street"]


def test_who_holds_the_time_at_another_place_is_not_named(sign_in, oak):
    ana = make_therapist(hours="9:00-12:00")
    visit(ana, at("9:30"), location=oak, name="Cora Canary").save()
    make_visit_type()
    client = member(sign_in, "Front desk", make_location())
    asked = client.post(ADD, typed())

    clash = asked.context["clash"]
    assert (asked.status_code, clash.shown, clash.hidden, clash.may) == (200, [], 1, False)
    assert not MARK.search(asked.content.decode())


def test_a_visit_that_left_the_place_is_news_there(sign_in, oak):
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 0, "13:00-17:00", oak)
    client = member(sign_in, "Front desk", make_location())
    changes.move_by_patient(
        appointment=book(ana, at("9:30")), therapist=ana, starts_at=at("14:00"), now=NOW
    )
    page = client.get(reverse("desk:day"), {"date": MONDAY.isoformat()})
    [changed] = page.context["notices"].changed.values()

    assert (changed.visit.name, changed.may_open) == ("Rosa Marquez", False)


def account(user, **more):
    return {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": date_format(user.date_joined, "Y-m-d"),
        "date_joined_1": "12:00",
        "staff_places-TOTAL_FORMS": "1",
        "staff_places-INITIAL_FORMS": "0",
    } | more


def test_a_manager_says_where_somebody_works(sign_in):
    place, manager = make_location(), sign_in("Manager")
    colleague = User.objects.create_user("li", is_staff=True)
    page = reverse("admin:auth_user_change", args=[colleague.pk])
    manager.post(page, account(colleague, **{"staff_places-0-location": place.pk}))

    assert list(colleague.staff_places.values_list("location", flat=True)) == [place.pk]


def test_a_manager_of_one_place_lets_nobody_see_more(sign_in, oak):
    """Neither themself nor a colleague, and no account that they make."""
    client = member(sign_in, "Manager", make_location())
    me = User.objects.latest("pk")
    page = reverse("admin:auth_user_change", args=[me.pk])
    stays = {"groups": [group.pk for group in me.groups.all()]}
    client.post(page, account(me, **stays, **{"staff_places-0-location": oak.pk}))
    client.post(page, account(me, **stays, **{"staff_places-0-DELETE": "on"}))
    made = client.post(
        reverse("admin:auth_user_add"),
        {
            "email": "hana@clinic.example",
            "groups": [Group.objects.get(name="Front desk").pk],
        },
    )
    assert made.status_code == 302, made.context["adminform"].form.errors
    new = User.objects.get(username="hana")

    assert {user: list(user.staff_places.values_list("location__slug")) for user in (me, new)} == {
        me: [("willow-street",)],
        new: [("willow-street",)],
    }


def test_a_manager_of_one_place_has_no_say_over_whoever_works_everywhere(sign_in):
    boss = User.objects.create_user("boss", is_staff=True)
    boss.groups.add(Group.objects.get(name="Manager"))
    client = member(sign_in, "Manager", make_location())
    page = reverse("admin:auth_user_password_change", args=[boss.pk])

    assert client.get(page).status_code == 404
    assert client.get(reverse("admin:auditlog_logentry_changelist")).status_code == 403


def test_a_place_with_staff_of_its_own_is_not_deleted(sign_in, here):
    member(sign_in, "Front desk", here)
    root = sign_in(superuser=True)
    root.post(reverse("admin:booking_location_delete", args=[here.pk]), {"post": "yes"})

    assert StaffPlace.objects.count() == 1


CLOSE = {"name": "Snow", "first_day": "2026-11-30", "last_day": ""}
EVERYWHERE = ["closure", "onlinebooking", "visittype", "clinic", "insuranceplan", "referralrule"]


def tries(client, closure):
    """What somebody gets who closes the clinic, ends a closure, pauses online booking, or changes
    what is offered at every place; and what came of it.
    """
    asked = [
        (reverse("admin:booking_closure_add"), CLOSE),
        (reverse("admin:booking_closure_delete", args=[closure.pk]), {"post": "yes"}),
        (reverse("admin:booking_onlinebooking_changelist"), {"paused": "yes", "seen": "0"}),
        (reverse("admin:booking_insuranceplan_add"), {"name": "Blue", "order": "1"}),
    ]
    given = [client.post(address, typed).status_code for address, typed in asked]
    paused = OnlineBooking.objects.filter(paused=True).exists()
    return given, Closure.objects.filter(pk=closure.pk).exists(), Closure.objects.count(), paused


@pytest.mark.parametrize("group", GROUPS)
def test_staff_of_one_place_close_and_pause_no_other(sign_in, here, oak, group):
    """A closure and the switch count at every place: they read them, and use neither."""
    starts_at, ends_at = at("0:00"), at("0:00", MONDAY + timedelta(days=1))
    closure = Closure.objects.create(name="Holiday", starts_at=starts_at, ends_at=ends_at)
    bound = member(sign_in, group, here)

    assert tries(bound, closure) == ([403, 403, 403, 403], True, 1, False)
    for name in EVERYWHERE[:3]:
        page = bound.get(reverse(f"admin:booking_{name}_changelist"))
        assert (page.status_code, "addlink" in page.content.decode()) == (200, False)
    day = bound.get(reverse("desk:day")).content.decode()
    assert ("is away on this day" in day, "Close the clinic on this day" in day) == (True, False)


def test_whoever_works_at_every_place_closes_and_pauses(sign_in, here, oak):
    """With rows for all places, as with none."""
    for places in [(), (here, oak)]:
        closure = Closure.objects.create(name="Old", starts_at=NOW, ends_at=NOW + timedelta(days=1))
        OnlineBooking.objects.all().delete()
        given, is_there, _count, paused = tries(member(sign_in, "Manager", *places), closure)
        assert (403 in given, is_there, paused) == (False, False, True)
