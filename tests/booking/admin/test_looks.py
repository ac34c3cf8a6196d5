"""Every page of staff that shows a patient leaves a look, and managers read who looked."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.urls import get_resolver, reverse

from booking.desk import looking
from booking.models import Appointment, Look, PatientChange
from booking.records import looks
from booking.records.people import person_of
from booking.visits import seeing
from tests.booking.admin.addresses import addresses, filled
from tests.booking.records.everything import WORDS, make_everything
from tests.builders import MONDAY, NOW, at, book, make_therapist, make_visit_type
from tests.reading import texts

Kind = Look.Kind
DAY = {"date": MONDAY.isoformat()}


ASKED_BY_POST = ("/admin/desk/people/", "/admin/booking/appointment/add/")


PICTURE = re.compile('base64,[^"]+')  # of a random key, in which any four letters may stand


def shows(response):
    text = PICTURE.sub("", response.content.decode()).lower()
    return response.status_code < 400 and any(word in text for word in WORDS)


def answers(client, address, visit):
    """What a page answers to what may be asked of it."""
    yield client.get(address)
    if address.startswith("/admin/desk/"):
        opened = DAY | {"open": visit.pk}
        for asked in (opened, {"again": visit.pk}, {"moving": visit.pk}, {"q": "*"}):
            yield client.get(address, asked)
    if address in ASKED_BY_POST:
        yield client.post(address, {"typed": "quix", "name": "quix", "look_up": "1"})


def unnoticed(client, visit, patterns=None):
    """(addresses that show a patient, those of them that left no look at it)."""
    client.post(reverse("desk:find"), {"find": "quix"})
    found, unseen = set(), set()
    for name, words in addresses(patterns or get_resolver().url_patterns):
        address, page = filled(name, words), name.removeprefix("admin:")
        if name == "admin:logout":
            continue
        if any(shows(answer) for answer in answers(client, address, visit)):
            found.add(name)
            if not _left(page, words):
                unseen.add(name)
    return found, unseen


def _left(page, words):
    """Whether there is a look at that page; of a page of one row, at a row."""
    of_row = {"pk", "object_id"} & set(words) and page not in looking.LISTS
    rows = Look.objects.filter(page=page)
    return rows.exclude(kind=Kind.LIST).exists() if of_row else rows.exists()


@pytest.fixture
def everything(sign_in):
    """Somebody who may see it all, and a patient of whom there is everything."""
    root = sign_in(superuser=True)
    User.objects.update(date_joined=NOW)  # they are told of what came since
    visit = make_everything(make_therapist(), User.objects.get())
    # Whoever has seen what patients changed is shown no news of it: that was somebody else.
    third = User.objects.create_user("third", is_staff=True)
    PatientChange.seen_by.through.objects.update(user=third)
    return root, visit


@pytest.mark.only("sqlite")
def test_every_page_that_names_a_patient_leaves_a_look(everything):
    found, unseen = unnoticed(*everything)

    assert unseen == set()
    # The walk sees them at all.
    desk = {"day", "board", "visit", "week", "paper", "calls", "people", "find", "person", "to_do"}
    desk |= {"person_copy", "person_erase", "wish_copy", "wish_erase", "question_copy"}
    desk |= {"question_erase", "series_of", "next_free", "series"}
    rows = ["appointment", "waitlistentry", "timeoffer", "outgoingemail", "enquiry"]
    assert {f"desk:{name}" for name in desk} - found == set()
    assert {f"admin:booking_{row}_changelist" for row in rows} - found == set()
    assert {"admin:booking_appointment_change"} - found == set()


def test_what_goes_with_an_account_leaves_a_look(everything):
    root, _visit = everything
    third = User.objects.get(username="third")
    before = Look.objects.count()
    page = root.get(reverse("admin:auth_user_delete", args=[third.pk]))

    assert page.status_code == 200
    assert list(Look.objects.order_by("pk")[before:].values_list("kind", "key")) == [(Kind.LIST, 0)]


@pytest.mark.only("sqlite")
def test_every_page_that_shows_news_leaves_a_look_at_whom_they_name(everything):
    """Of somebody whom no such page names otherwise: the pages that do so no more once the news
    were marked as seen. Nowhere else are they shown first.
    """
    root, visit = everything
    late = at("9:30", MONDAY + timedelta(weeks=30))
    times = {"starts_at": late, "ends_at": late + timedelta(hours=1)}
    Appointment.objects.update(status="cancelled", **times)
    pages = {name: filled(name, words) for name, words in staff_pages() if not words}
    before = {name for name, page in pages.items() if shows(root.get(page))}
    noted = set(Look.objects.filter(kind=Kind.VISIT, key=visit.pk).values_list("page", flat=True))
    seeing.mark(user=User.objects.get(is_superuser=True), changes=[PatientChange.objects.get().pk])
    of_news = {name for name in before if not shows(root.get(pages[name]))}

    assert of_news == {"admin:index", "desk:day", "desk:board"}
    assert {name.removeprefix("admin:") for name in of_news} - noted == set()


def staff_pages():
    """But for those of content, which stand in the same frame."""
    found = addresses(get_resolver().url_patterns)
    return [it for it in found if not it[0].startswith(("admin:logout", "admin:conditions_"))]


@pytest.mark.only("sqlite")
@pytest.mark.urls("tests.booking.admin.planted_urls")
def test_a_new_page_that_names_one_and_leaves_none_is_found(everything):
    new = [each for each in get_resolver().url_patterns if getattr(each, "name", "") == "report"]

    assert unnoticed(*everything, new) == ({"report"}, {"report"})


def kept():
    return list(Look.objects.order_by("pk").values_list("page", "kind", "key"))


def test_what_is_written_of_each_way_to_look(desk, now):
    ana = make_therapist()
    rosa, other = book(ana, at("9:30")), book(ana, at("11:00"))
    desk.get(reverse("desk:day"), DAY | {"open": rosa.pk})
    desk.get(reverse("desk:visit", args=[other.pk]))
    desk.get(reverse("desk:person", args=[rosa.pk]))
    desk.post(reverse("desk:find"), {"find": rosa.reference}, follow=True)
    desk.get(reverse("desk:find"))
    desk.get(reverse("admin:booking_appointment_changelist"))

    assert kept() == [
        ("desk:day", "day", 20261130),
        ("desk:day", "visit", rosa.pk),
        ("desk:visit", "visit", other.pk),
        ("desk:person", "visit", rosa.pk),
        ("desk:find", "visit", rosa.pk),
        ("booking_appointment_changelist", "list", 0),
    ]
    assert set(Look.objects.values_list("by__username", "at")) == {("front-desk-0", NOW)}


ASKED = ["o=1", "all=", "_popup=1", "_to_field=id", "p=1", "_facets=1", "q=quix"]
FILTERED = {
    "appointment": "status__exact=booked&when=coming",
    "waitlistentry": "visit_type__id__exact=1",
    "timeoffer": "therapist__id__exact=1",
    "outgoingemail": "kind__exact=confirmation",
    "enquiry": "answer=open",
}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("name", FILTERED)
def test_whom_a_list_shows_that_was_asked_anything_is_noted_one_by_one(everything, sign_in, name):
    """Each address by somebody else: what one looks at is noted once in a quarter of an hour."""
    page, kind = reverse(f"admin:booking_{name}_changelist"), looking.ROWS[f"booking_{name}"]
    shown, noted = {}, {}
    for asked in [*ASKED, FILTERED[name]]:
        found = sign_in(superuser=True).get(f"{page}?{asked}").context["cl"].result_list
        shown[asked] = {(kind, row.pk) for row in found}
        noted[asked] = left_by(User.objects.latest("pk"))
    sign_in(superuser=True).get(page)

    assert noted == shown
    assert [rows for rows in shown.values() if not rows] == []
    assert left_by(User.objects.latest("pk")) == {(Kind.LIST, 0)}


def left_by(user):
    return set(Look.objects.filter(by=user.pk).values_list("kind", "key"))


FINDING = ["no", "name", "name__startswith", "email", "phone_e164__in", "pk", "folded_name"]


@pytest.mark.only("sqlite")
def test_no_list_is_narrowed_by_what_is_no_filter_of_it(everything):
    """Neither by a field of its own nor over a relation nor by what a query counted besides."""
    client, _visit = everything
    request = client.get(reverse("admin:index")).wsgi_request
    passed = {
        (model._meta.label, asked)
        for model, its in admin.site._registry.items()
        for asked in every_question(model)
        if its.lookup_allowed(asked, "x", request) and not is_filter(its, asked)
    }
    page = reverse("admin:booking_appointment_changelist")

    assert passed == set()
    assert {client.get(page, {name: "Zebulon Quixwater"}).status_code for name in FINDING} == {400}
    assert client.get(page, {"status__exact": "booked"}).status_code == 200


def every_question(model):
    """Each field of a model, and each of those that it leads to."""
    for field in model._meta.get_fields():
        related = (
            field.related_model._meta.get_fields()
            if field.is_relation and field.related_model
            else []
        )
        for name in [field.name, *(f"{field.name}__{other.name}" for other in related)]:
            yield from (f"{name}{end}" for end in ("", "__exact", "__startswith", "__in"))


def is_filter(its, asked):
    """Whether an entry of the admin's own filters is what an address asks."""
    named = {
        each if isinstance(each, str) else each[0]
        for each in its.list_filter
        if not isinstance(each, type)
    }
    return asked.split("__")[0] in {*named, its.date_hierarchy}


