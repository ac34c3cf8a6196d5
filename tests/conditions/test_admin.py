"""Editors write, clinicians sign off, and every change is kept."""

import re

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.forms.models import model_to_dict

from conditions.models import (
    Article,
    Cause,
    Condition,
    Exercise,
    HomePicture,
    Page,
    PreventionTip,
    Reviewer,
    State,
    UrgencyLine,
)
from tests.conditions import people
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_picture,
    make_reviewer,
    sign,
)
from tests.staff import Browser

ADMIN = "/admin/conditions"
# Rows on the form of a condition.
BELOW = ("causes", "treatment_uses", "urgency_lines", "uses", "pictures")


@pytest.fixture
def client():
    return Browser()


@pytest.fixture
def editor(db):
    return people.member("Editor")


@pytest.fixture
def clinician(db):
    return make_reviewer().user


@pytest.fixture
def condition(db):
    make_emergency_line()
    return make_condition(about="Much.\nMuch more.")


def signed_in(client, user):
    client.force_login(user)
    return client


def as_browser_sends(row):
    """The fields of a row as a form sends them back: lines end with CR LF."""
    return {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in model_to_dict(row).items()
        if value not in (None, [])
    } | {name: [each.pk for each in rows] for name, rows in linked(row).items()}


def linked(row):
    return {name: rows for name, rows in model_to_dict(row).items() if isinstance(rows, list)}


def change(client, condition, **typed):
    row = as_browser_sends(condition)
    none = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    management = {f"{name}-{k}": v for name in BELOW for k, v in none.items()}
    return client.post(
        f"{ADMIN}/condition/{condition.pk}/change/", row | management | typed, follow=True
    )


def carried(read):
    """What the form of a reading sends back: the version and the lines that it showed."""
    fields = re.findall(r'name="(version|read)" value="([^"]*)"', read.content.decode())
    assert [name for name, _value in fields] == ["version", "read"]
    return dict(fields)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_admin_pages_open_under_the_strict_policy(content, client, admin_user):
    make_reviewer()
    make_picture(HomePicture)
    signed_in(client, admin_user)
    models = [m for m in admin.site._registry if m._meta.app_label == "conditions"]

    for model in models:
        path = f"{ADMIN}/{model._meta.model_name}/"
        row = model.objects.first()
        for page in ("", f"{row.pk}/change/", f"{row.pk}/history/", "add/"):
            response = client.get(f"{path}{page}")
            found = re.findall(r"\sstyle=|\son\w+=|<script>", response.content.decode())
            assert (path, page, response.status_code, found) == (path, page, 200, [])
    assert len(models) == 15


def test_new_content_is_a_draft_whatever_is_posted(db, client, editor):
    typed = {
        "title": "Ache",
        "slug": "ache",
        "name_in_text": "ache",
        "summary": "It aches.",
        "about": "Much.",
        "order": 0,
        "state": "approved",
        "areas": [make_area().pk],
        "causes-TOTAL_FORMS": 1,
        "causes-INITIAL_FORMS": 0,
        "causes-0-group": "common",
        "causes-0-title": "A fall",
        "causes-0-order": 0,
        "urgency_lines-TOTAL_FORMS": 0,
        "urgency_lines-INITIAL_FORMS": 0,
        "treatment_uses-TOTAL_FORMS": 0,
        "treatment_uses-INITIAL_FORMS": 0,
        "pictures-TOTAL_FORMS": 0,
        "pictures-INITIAL_FORMS": 0,
        "uses-TOTAL_FORMS": 0,
        "uses-INITIAL_FORMS": 0,
    }
    response = signed_in(client, editor).post(f"{ADMIN}/condition/add/", typed)

    assert response.status_code == 302
    assert (Condition.objects.get().state, Cause.objects.get().title) == (State.DRAFT, "A fall")


def test_a_dose_that_cannot_be_is_a_form_error(content, client, editor):
    exercise = Exercise.objects.get(slug="bird-dog")
    row = as_browser_sends(exercise)
    for name in ("steps", "safety_lines", "pictures"):
        row |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    path = f"{ADMIN}/exercise/{exercise.pk}/change/"
    response = signed_in(client, editor).post(path, row | {"repetitions_max": 3})

    assert response.status_code == 200
    assert "The highest number of repetitions is above the lowest." in response.content.decode()


