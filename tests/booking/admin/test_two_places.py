"""A therapist who works at two places: the staff of either have to do with them, and see nothing of
whom they treat at the other.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from booking.models import (
    Appointment,
    Estimate,
    OutgoingEmail,
    Therapist,
    TimeOffer,
)
from booking.visits import changes
from tests.booking.admin.own_places import CANARY, MARK, member, rows, seen
from tests.booking.desk.pages import ADD
from tests.builders import (
    MONDAY,
    NOW,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
    wait,
)

pytestmark = pytest.mark.django_db
# Which part of the day Ana is at which place.
HOURS = {"willow": "8:00-12:00", "oak": "13:00-17:00"}
TIMES = {"willow": ("8:00", "9:00", "10:00"), "oak": ("13:00", "14:00", "15:00")}


@pytest.fixture
def places():
    oak = make_location("oak-avenue", name="Oak Avenue")
    return {"willow": make_location(), "oak": oak}


@pytest.fixture
def ana(places):
    """In the mornings at one place, in the afternoons at the other."""
    who = make_therapist(hours=HOURS["willow"])
    for weekday in range(5):
        add_hours(who, weekday, HOURS["oak"], places["oak"])
    return who


def others(place):
    return "oak" if place == "willow" else "willow"


def treat(therapist, place, location):
    """All that there can be of a patient of the therapist's at that place."""
    first, second, third = (book(therapist, at(wall), patient=CANARY) for wall in TIMES[place])
    changes.cancel_by_desk(appointment=third, now=NOW)
    later = {name: getattr(second, name) for name in ("therapist", "visit_type", "location")}
    TimeOffer.objects.create(
        entry=wait(second),
        starts_at=at("12:15") if place == "oak" else at("11:15"),
        ends_at=at("13:00") if place == "oak" else at("12:00"),
        expires_at=NOW + timedelta(hours=1),
        created_at=NOW,
        token_hash="0" * 64,
        **later,
    )
    Estimate.objects.get_or_create(appointment=first, defaults={"due_on": MONDAY})
    OutgoingEmail.objects.update(state="given-up")
    assert set(Appointment.objects.values_list("location", flat=True)) == {location.pk}


@pytest.mark.parametrize("place", HOURS)
def test_staff_of_either_place_have_to_do_with_them(sign_in, places, ana, place):
    """And with nobody who works at the other alone; who works at none yet is everybody's."""
    alone = {name: Therapist.objects.create(slug=name, name=name.title()) for name in HOURS}
    for name, who in alone.items():
        add_hours(who, 0, "9:00-17:00", places[name])
    new = Therapist.objects.create(slug="new", name="New")
    member(sign_in, "Front desk", places[place])

    visible = Therapist.objects.visible_to(User.objects.latest("pk"))

    assert set(visible) == {ana, alone[place], new}
    assert len(visible) == 3  # each once, though they have many hours


def listed(client, ana):
    """Which of the desk's lists have the therapist in them."""
    day, found = {"date": MONDAY.isoformat()}, {}
    for name, asked in {"desk:day": day, "desk:week": day, **dict.fromkeys(ADMIN)}.items():
        found[name] = ana.name in client.get(reverse(name), asked).content.decode()
    for page in (ADD, reverse("desk:next_free")):
        found[page] = ana in client.get(page).context["form"].fields["therapist"].queryset
    return found


ADMIN = ["admin:booking_therapist_changelist", "admin:booking_timeoff_add"]


@pytest.mark.parametrize("place", HOURS)
def test_the_desks_lists_of_either_place_have_them(sign_in, places, ana, place):
    """Those of a third place have not."""
    make_visit_type()
    third = make_location("elm-road", name="Elm Road")
    clients = [member(sign_in, "Manager", where) for where in (places[place], third)]

    at_place, at_third = (listed(client, ana) for client in clients)

    assert at_place == dict.fromkeys(at_place, True)
    assert at_third == dict.fromkeys(at_place, False)


PAGES = ["desk:to_do", "desk:day", "desk:board", "desk:week", "desk:paper", "desk:calls"]
PAGES += ["admin:booking_appointment_changelist", "admin:booking_outgoingemail_changelist"]
PAGES += ["admin:booking_waitlistentry_changelist", "admin:booking_timeoffer_changelist"]


def shown(client, ana):
    """The desk's pages and lists that name somebody of whom there is everything."""
    asked = {name: {"date": MONDAY.isoformat()} for name in PAGES if name.startswith("desk:")}
    asked["desk:week"] |= {"therapist": ana.slug}
    answers = {name: client.get(reverse(name), asked.get(name)) for name in PAGES}
    find = reverse("desk:find")
    answers["desk:find"] = client.post(find, {"find": CANARY.phone}, follow=True)
    return {name for name, page in answers.items() if CANARY.name in page.content.decode()}


@pytest.mark.parametrize("place", HOURS)
def test_whom_they_treat_at_the_other_place_is_on_no_page_of_the_desk(sign_in, places, ana, place):
    other = others(place)
    treat(ana, other, places[other])

    here, there = (
        shown(member(sign_in, "Front desk", places[each]), ana) for each in (place, other)
    )

    assert (here, there) == (set(), {*PAGES, "desk:find"})


@pytest.mark.only("sqlite")  # the walk is long, and asks what the pages above ask
def test_nor_at_any_other_address(sign_in, places, ana):
    treat(ana, "oak", places["oak"])

    assert seen(member(sign_in, "Manager", places["willow"])) == []


@pytest.mark.parametrize("place", HOURS)
def test_nor_is_it_changed_from_there(sign_in, places, ana, place):
    other = others(place)
    treat(ana, other, places[other])
    client, before = member(sign_in, "Front desk", places[place]), rows()
    for visit in Appointment.objects.all():
        for name in ("change", "move", "cancel", "contact", "undo", "tell", "keep", "send_again"):
            page = reverse(f"admin:booking_appointment_{name}", args=[visit.pk])
            answer = client.post(page, {"sequence": str(visit.sequence)})
            assert answer.status_code in (302, 404, 409)
            assert not MARK.search(answer.content.decode())

    assert rows() == before
