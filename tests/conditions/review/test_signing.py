"""A reviewer reads a page with all its parts, and signs it with them or not at all."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from conditions.models import (
    Article,
    Cause,
    Condition,
    Exercise,
    SafetyLine,
    Signature,
    State,
    UrgencyLine,
)
from conditions.models import (
    Testimonial as Story,
)
from conditions.review import approval
from tests.conditions import people
from tests.conditions.builders import (
    TODAY,
    make_condition,
    make_draft_exercise,
    make_emergency_line,
    make_reviewer,
    sign,
)
from tests.reading import said
from tests.typed import fields_of


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def clinician(reviewer):
    return people.signed_in(reviewer.user)


@pytest.fixture
def editor(db):
    return people.editor()


@pytest.fixture
def neck(db, settings):
    """A page as an editor leaves it: it and its parts are drafts, but for the shipped warning."""
    settings.DEMO = False
    make_emergency_line(text="a leg is getting weaker")
    neck = make_condition(slug="neck", title="Neck pain")
    Cause.objects.create(condition=neck, group="common", title="A stiff joint")
    UrgencyLine.objects.create(level="emergency", text="a hand is numb", condition=neck)
    neck.exercises.add(make_draft_exercise(easier="Lie down for it."))
    return neck


def address(row, name="approve"):
    return reverse(f"admin:conditions_{row._meta.model_name}_{name}", args=[row.pk])


def states():
    rows = [*Condition.objects.all(), *Exercise.objects.all(), *UrgencyLine.objects.all()]
    return {str(row): row.state for row in rows}


def read_lines(response):
    """What the reading shows of each row, by its heading."""
    return {str(sheet.row): sheet.lines for sheet in response.context["to_sign"].sheets}


def test_a_page_goes_live_with_its_own_red_flags_and_exercises(client, clinician, neck):
    clinician.post(address(neck))
    html = client.get("/conditions/neck/").content.decode()

    assert set(states().values()) == {State.APPROVED}
    for words in ("a leg is getting weaker", "a hand is numb", "Chin tuck", "A stiff joint"):
        assert words in html


def test_the_reading_names_each_unsigned_part_and_shows_all_of_it(clinician, neck):
    response = clinician.get(address(neck))
    shown = read_lines(response)

    assert [str(part) for part in response.context["to_sign"].unsigned] == [
        "a hand is numb",
        "Chin tuck",
        "a leg is getting weaker",
    ]
    assert {"# Neck pain", "- a hand is numb", "# Chin tuck"} <= set(shown["Neck pain"])
    # Its own page goes live with it, so that is read too: a card shows less.
    assert "Lie down for it." in shown["Chin tuck"]
    assert not [line for line in shown["Neck pain"] if "not signed" in line or "Draft" in line]


def test_what_changed_since_the_last_signature_is_marked(clinician, neck):
    clinician.post(address(neck))
    Condition.objects.update(about="Other words.", state=State.DRAFT)
    html = clinician.get(address(neck)).content.decode()

    assert re.findall(r"<(ins|del)>(.*?)</", html) == [("del", "Much."), ("ins", "Other words.")]
    assert Signature.objects.filter(model="condition").count() == 1


def plant_line(neck):
    UrgencyLine.objects.create(level="emergency", text="a foot drops", condition=neck)


def change_words(neck):
    Exercise.objects.update(easier="Other words.")


def change_what_no_page_shows(neck):
    Condition.objects.update(order=7)


@pytest.mark.parametrize(
    ("change", "since"),
    [
        (plant_line, ["- a foot drops"]),
        (change_words, ["Other words."]),
        (change_what_no_page_shows, []),
    ],
)
def test_a_reading_that_is_stale_comes_back_with_what_changed(clinician, neck, change, since):
    read = clinician.get(address(neck)).context["to_sign"]
    change(neck)
    typed = {"version": read.version, "read": read.digests}
    response = clinician.post(address(neck), typed)

    assert (response.status_code, State.APPROVED in states().values()) == (409, False)
    assert [line for line in response.context["since"] if line[0] != "#"] == since


def test_who_signs_nothing_sees_no_reading(editor, neck):
    assert [way(address(neck)).status_code for way in (editor.get, editor.post)] == [403, 403]


def test_without_its_parts_a_page_is_refused_and_they_are_named(neck, reviewer):
    parts = "^“a hand is numb”, “Chin tuck”, “a leg is getting weaker”$"
    with pytest.raises(approval.UnsignedParts, match=parts):
        approval.approve(content=neck, reviewer=reviewer, on=TODAY)


def planted_exercise(neck):
    Exercise.objects.update(state=State.DRAFT)
    return "Chin tuck"


def planted_line(neck):
    UrgencyLine.objects.filter(condition=neck).update(state=State.DRAFT)
    return "a hand is numb"


def planted_story(neck):
    story = {"shown_name": "J.", "text": "Good.", "consent_given_on": TODAY}
    return str(Story.objects.create(condition=neck, **story))


@pytest.mark.parametrize("plant", [planted_exercise, planted_line, planted_story])
def test_a_planted_half_signed_page_is_refused_by_name(client, editor, neck, reviewer, plant):
    sign(neck)
    name = plant(neck)

    assert client.get("/conditions/neck/").status_code == 404
    assert "/conditions/neck/" not in client.get("/conditions/").content.decode()
    assert "/conditions/neck/" not in client.get("/sitemap.xml").content.decode()
    for place in (address(neck, "change"), "/admin/"):
        assert "Approved, but not public" in editor.get(place).content.decode()
    with pytest.raises(approval.UnsignedParts, match=re.escape(f"“{name}”")):
        approval.approve(content=neck, reviewer=reviewer, on=TODAY)


def test_the_admin_names_no_page_whose_parts_are_all_signed(editor, neck):
    sign(neck)

    for place in (address(neck, "change"), "/admin/"):
        assert "Approved, but not public" not in editor.get(place).content.decode()


def test_no_page_links_to_one_that_is_half_signed(client, neck):
    other = make_condition(slug="jaw", title="Jaw pain")
    Cause.objects.create(condition=other, group="specific", title="Neck", explained_by=neck)
    other.related_conditions.add(neck)
    sign(neck)
    sign(other)
    linked = client.get("/conditions/jaw/").content.decode().count('"/conditions/neck/"')
    planted_exercise(neck)

    assert linked == 2
    assert '"/conditions/neck/"' not in client.get("/conditions/jaw/").content.decode()


def test_in_a_demo_examples_show_as_before(client, neck, settings):
    settings.DEMO = True
    Condition.objects.update(state=State.EXAMPLE)

    assert client.get("/conditions/neck/").status_code == 200


def test_a_story_whose_consent_is_withdrawn_takes_no_page_along(client, editor, neck):
    story = Story.objects.create(
        condition=neck, shown_name="J.", text="Good for me.", consent_given_on=TODAY
    )
    sign(neck)
    shown = "Good for me." in client.get("/conditions/neck/").content.decode()
    row = {"condition": neck.pk, "shown_name": "J.", "text": "Good for me."}
    dates = {"consent_given_on": TODAY, "withdrawn_on": TODAY}
    editor.post(address(story, "change"), row | dates)
    response = client.get("/conditions/neck/")

    assert (shown, response.status_code) == (True, 200)
    assert "Good for me." not in response.content.decode()


def take_back(editor, exercise):
    path = reverse("admin:conditions_exercise_changelist")
    chosen = {"action": "take_back_selected", "_selected_action": exercise.pk, "post": "yes"}
    return editor.post(path, chosen, follow=True)


def delete(editor, exercise):
    return editor.post(address(exercise, "delete"), {"post": "yes"}, follow=True)


@pytest.mark.parametrize("how", [take_back, delete])
def test_a_page_leaves_the_public_with_a_part_that_it_showed(client, editor, neck, how):
    article = Article.objects.create(slug="essay", title="Essay", summary="Move.")
    article.exercises.add(Exercise.objects.get())
    sign(neck)
    sign(article)
    told = said(how(editor, Exercise.objects.get()))
    states = [type(row).objects.get(pk=row.pk).state for row in (neck, article)]

    assert states == [State.DRAFT, State.DRAFT]
    for row in (neck, article):
        assert f"“{row}” is no longer approved: a clinician has to read it again." in told


def test_a_new_warning_is_signed_with_its_page_wherever_it_was_added(editor, neck):
    sign(neck)
    typed = {"level": "urgent", "text": "you have a fever", "condition": neck.pk, "order": 9}
    told = said(editor.post(reverse("admin:conditions_urgencyline_add"), typed, follow=True))
    neck.refresh_from_db()

    assert "“Neck pain” is no longer approved: a clinician has to read it again." in told
    assert neck.state == State.DRAFT


def test_a_new_warning_for_every_page_takes_none_from_its_readers(client, editor, neck):
    sign(neck)
    typed = {"level": "urgent", "text": "you have a fever", "order": 9}
    editor.post(reverse("admin:conditions_urgencyline_add"), typed)
    response = client.get("/conditions/neck/")

    assert (response.status_code, b"you have a fever" in response.content) == (200, False)


def moved_line(neck, other):
    return UrgencyLine.objects.get(condition=neck), {"condition": [other.pk]}


def moved_safety_line(neck, other):
    line = SafetyLine.objects.create(kind="stop", text="it hurts", exercise=Exercise.objects.get())
    other = make_draft_exercise(slug="other", title="Other move")
    return line, {"exercise": [other.pk]}


@pytest.mark.parametrize("move", [moved_line, moved_safety_line])
def test_a_page_from_which_a_part_is_moved_is_read_again(clinician, neck, reviewer, move):
    other = make_condition(slug="jaw", title="Jaw pain")
    row, typed = move(neck, other)
    reviewer.user.groups.add(Group.objects.get(name="Editor"))
    sign(neck)
    path = address(row, "change")
    form = fields_of(clinician.get(path), f"{row._meta.model_name}_form")
    response = clinician.post(path, form | typed | {"keeps_signature": ["on"]})
    neck.refresh_from_db()

    assert (response.status_code, neck.state) == (302, State.DRAFT)


def add_a_line(typed):
    words = {"level": "urgent", "text": "a foot drops", "order": "3"}
    row = {f"urgency_lines-1-{name}": [value] for name, value in words.items()}
    return {"urgency_lines-TOTAL_FORMS": ["2"]} | row


def drop_the_cause(typed):
    return {"causes-0-DELETE": ["on"]}


def unlink_the_exercise(typed):
    return {"uses-0-DELETE": ["on"]}


@pytest.mark.parametrize("change", [add_a_line, drop_the_cause, unlink_the_exercise])
def test_other_parts_are_more_than_spelling(clinician, neck, reviewer, change):
    sign(neck)
    reviewer.user.groups.add(Group.objects.get(name="Editor"))
    path = address(neck, "change")
    typed = fields_of(clinician.get(path), "condition_form") | {"keeps_signature": ["on"]}
    told = said(clinician.post(path, typed | change(typed), follow=True))
    neck.refresh_from_db()

    assert "“Neck pain” is no longer approved: a clinician has to read it again." in told
    assert neck.state == State.DRAFT
