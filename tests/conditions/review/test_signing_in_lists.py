"""A list signs nothing: what is ticked there is read first, whatever kind of content it is."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from conditions.models import Article, Condition, Exercise, Page, Reviewed, State, UrgencyLine
from conditions.models import Testimonial as Story
from tests.conditions import people
from tests.conditions.builders import (
    TODAY,
    make_condition,
    make_draft_exercise,
    make_emergency_line,
)
from tests.conditions.people import sign_in_list

WORDS = "Words that somebody typed."


def story(**fields):
    page = make_condition(slug="hip", title="Hip pain")
    return Story.objects.create(condition=page, shown_name="J.", consent_given_on=TODAY, **fields)


# A draft of each kind, with the words in a text that its list does not show.
DRAFTS = {
    Condition: lambda: make_condition(about=WORDS),
    Article: lambda: Article.objects.create(slug="essay", title="Essay", summary=WORDS),
    Exercise: lambda: make_draft_exercise(easier=WORDS),
    Page: lambda: Page.objects.create(slug="services", title="Services", summary=WORDS),
    UrgencyLine: lambda: make_emergency_line(text=WORDS, state=State.DRAFT),
    Story: lambda: story(text=f"{'It was long. ' * 9}{WORDS}"),
}


@pytest.fixture
def reviewer(db, settings):
    settings.DEMO = False
    make_emergency_line()
    return people.reviewer(edits=True)


def listed(kind):
    return reverse(f"admin:conditions_{kind._meta.model_name}_changelist")


def test_every_kind_that_is_signed_is_tried():
    assert {kind for kind in admin.site._registry if issubclass(kind, Reviewed)} == set(DRAFTS)


@pytest.mark.parametrize("kind", DRAFTS, ids=str)
def test_no_action_of_a_list_signs_what_nobody_has_read(reviewer, kind):
    row = DRAFTS[kind]()
    form = reviewer.get(listed(kind)).context["action_form"]
    actions = {name for name, _label in form.fields["action"].choices if name}
    states = set()
    for name in sorted(actions - {"delete_selected"}):
        reviewer.post(listed(kind), {"action": name, "_selected_action": row.pk})
        states |= set(kind.objects.filter(pk=row.pk).values_list("state", flat=True))

    assert (states, "read_selected" in actions) == ({State.DRAFT}, True)


@pytest.mark.parametrize("kind", DRAFTS, ids=str)
def test_what_is_ticked_is_read_and_then_signed(reviewer, kind):
    row = DRAFTS[kind]()
    chosen = {"action": "read_selected", "_selected_action": row.pk}
    read = reviewer.post(listed(kind), chosen, follow=True).content.decode()
    sign_in_list(reviewer, row)
    row.refresh_from_db()

    assert WORDS in read
    assert row.state == State.APPROVED


def test_several_lines_are_read_on_one_page_and_signed(reviewer):
    lines = [make_emergency_line(text=text) for text in ("a fall", "a fever")]
    told = sign_in_list(reviewer, *lines)

    assert told.redirect_chain == [(listed(UrgencyLine), 302)]
    assert {line.text for line in UrgencyLine.objects.filter(state=State.APPROVED)} == {
        *("a fall", "a fever")
    }


def test_a_line_that_was_signed_shows_what_changed_since(reviewer):
    row = make_emergency_line(text="a fall")
    sign_in_list(reviewer, row)
    UrgencyLine.objects.filter(pk=row.pk).update(text="a bad fall", state=State.EXAMPLE)
    chosen = {"action": "read_selected", "_selected_action": row.pk}
    html = reviewer.post(listed(UrgencyLine), chosen, follow=True).content.decode()

    assert re.findall(r"<(ins|del)>(.*?)</", html) == [("del", "a fall"), ("ins", "a bad fall")]


def test_a_reading_of_several_that_is_stale_comes_back_and_signs_none(reviewer):
    lines = [make_emergency_line(text=text) for text in ("a fall", "a fever")]
    keys = ",".join(str(line.pk) for line in lines)
    address = f"{reverse('admin:conditions_urgencyline_approve_several')}?rows={keys}"
    shown = reviewer.get(address).context
    read = " ".join(each.digests for each in shown["readings"])
    UrgencyLine.objects.filter(pk=lines[1].pk).update(text="a high fever")
    late = reviewer.post(address, {"version": shown["version"], "read": read})

    assert (late.status_code, late.context["since"]) == (409, ["a high fever"])
    assert UrgencyLine.objects.filter(state=State.APPROVED).count() == 0


@pytest.mark.parametrize("keys", ["", "x", "9999", "9" * 40])
def test_an_address_of_no_rows_leads_nowhere(reviewer, keys):
    address = reverse("admin:conditions_urgencyline_approve_several")

    assert reviewer.get(f"{address}?rows={keys}").status_code == 404


def test_who_signs_nothing_reads_and_signs_none(reviewer):
    row, editor = make_emergency_line(text="a fall"), people.editor()
    address = f"{reverse('admin:conditions_urgencyline_approve_several')}?rows={row.pk}"
    sign_in_list(editor, row)

    assert [way(address).status_code for way in (editor.get, editor.post)] == [403, 403]
    assert UrgencyLine.objects.filter(state=State.APPROVED).count() == 0