@pytest.mark.only("sqlite")
def test_nobody_is_found_while_typing_by_djangos_own_address(everything):
    """Every relation of every model is asked; no form of ours has such a field."""
    client, _visit = everything
    asked = [
        {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field.name,
        }
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model in admin.site._registry
    ]
    answers = {
        client.get("/admin/autocomplete/", words | {"term": "quix"}).status_code for words in asked
    }

    assert (len(asked) > 20, answers) == (True, {404})
    assert [its for its in admin.site._registry.values() if its.autocomplete_fields] == []


WRITTEN = {
    "plainly": str,
    "with a space": "%20{}".format,
    "quoted": "_0A{}".format,
    "with a sign": "+{}".format,
    "in other digits": lambda key: quote("".join(chr(0x660 + int(digit)) for digit in str(key))),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_row_is_noted_however_its_number_is_written(desk, written):
    """As Django reads it."""
    visit = book(make_therapist(), at("9:30"))
    page = desk.get(f"/admin/booking/appointment/{written(visit.pk)}/change/")

    assert (page.status_code, visit.name in page.content.decode()) == (200, True)
    assert kept() == [("booking_appointment_change", "visit", visit.pk)]


def test_a_look_at_what_was_changed_of_somebody_is_found_by_them(desk, sign_in):
    visit = book(make_therapist(), at("9:30"))
    entry = LogEntry.objects.get_for_object(visit).get()
    sign_in(superuser=True).get(reverse("admin:auditlog_logentry_change", args=[entry.pk]))

    found = Look.objects.filter(looks.of_person(person_of(visit)))
    assert list(found.values_list("kind", "key")) == [("change", entry.pk)]


def test_once_in_a_quarter_of_an_hour_and_never_where_nothing_was_shown(desk, sign_in, now):
    visit = book(make_therapist(), at("9:30"))
    page = reverse("desk:visit", args=[visit.pk])
    for minutes in (0, 1, 14, 15):
        now.move_to(NOW + timedelta(minutes=minutes))
        desk.get(page)
    sign_in("Editor").get(page)
    therapist = sign_in("Therapist", therapist=make_therapist("ben-cole"))
    therapist.get(page)
    desk.get(reverse("desk:visit", args=[visit.pk + 1]))

    assert list(Look.objects.order_by("at").values_list("at", "quarter")) == [
        (NOW, NOW),
        (NOW + timedelta(minutes=15), NOW + timedelta(minutes=15)),
    ]


def test_a_page_is_shown_though_its_look_cannot_be_written(desk, monkeypatch, caplog):
    visit = book(make_therapist(), at("9:30"))

    def full(**_given):
        raise DatabaseError(f"no room for {visit.name}")

    monkeypatch.setattr(looks, "note", full)
    page = desk.get(reverse("desk:visit", args=[visit.pk]))

    assert (page.status_code, visit.name in page.content.decode()) == (200, True)
    assert caplog.messages == ["A look at desk:visit was not written down: DatabaseError"]


@pytest.mark.parametrize("visits", [1, 3])
def test_one_query_writes_all_that_a_page_shows(django_assert_num_queries, visits, sign_in):
    user = sign_in("Front desk") and User.objects.get()
    with django_assert_num_queries(1):
        about = [(Kind.VISIT, key) for key in range(visits)]
        looks.note(by=user.pk, page="desk:find", about=about, now=NOW)
    assert Look.objects.count() == visits


def rows(page):
    return [row for row in texts(page, "tr")[1:] if row]


@pytest.fixture
def looked(sign_in):
    """Two of the desk have looked at two patients; a manager who reads it."""
    ana = make_therapist()
    make_visit_type()
    rosa, other = book(ana, at("9:30")), book(ana, at("11:00"))
    Appointment.objects.filter(pk=other.pk).update(
        name="Omar Haddad", folded_name="omar haddad", email="omar@example.org", phone="1"
    )
    one, two = sign_in("Front desk"), sign_in("Front desk")
    one.get(reverse("desk:visit", args=[rosa.pk]))
    two.get(reverse("desk:person", args=[rosa.pk]))
    two.get(reverse("desk:visit", args=[other.pk]))
    two.get(reverse("desk:day"), DAY)
    return sign_in("Manager"), rosa


LIST = "admin:booking_look_changelist"


def said(page):
    """Who, whom and where, of each look."""
    found = page.context["cl"]
    admin = found.model_admin
    return [(admin.who(row), str(admin.whom(row)), admin.where(row)) for row in found.result_list]


def test_managers_read_who_looked_at_whom(looked):
    manager, rosa = looked
    page = manager.get(reverse(LIST))
    card = reverse("admin:booking_appointment_change", args=[rosa.pk])

    assert said(page)[0] == ("front-desk-1", "Mon, Nov 30, 2026", "Day")
    assert said(page)[-1] == (
        "front-desk-0",
        f'<a href="{card}">{rosa.name}</a>',
        "Details beside the day",
    )
    assert len(said(page)) == 4
    # Whoever reads it has looked too.
    last = Look.objects.filter(page="booking_look_changelist", kind="visit")
    assert last.filter(key=rosa.pk).count() == 1


def test_it_is_found_by_person_and_by_member_of_staff(looked):
    manager, rosa = looked
    by_person = manager.get(reverse(LIST), {"person": rosa.pk})
    two = User.objects.get(username="front-desk-1")
    by_staff = manager.get(reverse(LIST), {"by__id__exact": two.pk})
    found = manager.post(reverse(LIST), {"find": "Rosa"}, follow=True)

    whose = [[row[0] for row in said(page)] for page in (by_person, found)]
    assert whose[0][-2:] == ["front-desk-1", "front-desk-0"]
    assert whose[1][-2:] == ["front-desk-1", "front-desk-0"]
    assert {row[0] for row in said(by_staff)} == {"front-desk-1"}
    assert said(manager.get(reverse(LIST), {"person": "x"})) == []
    offered = manager.get(reverse("desk:person", args=[rosa.pk])).content.decode()
    assert f"{reverse(LIST)}?person={rosa.pk}" in offered


def test_looks_of_who_left_and_at_whom_is_erased_stay_as_numbers(looked):
    manager, rosa = looked
    User.objects.filter(username="front-desk-0").delete()
    Appointment.objects.filter(pk=rosa.pk).delete()

    page = manager.get(reverse(LIST))
    assert said(page)[-1][0] == "Somebody who has left"
    assert f">Visit {rosa.pk}</a>" in said(page)[-1][1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(sign_in, django_assert_num_queries, count):
    ana, manager = make_therapist(), sign_in("Manager")
    user = User.objects.get()
    for hour in range(9, 9 + count):
        about = [(Kind.VISIT, book(ana, at(f"{hour}:00")).pk)]
        looks.note(by=user.pk, page="desk:visit", about=about, now=NOW)
    with django_assert_num_queries(13):
        manager.get(reverse(LIST))
