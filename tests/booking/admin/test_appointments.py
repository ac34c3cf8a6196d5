"""The list of appointments: search, filters; the page of one; what nobody may do."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail
from booking.visits import attendance, corrections
from booking.visits.requests import Patient
from tests.builders import NOW, at, book, book_by_desk, make_therapist
from tests.reading import texts, tight

LIST = reverse("admin:booking_appointment_changelist")
OMAR = Patient("Omar Haddad", "646.555.0123", "+16465550123", "omar@example.org")
LI = Patient("Li Na", "+44 20 7946 0958", "+442079460958")


@pytest.fixture
def visits():
    therapist = make_therapist()
    rows = [
        book(therapist, at("9:00")),
        book(therapist, at("10:00"), patient=OMAR),
        book_by_desk(therapist, at("11:00"), patient=LI),
    ]
    rows[0].reference = "K7M-2QF"
    rows[0].save()
    return rows


def found(client, **asked):
    response = client.get(LIST, asked)
    return sorted(row.name for row in response.context["cl"].queryset)


ROSA = ["Rosa Marquez"]
SEARCHES = {
    "rosa": ROSA,
    "marquez ROSA": ROSA,
    "Marquez, Rosa": ROSA,
    "Rosa, Omar": [],
    ",": [],
    "Rosa Haddad": [],
    "(212) 555-0199": ROSA,
    "2125550199": ROSA,
    "+1 212 555 0199": ROSA,
    "1-212-555-0199": ROSA,
    "212.555.0199": ROSA,
    "\u202a+1 (212) 555\u20110199\u202c": ROSA,  # as address books copy it
    "212\u2212555\u20130199": ROSA,
    "0199": ROSA,
    "5550199": ROSA,
    "99": [],
    "555": [],
    "646 555": ["Omar Haddad"],
    "020 7946 0958": [],
    "+44 20 7946 0958": ["Li Na"],
    "omar@example.org": ["Omar Haddad"],
    "OMAR@": ["Omar Haddad"],
    "K7M-2QF": ROSA,
    "k7m2qf": ROSA,
    "K7M 2QF": ROSA,
    "\u200bK7M\u20112QF": ROSA,
    "K7M–2QF": ROSA,
    "K7M-2Q": [],
    "": ["Li Na", "Omar Haddad", "Rosa Marquez"],
    "  ": ["Li Na", "Omar Haddad", "Rosa Marquez"],
    "%": [],
    "'; drop table": [],
    "\x01": [],
    "+++++": [],
    "9" * 300: [],
}


@pytest.mark.parametrize("typed", SEARCHES)
def test_search_finds_by_name_number_address_and_reference(desk, visits, typed):
    assert found(desk, q=typed) == SEARCHES[typed]


def test_what_the_desk_looks_for_never_stands_in_an_address(desk, visits):
    by_form = desk.post(f"{LIST}?status__exact=booked&p=2&q=older", {"find": "Omar 555"})
    address = by_form.headers["Location"]
    shown = desk.post(address, {"find": " omar "}, follow=True)
    page = tight(shown.content.decode())

    assert address == f"{LIST}?status__exact=booked&q=%2A"
    assert [row.name for row in shown.context["cl"].queryset] == ["Omar Haddad"]
    assert 'name="find" value=" omar "' in page
    assert 'method="post"' in page[page.index('id="changelist-search"') :][:60]
    assert "omar" not in " ".join(re.findall(r'href="([^"]*)"', page)).lower().replace("omar@", "")
    assert desk.post(address, {"find": " "}).headers["Location"] == f"{LIST}?status__exact=booked"


def test_each_member_of_staff_finds_what_they_looked_for(desk, sign_in, visits):
    other = sign_in("Manager")
    other.post(LIST, {"find": "Li Na"})
    desk.post(LIST, {"find": "Rosa"})

    assert [found(client, q="*") for client in (desk, other)] == [ROSA, ["Li Na"]]


@pytest.mark.parametrize(
    ("new", "names"),
    [
        ("any", ["Li Na", "Rosa Marquez"]),
        ("online", ["Rosa Marquez"]),
        ("desk", ["Li Na"]),
    ],
)
def test_new_since_yesterday_by_source(desk, visits, new, names):
    yesterday = at("0:00", (NOW - timedelta(days=1)).date())
    Appointment.objects.filter(pk=visits[0].pk).update(created_at=yesterday)
    Appointment.objects.filter(pk=visits[1].pk).update(created_at=yesterday - timedelta(minutes=1))

    assert found(desk, new=new) == names


@pytest.mark.parametrize("when", ["today", "tomorrow", "coming", "past"])
def test_list_by_day(desk, visits, now, when):
    shown = {"today": at("8:00"), "tomorrow": NOW + timedelta(days=2), "coming": NOW}
    now.move_to(shown.get(when, at("8:00") + timedelta(days=1)))
    everyone = ["Li Na", "Omar Haddad", "Rosa Marquez"]

    assert found(desk, when=when) == everyone
    now.move_to(at("8:00") + timedelta(days=-3 if when == "past" else 3))
    assert found(desk, when=when) == []


def test_list_by_lost_mail(desk, visits):
    OutgoingEmail.objects.filter(appointment=visits[1]).update(state="given-up")

    assert found(desk, mail="given-up") == ["Omar Haddad"]
    assert found(desk, mail="none") == ["Li Na"]


@pytest.mark.parametrize(
    "asked",
    [
        {"new": "x"},
        {"when": "x"},
        {"mail": "x"},
        {"p": "99999"},
        {"o": "x"},
        {"status__exact": "x"},
        {"therapist__id__exact": "x"},
    ],
)
def test_rubbish_in_the_address_is_no_error(desk, visits, asked):
    assert desk.get(LIST, asked, follow=True).status_code == 200


def test_the_list_says_who_said_they_will_come(desk, visits):
    attendance.confirm(appointment=visits[1], now=NOW)
    response = desk.get(LIST)

    assert texts(response, "field-coming") == ["-", "Nov 27", "-"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    for number in range(rows):
        book(make_therapist(f"therapist-{number}"), at("9:00"))

    with django_assert_num_queries(11):
        desk.get(LIST)


def test_only_needs_and_the_note_are_edited_and_only_what_changed_is_written(desk, visits):
    """The page was opened before a colleague's change; saving it must not undo that."""
    visit = visits[0]
    address = reverse("admin:booking_appointment_change", args=[visit.pk])
    before = Appointment.objects.values().get(pk=visit.pk)
    form = desk.get(address).context["adminform"].form
    assert sorted(form.fields) == ["booked_by", "interpreter", "note", "step_free", "wants_gender"]

    desk.post(
        address,
        {"note": "Bad knee", "status": "cancelled", "name": "X", "starts_at_0": "2026-12-01"},
    )
    after = Appointment.objects.values().get(pk=visit.pk)
    assert after == before | {"note": "Bad knee", "updated_at": after["updated_at"]}


