"""Overdue reviews show on the page and to who may mend them; what names no source is flagged."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from conditions.models import Cause, Page, UrgencyLine
from conditions.review import approval, confirming
from conditions.review.advice import advice
from conditions.review.parts import unsigned
from tests.conditions import people
from tests.conditions.builders import make_condition, make_emergency_line, make_reviewer

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 2)
OVERDUE = "This review is overdue."


@pytest.fixture(autouse=True)
def noon():
    """The clock stands at noon of one day: "today" is one day throughout a test."""
    with time_machine.travel(datetime(2026, 11, 27, 17, 0, tzinfo=UTC), tick=False):
        yield


def sign(row, on):
    reviewer = User.objects.filter(username="rita").first()
    reviewer = reviewer.reviewer if reviewer else make_reviewer()
    for part in unsigned(row):  # today, so that the row alone is overdue
        approval.approve(content=part, reviewer=reviewer, on=localdate())
    approval.approve(content=row, reviewer=reviewer, on=on)
    return row


@pytest.fixture
def condition():
    make_emergency_line()
    return make_condition(about="Seen often [@who-2023]. Rest is rare.\n\n- Sit\n- Walk: now")


def signed_in(client, group):
    client.force_login(people.member(group, name=group))


def overdue_on(page):
    """Names and dates under "Overdue reviews", or None without the panel."""
    panel = re.search(r'id="overdue-title">.*?</section>', page.content.decode(), re.DOTALL)
    return panel and re.findall(r'<a href="[^"]+">(.*?)</a>:\s+due on (.*?)\s*</li>', panel[0])


@pytest.mark.parametrize(("days", "said"), [(364, False), (365, False), (366, True)])
def test_page_says_that_its_review_is_overdue_and_due_today_is_not(client, condition, days, said):
    """Signed so many days ago; a review is due after 365."""
    sign(condition, localdate() - timedelta(days=days))

    assert (OVERDUE in client.get("/conditions/pain/").content.decode()) == said
    assert type(condition).objects.overdue(localdate()).exists() == said


def test_front_page_of_the_admin_lists_what_is_overdue_longest_first(client, condition):
    sign(condition, date(2021, 1, 2))
    sign(UrgencyLine.objects.get(), LONG_AGO)
    sign(Page.objects.create(slug="services", title="Services", summary="All."), localdate())
    signed_in(client, "Editor")

    assert overdue_on(client.get("/admin/")) == [
        ("a leg is getting weaker", "January 1, 2021"),
        ("Pain", "January 2, 2022"),
    ]


def test_panel_says_when_nothing_is_overdue(client):
    signed_in(client, "Manager")

    assert "No review is overdue." in client.get("/admin/").content.decode()


@pytest.mark.parametrize("group", ["Front desk", "Therapist"])
def test_panel_is_for_who_may_see_content(client, group):
    signed_in(client, group)

    assert overdue_on(client.get("/admin/")) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_front_page_takes_as_many_queries_however_many_are_overdue(
    client, condition, rows, django_assert_num_queries
):
    for number in range(rows):
        sign(make_condition(slug=f"pain-{number}", title=f"Pain {number}"), LONG_AGO)
    signed_in(client, "Editor")

    with django_assert_num_queries(8):
        assert len(overdue_on(client.get("/admin/"))) == rows


def test_sentences_without_a_source_are_for_a_clinician_to_confirm(client, condition):
    Cause.objects.create(condition=condition, group="common", title="Age", text="It comes.")
    signed_in(client, "Editor")
    form = client.get(f"/admin/conditions/condition/{condition.pk}/change/").content.decode()

    assert confirming.to_confirm(condition) == [
        "It hurts.",
        "Rest is rare.",
        "Sit",
        "Walk: now",
        "It comes.",
    ]
    assert "For a clinician to confirm: 5 sentences without a source" in form


def test_what_is_signed_off_needs_no_confirming(client, condition):
    assert confirming.to_confirm(sign(condition, localdate())) == []


def test_clinics_own_pages_are_not_for_a_clinician_to_confirm():
    page = Page.objects.create(slug="services", title="Services", summary="All that we do.")

    assert confirming.to_confirm(page) == []


LONG = " ".join(["word"] * 21) + "."


def test_an_editor_is_told_what_is_worth_mending_and_not_stopped(client, condition):
    Cause.objects.create(condition=condition, group="common", title="Age", text=LONG)
    condition.about = "It helped 3 in 10 people. [Here](/nowhere/). See [@nobody]."
    condition.save()
    signed_in(client, "Editor")
    form = client.get(f"/admin/conditions/condition/{condition.pk}/change/").content.decode()

    assert advice(condition) == [
        "What it is cites nobody, which does not exist",
        "What it is has a number without a source: It helped 3 in 10 people.",
        "What it is links to /nowhere/, which is not public",
        f"Text of “Age” has a sentence of 21 words: {LONG}",
    ]
    assert "Worth mending: 4 places" in form


def test_hard_words_are_worth_mending():
    text = "Multidisciplinary rehabilitation necessitates individualized considerations. " * 6
    page = Page.objects.create(slug="services", title="Services", summary=text)

    assert advice(page)[-1].startswith("The whole reads like grade ")


def test_plain_text_has_nothing_to_mend(client, condition):
    condition.about = "Walk a little each day."
    condition.save()
    signed_in(client, "Editor")
    form = client.get(f"/admin/conditions/condition/{condition.pk}/change/").content.decode()

    assert advice(condition) == []
    assert "Worth mending" not in form


def test_readers_see_what_changed_and_whom_to_tell_of_a_mistake(client, condition, settings):
    settings.DEMO = True
    condition.state, condition.what_changed = "example", "New advice on sleep."
    condition.save()

    shown = client.get(condition.get_absolute_url()).content.decode()

    assert "What changed: New advice on sleep." in shown
    assert '<a href="/contact/question/">Tell us</a>' in shown


def test_check_fails_on_an_overdue_review_when_asked_to(condition):
    sign(condition, LONG_AGO)
    call_command("check_content")

    with pytest.raises(CommandError, match=r"^condition Pain: its review was due on 2021-01-01$"):
        call_command("check_content", "--fail-overdue")


def test_check_passes_while_no_review_is_overdue(condition):
    sign(condition, localdate())

    call_command("check_content", "--fail-overdue")