def test_reviewer_approves_and_name_licence_and_dates_are_copied(client, clinician, condition):
    line = UrgencyLine.objects.get()
    response = signed_in(client, clinician).post(
        f"{ADMIN}/condition/{condition.pk}/approve/", follow=True
    )
    condition.refresh_from_db()

    assert messages_of(response) == ["You approved “Pain”.", f"You approved “{line}”."]
    assert (condition.state, condition.reviewed_by, condition.reviewed_licence) == (
        State.APPROVED,
        "Rita Roe, PT, DPT",
        "NY 012345",
    )
    assert (condition.next_review_due - condition.reviewed_on).days == 365
    assert condition.reviewer.user == clinician


def test_reviewer_signs_what_they_have_read(client, clinician, editor, condition):
    path = f"{ADMIN}/condition/{condition.pk}/approve/"
    read = signed_in(client, clinician).get(path)
    change(signed_in(client, editor), condition, about="Other words.")
    signed_in(client, clinician)
    late = client.post(path, carried(read))
    condition.refresh_from_db()

    assert (late.status_code, condition.state) == (409, State.DRAFT)
    assert late.context["since"] == ["Other words."]
    client.post(path, carried(late))
    condition.refresh_from_db()
    assert (condition.state, condition.about) == (State.APPROVED, "Other words.")


def test_signature_stays_as_signed_when_the_reviewer_row_changes(client, condition):
    sign(condition)
    Reviewer.objects.update(name="Rita Smith", licence="NY 999999")

    condition.refresh_from_db()
    assert (condition.reviewed_by, condition.reviewed_licence) == ("Rita Roe, PT, DPT", "NY 012345")


@pytest.mark.parametrize("who", ["editor", "admin_user"])
def test_without_a_reviewer_row_nobody_approves(request, client, condition, who):
    signed_in(client, request.getfixturevalue(who))
    path = f"{ADMIN}/condition/{condition.pk}/"
    by_button = client.post(f"{path}approve/")
    by_action = client.post(
        f"{ADMIN}/urgencyline/",
        {"action": "read_selected", "_selected_action": UrgencyLine.objects.get().pk},
    )
    condition.refresh_from_db()

    assert (by_button.status_code, by_action.status_code) == (403, 302)
    assert (condition.state, UrgencyLine.objects.get().state) == (State.DRAFT, State.EXAMPLE)
    assert client.get(f"{path}approve/").status_code == 403
    assert "sign it off" not in client.get(f"{path}change/").content.decode()


def test_reading_what_is_to_be_signed_signs_nothing(client, clinician, condition):
    response = signed_in(client, clinician).get(f"{ADMIN}/condition/{condition.pk}/approve/")
    condition.refresh_from_db()

    assert (response.status_code, condition.state) == (200, State.DRAFT)


def test_visitor_may_neither_approve_nor_preview(client, condition):
    for way in (
        client.post(f"{ADMIN}/condition/{condition.pk}/approve/"),
        client.get(f"{ADMIN}/condition/{condition.pk}/preview/"),
    ):
        assert way.headers["Location"].startswith("/admin/login/")


def test_page_is_not_approved_while_no_emergency_line_is_public(client, clinician, condition):
    UrgencyLine.objects.all().delete()
    response = signed_in(client, clinician).post(
        f"{ADMIN}/condition/{condition.pk}/approve/", follow=True
    )
    condition.refresh_from_db()

    assert messages_of(response) == ["“Pain” was not approved: there is no public emergency line."]
    assert condition.state == State.DRAFT


def test_editor_cannot_become_a_reviewer(client, editor):
    response = signed_in(client, editor).post(
        f"{ADMIN}/reviewer/add/",
        {"user": editor.pk, "name": "Ed", "credentials": "PT", "licence": "NY 1"},
    )

    assert (response.status_code, Reviewer.objects.count()) == (403, 0)


def test_changed_text_loses_its_signature(client, editor, condition):
    sign(condition)
    response = change(signed_in(client, editor), condition, about="Other words.")
    condition.refresh_from_db()

    assert (condition.state, condition.about) == (State.DRAFT, "Other words.")
    assert "“Pain” is no longer approved: a clinician has to read it again." in messages_of(
        response
    )


@pytest.mark.parametrize(("reviews", "state"), [(False, State.DRAFT), (True, State.APPROVED)])
def test_only_a_reviewer_waves_a_change_through(client, editor, condition, reviews, state):
    sign(condition)
    if reviews:
        Reviewer.objects.update(user=editor)
    change(signed_in(client, editor), condition, about="Much!", keeps_signature="on")
    condition.refresh_from_db()
    asked = b"keeps_signature" in client.get(f"{ADMIN}/condition/{condition.pk}/change/").content

    assert (condition.state, condition.about, asked) == (state, "Much!", reviews)