def test_nobody_deletes_an_appointment(sign_in, visits):
    root = sign_in(superuser=True)
    page = root.get(LIST)
    root.post(
        LIST, {"action": "delete_selected", "_selected_action": [visits[0].pk], "post": "yes"}
    )
    answer = root.post(
        reverse("admin:booking_appointment_delete", args=[visits[0].pk]), {"post": "yes"}
    )

    assert page.context["action_form"] is None
    assert answer.status_code == 403
    assert Appointment.objects.count() == 3


def test_someone_with_visits_cannot_be_deleted_either(sign_in, visits):
    root = sign_in(superuser=True)
    therapist = visits[0].therapist
    root.post(reverse("admin:booking_therapist_delete", args=[therapist.pk]), {"post": "yes"})
    root.post(
        reverse("admin:booking_visittype_delete", args=[visits[0].visit_type_id]), {"post": "yes"}
    )

    assert Appointment.objects.count() == 3
    assert User.objects.count() == 1


def test_the_page_of_one_shows_everything_and_leads_on(desk, visits):
    visit = visits[0]
    page = desk.get(reverse("admin:booking_appointment_change", args=[visit.pk]))

    assert texts(page, "desk-click") == [
        "Move or change",
        "Cancel…",
        "Book again",
        "Correct contact or payment",
        "Send the confirmation again",
        "Wants an earlier time",
        "Book a series",
    ]
    assert texts(page, "desk-mail") == ["E-mails Confirmation: Waiting"]


def test_a_visit_is_one_card_with_its_history(desk, visits):
    visit = visits[0]
    corrections.correct(appointment=visit, changes={"note": "Bad knee", "step_free": True}, now=NOW)
    address = reverse("admin:booking_appointment_change", args=[visit.pk])
    page = desk.get(address)

    assert texts(page, "h1") == ["Rosa Marquez"]
    assert texts(page, "desk-card")[0].startswith("Mon, Nov 30, 2026, 9 a.m. – 9:45 a.m. Booked")
    assert dict(zip(texts(page, "dt"), texts(page, "dd"), strict=True)) == {
        "Who": "Rosa Marquez, (212) 555-0199 rosa@example.org",
        "What": "Initial consultation",
        "With": "Ana Ruiz, PT, DPT",
        "Where": "Willow Street",
        "Needs": "No steps",
        "Note": "Bad knee",
        "Payment": "Not said",
        "Booked": "Online, Fri, Nov 27, 2026, noon K7M-2QF",
    }
    assert texts(page, "desk-history")[0].startswith("Online Fri, Nov 27, 2026, noon")
    assert texts(page, "summary") == ["Edit needs and note"]

    saved = desk.post(address, {"note": "Bad hip", "step_free": "on"})
    assert saved.headers["Location"] == address


def test_whoever_changes_nothing_of_a_visit_sees_the_card_without_a_form(sign_in, visits):
    ana = visits[0].therapist
    page = sign_in("Therapist", therapist=ana).get(
        reverse("admin:booking_appointment_change", args=[visits[0].pk])
    )

    assert (texts(page, "h1"), texts(page, "desk-edit")) == (["Rosa Marquez"], [])


@pytest.mark.parametrize("changes", [1, 3])
def test_a_card_takes_a_fixed_number_of_queries(desk, visits, django_assert_num_queries, changes):
    for number in range(changes):
        corrections.correct(appointment=visits[0], changes={"name": f"R{number}"}, now=NOW)
    address = reverse("admin:booking_appointment_change", args=[visits[0].pk])

    with django_assert_num_queries(25):
        desk.get(address)


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999999", "x"])
@pytest.mark.parametrize(
    "name", ["change", "history", "move", "cancel", "contact", "undo", "send_again", "status"]
)
def test_an_unknown_visit_is_never_an_error_of_ours(desk, pk, name):
    address = f"/admin/booking/appointment/{pk}/{name.replace('_', '-')}/"
    address += "arrived/" if name == "status" else ""

    assert desk.get(address, follow=True).status_code in (200, 404, 405)
    assert desk.post(address, follow=True).status_code in (200, 404, 405, 409)
