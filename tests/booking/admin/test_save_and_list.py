"""Before a saving that would make booked visits untrue, whoever saves sees them and is asked."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from booking import photographs
from booking.models import Closure, Location, Therapist, TimeOff, VisitType, WorkingHours
from tests.booking.admin.calendar_forms import span
from tests.builders import MONDAY, at, book, make_location, make_therapist
from tests.pictures import picture
from tests.reading import said, texts
from tests.staff import go_back, save_and_list
from tests.typed import fields_of

TO_DEAL_WITH = reverse("admin:booking_appointment_to_deal_with")
ADD_CLOSURE = reverse("admin:booking_closure_add")
SNOW = {"name": "Snow"} | span("2026-12-02T08:00", "2026-12-02T12:00")
IN_FIVE_DAYS = MONDAY + timedelta(days=2)


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


@pytest.fixture
def visit():
    """With Ana in five days, 9:30 to 10:15."""
    return book(make_therapist(), at("9:30", IN_FIVE_DAYS))


def page(row):
    return reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    """The form of a row as a browser would send it, untouched."""
    return fields_of(client.get(page(row)), f"{row._meta.model_name}_form")


def inactive(client, visit):
    typed = opened(client, visit.therapist)
    typed.pop("active")
    return page(visit.therapist), typed


def hours(client, visit, **changed):
    typed = opened(client, visit.therapist)
    count = WorkingHours.objects.filter(therapist=visit.therapist).count()
    for number in range(count):
        typed |= {f"working_hours-{number}-{name}": [value] for name, value in changed.items()}
    return page(visit.therapist), typed


def hours_elsewhere(client, visit):
    return hours(client, visit, location=str(make_location("oak-avenue", name="Oak Avenue").pk))


def hours_ended(client, visit):
    return hours(client, visit, valid_until="2026-12-01")


def hours_removed(client, visit):
    return hours(client, visit, DELETE="on")


def time_off(client, visit):
    typed = span("2026-12-02T09:00", "2026-12-02T10:00")
    row = {f"time_off-0-{name}": [value] for name, value in typed.items()}
    return page(visit.therapist), opened(client, visit.therapist) | row


def closure(client, visit):
    return ADD_CLOSURE, SNOW


def closure_made_longer(client, visit):
    walls = {"starts_at": at("6:00", IN_FIVE_DAYS), "ends_at": at("9:30", IN_FIVE_DAYS)}
    row = Closure.objects.create(name="Snow", **walls)
    return page(row), opened(client, row) | {"hours_until": ["09:31"]}


def street(client, visit):
    return page(visit.location), opened(client, visit.location) | {"street": ["14 Willow Street"]}


def visit_type_withdrawn(client, visit):
    typed = opened(client, visit.visit_type)
    typed.pop("active")
    return page(visit.visit_type), typed


CHANGES = {
    inactive: "Ana Ruiz no longer works here.",
    hours_elsewhere: "Ana Ruiz works at Oak Avenue then.",
    hours_ended: "Outside Ana Ruiz's working hours.",
    hours_removed: "Outside Ana Ruiz's working hours.",
    time_off: "Ana Ruiz is away then.",
    closure: "The clinic is closed then: Snow.",
    closure_made_longer: "The clinic is closed then: Snow.",
    visit_type_withdrawn: "Initial consultation is no longer offered.",
    street: "The patient was told another address:"
    " Willow Street, 12 Willow Street, Springfield, NY 10001.",
}


def dealt_with():
    """Where visits are dealt with: of a closure or time off on the screen of that."""
    for name, model in {"closure": Closure, "time_off": TimeOff}.items():
        if row := model.objects.first():
            return reverse("desk:absence") + f"?{name}={row.pk}"
    return TO_DEAL_WITH


def rows():
    """All that these pages change, and what is on record of it."""
    models = [Therapist, WorkingHours, TimeOff, Closure, Location, VisitType]
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whoever_saves_a_change_sees_the_visits_before_and_after(manager, visit, change):
    path, typed = change(manager, visit)
    before, on_record = rows(), LogEntry.objects.count()
    asked = manager.post(path, typed)

    assert (asked.status_code, texts(asked, "h1")) == (200, ["Save this?"])
    assert texts(asked, "desk-visit") == [
        "Wed, Dec 2, 9:30 a.m. Rosa Marquez (212) 555-0199"
        f" Initial consultation, Ana Ruiz {visit.reference} {CHANGES[change]}"
    ]
    assert (rows(), LogEntry.objects.count(), said(asked)) == (before, on_record, [])

    saved = save_and_list(manager, path, asked)
    assert (rows() == before, saved.redirect_chain) == (False, [(dealt_with(), 302)])
    assert texts(manager.get(TO_DEAL_WITH), "desk-warn") == [CHANGES[change]]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_who_goes_back_finds_what_they_typed_and_nothing_saved(manager, visit, change):
    path, typed = change(manager, visit)
    before = rows()
    back = go_back(manager, path, manager.post(path, typed))

    form = "closure_form" if path == ADD_CLOSURE else f"{path.split('/')[3]}_form"
    kept = {name: value for name, value in fields_of(back, form).items() if any(value)}
    sent = {name: value for name, value in typed.items() if value not in ([""], "")}
    sent = {name: value if isinstance(value, list) else [value] for name, value in sent.items()}
    own = {"csrfmiddlewaretoken", "seen"}
    assert {name: kept.get(name) for name in sent.keys() - own} == {
        name: sent[name] for name in sent.keys() - own
    }
    assert (back.status_code, rows()) == (200, before)
    words = "Nothing was saved. What you typed is still here: change it, then save."
    assert texts(back, "errorlist") == [words]

    again = manager.post(path, fields_of(back, form))
    assert (texts(again, "h1"), rows()) == (["Save this?"], before)


def test_what_hurts_no_visit_is_saved_at_once(manager, visit):
    later = SNOW | {"hours_from": "10:15"}
    response = manager.post(ADD_CLOSURE, later)

    assert response.url == reverse("admin:booking_closure_changelist")


def test_a_visit_that_was_untrue_before_is_not_asked_about_again(manager, visit):
    Therapist.objects.update(active=False)
    path, typed = page(visit.therapist), opened(manager, visit.therapist)
    response = manager.post(path, typed | {"name": ["Ana Maria Ruiz"]}, follow=True)

    assert response.redirect_chain == [(TO_DEAL_WITH, 302)]
    assert Therapist.objects.get().name == "Ana Maria Ruiz"


def test_a_colleague_who_saves_between_the_two_is_not_wiped(manager, visit):
    path, typed = inactive(manager, visit)
    asked = manager.post(path, typed)
    Therapist.objects.update(bio="Treats backs.")
    stale = save_and_list(manager, path, asked)

    assert stale.status_code == 409
    assert [(change.now, change.typed) for change in stale.context["meanwhile"]] == [
        ("Treats backs.", "")
    ]
    assert Therapist.objects.values_list("active", "bio").get() == (True, "Treats backs.")


def test_who_goes_back_to_what_a_colleague_saved_is_told_so(manager, visit):
    path, typed = inactive(manager, visit)
    asked = manager.post(path, typed)
    Therapist.objects.update(bio="Treats backs.")

    assert go_back(manager, path, asked).status_code == 409
    assert Therapist.objects.values_list("active", "bio").get() == (True, "Treats backs.")


def test_a_visit_booked_between_the_two_is_asked_about_too(manager, visit):
    asked = manager.post(ADD_CLOSURE, SNOW)
    other = book(visit.therapist, at("11:00", IN_FIVE_DAYS))
    again = save_and_list(manager, ADD_CLOSURE, asked)

    assert (list(again.context["visits"]), Closure.objects.count()) == ([visit, other], 0)
    saved = save_and_list(manager, ADD_CLOSURE, again)
    assert saved.redirect_chain == [(dealt_with(), 302)]


def test_a_double_click_on_save_and_list_saves_once(manager, visit):
    path, typed = time_off(manager, visit)
    asked = manager.post(path, typed)
    for _click in range(2):
        save_and_list(manager, path, asked)

    assert TimeOff.objects.count() == 1


def test_the_button_that_was_pressed_and_lines_of_text_come_along(manager, visit):
    path, typed = inactive(manager, visit)
    bio = "Treats\r\nbacks & <knees>."
    asked = manager.post(path, typed | {"bio": [bio], "_continue": ["1"]})
    saved = save_and_list(manager, path, asked)

    assert saved.redirect_chain == [(path, 302)]
    assert Therapist.objects.values_list("active", "bio").get() == (False, bio)


LEFT = "The photograph cannot be kept meanwhile: choose it again once this is saved."


def test_a_file_cannot_come_along_so_the_page_that_asks_says_so(manager, visit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path, typed = inactive(manager, visit)
    photograph = SimpleUploadedFile("me.jpg", picture(), "image/jpeg")
    asked = manager.post(path, typed | {"photograph": photograph})

    assert LEFT in asked.content.decode()
    assert Therapist.objects.values_list("active", "photo").get() == (True, "")
    assert photographs.FILES.stored() == []
    save_and_list(manager, path, asked)
    assert Therapist.objects.values_list("active", "photo").get() == (False, "")


def test_without_a_file_the_page_that_asks_speaks_of_none(manager, visit):
    assert LEFT not in manager.post(*inactive(manager, visit)).content.decode()


def test_a_get_saves_nothing(manager, visit):
    path, typed = inactive(manager, visit)
    before = rows()

    assert manager.get(path, typed | {"save_and_list": "1"}).status_code == 200
    assert rows() == before


@pytest.mark.parametrize("count", [1, 4])
def test_asking_takes_a_fixed_number_of_queries(manager, visit, django_assert_num_queries, count):
    for wall in ["11:00", "13:00", "14:00"][: count - 1]:
        book(visit.therapist, at(wall, IN_FIVE_DAYS))
    ContentType.objects.get_for_model(Closure)  # asked once in a process

    with django_assert_num_queries(29):
        manager.post(ADD_CLOSURE, SNOW | {"hours_until": "17:00"})


def hours_on_their_own_page(visit):
    return WorkingHours.objects.get(weekday=2, opens="9:00", therapist=visit.therapist)


def delete_page(row):
    return page(row).replace("/change/", "/delete/")


def test_whoever_deletes_hours_sees_the_visits_before_and_after(manager, visit):
    path, before = delete_page(hours_on_their_own_page(visit)), rows()
    asked = manager.post(path, {"post": "yes"})

    assert (texts(asked, "h1"), said(asked), rows()) == (["Delete this?"], [], before)
    assert texts(asked, "desk-warn") == ["Outside Ana Ruiz's working hours."]
    assert go_back(manager, path, asked).url == path
    assert rows() == before

    deleted = save_and_list(manager, path, asked)
    assert deleted.redirect_chain == [(TO_DEAL_WITH, 302)]
    assert (WorkingHours.objects.count(), list(deleted.context["visits"])) == (9, [visit])


def test_hours_that_cover_no_visit_are_deleted_at_once(manager, visit):
    row = WorkingHours.objects.get(weekday=0, opens="9:00")
    response = manager.post(delete_page(row), {"post": "yes"})

    assert (response.status_code, WorkingHours.objects.count()) == (302, 9)


def test_hours_on_a_page_of_their_own_are_asked_about_too(manager, visit):
    row = hours_on_their_own_page(visit)
    asked = manager.post(page(row), opened(manager, row) | {"closes": ["10:00"]})

    assert (texts(asked, "h1"), list(asked.context["visits"])) == (["Save this?"], [visit])