def test_saving_without_a_change_keeps_the_signature(client, editor, condition):
    sign(condition)
    change(signed_in(client, editor), condition)
    condition.refresh_from_db()

    assert (condition.state, condition.about) == (State.APPROVED, "Much.\nMuch more.")


def test_a_part_of_an_approved_page_says_who_may_change_it(client, editor, condition):
    tip = PreventionTip.objects.create(slug="walk", title="Walk", text="Often.")
    condition.tips.add(tip)
    sign(condition)
    response = signed_in(client, editor).get(f"{ADMIN}/preventiontip/{tip.pk}/change/")

    assert messages_of(response) == [
        "“Walk” stands on an approved page: a reviewer may change it, or it can be changed once"
        " that page is a draft again."
    ]


def test_preview_shows_a_draft_as_patients_would_see_it_and_is_never_kept(content, client, editor):
    signed_in(client, editor)
    for model in (Condition, Article, Exercise, Page):
        row = model.objects.first()
        model.objects.update(state=State.DRAFT)
        response = client.get(f"{ADMIN}/{model._meta.model_name}/{row.pk}/preview/")
        html = response.content.decode()

        assert "no-store" in response.headers["Cache-Control"]
        assert "Visitors do not see this page." in html
        assert f"<h1>{row.title}</h1>" in html
        assert client.get(row.get_absolute_url()).status_code == 404


def test_last_emergency_line_can_neither_be_deleted_nor_hidden(client, admin_user):
    line = make_emergency_line()
    make_reviewer(user=admin_user)
    make_emergency_line(level="urgent", text="you have a fever")
    signed_in(client, admin_user)
    deleted = client.post(f"{ADMIN}/urgencyline/{line.pk}/delete/", {"post": "yes"})
    hidden = client.post(
        f"{ADMIN}/urgencyline/",
        {"action": "take_back_selected", "_selected_action": line.pk},
        follow=True,
    )

    assert deleted.status_code == 403
    assert messages_of(hidden) == [f"“{line}” stays: it is the last public emergency line."]
    assert list(UrgencyLine.objects.published().emergency()) == [line]
    make_emergency_line(text="it began after a crash")
    assert client.post(f"{ADMIN}/urgencyline/{line.pk}/delete/", {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("elsewhere", ["level", "condition", "areas"])
def test_last_emergency_line_stays_one(client, editor, condition, elsewhere):
    make_reviewer(user=editor)
    line = UrgencyLine.objects.get()
    moved = {"level": "routine", "condition": condition.pk, "areas": [make_area().pk]}
    typed = {"level": "emergency", "text": line.text, "order": 0, elsewhere: moved[elsewhere]}
    path = f"{ADMIN}/urgencyline/{line.pk}/change/"
    refused = signed_in(client, editor).post(path, typed)
    still = list(UrgencyLine.objects.published().emergency())
    make_emergency_line(text="it began after a crash")
    accepted = client.post(path, typed)

    assert (refused.status_code, still, accepted.status_code) == (200, [line], 302)
    assert "the last public emergency line" in refused.content.decode()


def test_history_says_who_changed_what(client, editor, condition):
    condition.tips.add(PreventionTip.objects.create(slug="walk", title="Walk", text="Often."))
    change(signed_in(client, editor), condition, about="Other words.", tips=[])
    latest = LogEntry.objects.get_for_object(condition)[:2]
    html = client.get(f"{ADMIN}/condition/{condition.pk}/history/").content.decode()

    assert [(entry.actor, entry.changes_dict) for entry in latest] == [
        (editor, {"tips": {"type": "m2m", "operation": "delete", "objects": ["Walk"]}}),
        (editor, {"about": ["Much.\nMuch more.", "Other words."]}),
    ]
    assert "Much more. → Other words." in " ".join(html.split())
    assert "delete: Walk" in html


def test_legal_template_is_said_to_staff_and_not_to_patients(content, client, editor):
    words = "clinic&#x27;s counsel has to complete it"
    page = client.get("/privacy/").content.decode()
    found = Page.objects.get(slug="privacy")
    form = signed_in(client, editor).get(f"{ADMIN}/page/{found.pk}/change/").content.decode()

    assert words in form
    assert "counsel" not in page
