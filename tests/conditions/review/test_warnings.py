"""A public warning changes, and leaves the site, by a reviewer's hand alone."""

import pytest
from django.urls import reverse

from conditions.models import Condition, State, UrgencyLine
from conditions.review import approval
from tests.conditions.builders import TODAY, make_condition, make_emergency_line, make_reviewer
from tests.conditions.people import editor
from tests.typed import fields_of

LEG = "a leg is getting weaker"
TOLD = (
    f"“{LEG}” is a public warning: only a reviewer may change or remove it. Add a new line instead:"
    " it is a draft until a reviewer approves it."
)
LINES = "/admin/conditions/urgencyline/"
PUBLIC = [State.APPROVED, State.EXAMPLE]


@pytest.fixture(autouse=True)
def live(db, settings):
    settings.DEMO = False


@pytest.fixture
def reviewer():
    return make_reviewer()


@pytest.fixture
def another():
    """So that no line of a test is the last one."""
    return make_emergency_line(text="it began after a crash", order=9)


def warning(state, reviewer, **fields):
    line = make_emergency_line(**fields)
    if state == State.APPROVED:
        approval.approve(content=line, reviewer=reviewer, on=TODAY)
    elif state == State.DRAFT:
        UrgencyLine.objects.filter(pk=line.pk).update(state=state)
    return line


def standing(line):
    """Words and state of a line, or None once it is gone."""
    return UrgencyLine.objects.filter(pk=line.pk).values_list("text", "level", "state").first()


def retype(client, line, **typed):
    words = {"level": "emergency", "text": "your legs feel a bit tired", "order": 0}
    return client.post(f"{LINES}{line.pk}/change/", words | typed)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("state", PUBLIC)
def test_an_editor_changes_no_word_of_a_public_warning(reviewer, another, state):
    line = warning(state, reviewer)
    client = editor()
    shown = client.get(f"{LINES}{line.pk}/change/")
    refused = [
        retype(client, line),
        retype(client, line, text=LEG, level="routine"),
        retype(client, line, keeps_signature="on"),
    ]

    assert messages_of(shown) == [TOLD]
    assert 'name="text"' not in shown.content.decode()
    assert [response.status_code for response in refused] == [403, 403, 403]
    assert standing(line) == (LEG, "emergency", state)


@pytest.mark.parametrize("state", PUBLIC)
def test_an_editor_takes_no_public_warning_off_the_site(reviewer, another, state):
    line = warning(state, reviewer)
    client = editor()
    deleted = client.post(f"{LINES}{line.pk}/delete/", {"post": "yes"})
    chosen = {"action": "take_back_selected", "_selected_action": line.pk}
    hidden = client.post(LINES, chosen, follow=True)

    assert deleted.status_code == 403
    assert messages_of(hidden) == [
        f"“{LEG}” stays as it is: only a reviewer may make it a draft.",
    ]
    assert standing(line) == (LEG, "emergency", state)


def test_an_editor_proposes_a_new_line_and_mends_the_draft(another):
    client = editor()
    typed = {"level": "emergency", "text": "you cannot pass urine", "order": 0}
    added = client.post(f"{LINES}add/", typed)
    line = UrgencyLine.objects.get(text="you cannot pass urine")
    mended = retype(client, line, text="you cannot pee")

    assert (added.status_code, mended.status_code) == (302, 302)
    assert standing(line) == ("you cannot pee", "emergency", State.DRAFT)
    assert list(UrgencyLine.objects.published()) == [another]


def test_a_reviewer_changes_hides_and_deletes_a_warning(reviewer, another):
    line, gone = (warning(State.APPROVED, reviewer, text=text) for text in (LEG, "a foot drops"))
    client = editor(reviews=True)
    retype(client, line)
    changed = standing(line)
    client.post(LINES, {"action": "take_back_selected", "_selected_action": line.pk})
    client.post(f"{LINES}{gone.pk}/delete/", {"post": "yes"})

    assert changed == ("your legs feel a bit tired", "emergency", State.EXAMPLE)
    assert standing(line) == ("your legs feel a bit tired", "emergency", State.DRAFT)
    assert standing(gone) is None


def on_page_of(client, condition, **typed):
    """Post the form of a condition with other values in the row of its only warning."""
    address = reverse("admin:conditions_condition_change", args=[condition.pk])
    shown = fields_of(client.get(address), "condition_form")
    named = {f"urgency_lines-0-{name}": value for name, value in typed.items()}
    return client.post(address, shown | named, follow=True)


@pytest.mark.parametrize(
    "typed", [{"text": "a leg tingles"}, {"level": "routine"}, {"DELETE": "1"}]
)
@pytest.mark.parametrize("state", PUBLIC)
def test_nor_does_an_editor_on_the_page_of_its_condition(reviewer, another, state, typed):
    condition = make_condition()
    line = warning(state, reviewer, condition=condition)
    response = on_page_of(editor(), condition, **typed)

    assert TOLD in response.content.decode()
    assert standing(line) == (LEG, "emergency", state)


@pytest.mark.parametrize(
    ("reviews", "state", "after"),
    [
        (False, State.DRAFT, State.DRAFT),
        (True, State.DRAFT, State.DRAFT),
        (True, State.APPROVED, State.EXAMPLE),
    ],
)
def test_a_draft_or_a_reviewers_change_is_saved_there(reviewer, another, reviews, state, after):
    condition = make_condition()
    line = warning(state, reviewer, condition=condition)
    on_page_of(editor(reviews=reviews), condition, text="a leg tingles")

    assert standing(line) == ("a leg tingles", "emergency", after)


def test_an_untouched_warning_keeps_nobody_from_saving_its_condition(reviewer, another):
    condition = make_condition()
    line = warning(State.APPROVED, reviewer, condition=condition)
    address = reverse("admin:conditions_condition_change", args=[condition.pk])
    client = editor()
    shown = fields_of(client.get(address), "condition_form")
    client.post(address, shown | {"about": ["Other words."]})
    condition.refresh_from_db()

    assert (condition.about, standing(line)) == ("Other words.", (LEG, "emergency", "approved"))


@pytest.mark.parametrize(("reviews", "left"), [(False, 1), (True, 0)])
def test_nor_does_a_public_warning_go_with_its_condition(reviewer, another, reviews, left):
    condition = make_condition()
    warning(State.APPROVED, reviewer, condition=condition)
    address = reverse("admin:conditions_condition_delete", args=[condition.pk])
    editor(reviews=reviews).post(address, {"post": "yes"})

    assert Condition.objects.count() == left
    assert UrgencyLine.objects.filter(text=LEG).count() == left
