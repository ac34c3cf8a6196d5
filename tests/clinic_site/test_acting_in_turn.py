"""What is done with rows from a list, and deleting, is done with rows as the page showed them."""

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.urls import reverse

from booking.models import Closure, ReferralRule, TimeOff
from conditions.admin.acting import ActsInTurn
from conditions.models import Condition, State, UrgencyLine
from tests.builders import at, make_therapist
from tests.conditions.builders import make_condition, make_emergency_line, make_reviewer
from tests.reading import said
from tests.staff import Browser, now, sign_in  # noqa: F401
from tests.typed import fields_of

NOTHING = (
    "Nothing was done with %s: somebody has changed it since this page was shown, or the page did"
    " not show it. Look at it first."
)


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def act(client, model, action, rows, **more):
    typed = {"action": action, "_selected_action": [row.pk for row in rows]} | more
    return client.post(page(model, "changelist"), typed, follow=True)


@pytest.fixture
def clinician(db):
    client = Browser(headers={"host": "127.0.0.1"})
    client.force_login(make_reviewer().user)
    return client


@pytest.fixture
def conditions(db):
    make_emergency_line()
    return [make_condition(slug=f"{name.lower()}", title=name) for name in ("Back", "Neck", "Hip")]


def states():
    return dict(Condition.objects.values_list("title", "state"))


def change_words(row):
    type(row).objects.filter(pk=row.pk).update(about="Other words.")


@pytest.fixture
def lines(conditions):
    return [make_emergency_line(text=text) for text in ("fever", "a fall")]


def line_states():
    return dict(UrgencyLine.objects.values_list("text", "state"))


def test_several_are_read_but_for_those_that_changed_since(clinician, lines):
    seen = clinician.get(page(UrgencyLine, "changelist")).context["seen"]
    UrgencyLine.objects.filter(pk=lines[0].pk).update(text="a high fever")
    response = act(clinician, UrgencyLine, "read_selected", lines, seen=seen)

    assert [str(each.page) for each in response.context["readings"]] == ["a fall"]
    assert set(line_states().values()) == {State.EXAMPLE}
    assert NOTHING % "“a high fever”" in said(response)


def test_rows_that_the_list_did_not_show_are_not_read(clinician, lines):
    response = act(clinician, UrgencyLine, "read_selected", lines, seen="", select_across="1")

    assert "readings" not in response.context


def test_pages_that_are_chosen_in_a_list_are_read_and_signed_in_turn(clinician, conditions):
    """A list shows no parts of a page: it leads to where they are read."""
    chosen = [row.pk for row in conditions[:2]]
    first = clinician.post(
        page(Condition, "changelist"), {"action": "read_selected", "_selected_action": chosen}
    )
    stood = set(states().values())
    second = clinician.post(first.headers["Location"], read_at(clinician, first))
    last = clinician.post(second.headers["Location"], read_at(clinician, second))

    assert stood == {State.DRAFT}
    assert states() == {"Back": State.APPROVED, "Neck": State.APPROVED, "Hip": State.DRAFT}
    assert last.headers["Location"] == page(Condition, "change", last_of(chosen, second))


def read_at(client, response):
    return {"version": client.get(response.headers["Location"]).context["version"]}


def last_of(chosen, response):
    return next(key for key in chosen if response.headers["Location"].endswith(f"/{key}/approve/"))


def test_a_draft_again_is_made_only_of_what_was_seen(sign_in, conditions):  # noqa: F811
    boss = sign_in(superuser=True)
    Condition.objects.update(state=State.EXAMPLE)
    seen = boss.get(page(Condition, "changelist")).context["seen"]
    change_words(conditions[0])
    act(boss, Condition, "take_back_selected", conditions, seen=seen)

    assert states() == {"Back": State.EXAMPLE, "Neck": State.DRAFT, "Hip": State.DRAFT}


def test_approving_one_that_does_not_say_what_was_read_approves_nothing(clinician, conditions):
    response = clinician.post(page(Condition, "approve", conditions[0].pk), {"version": ""})

    assert (response.status_code, states()["Back"]) == (409, State.DRAFT)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_times(
    clinician, conditions, django_assert_num_queries, rows
):
    Condition.objects.exclude(pk__in=[row.pk for row in conditions[:rows]]).delete()
    clinician.get(page(Condition, "changelist"))

    with django_assert_num_queries(LIST_QUERIES):
        clinician.get(page(Condition, "changelist"))


LIST_QUERIES = 21  # of these ten for what stands in a page, one for the filter by area


@pytest.fixture
def rules(db):
    return [ReferralRule.objects.create(state=name, text="Call.") for name in ("Ohio", "Iowa")]


@pytest.fixture
def desk(sign_in, rules):  # noqa: F811
    return sign_in(superuser=True)


def confirming(client, rows):
    asked = act(client, ReferralRule, "delete_selected", rows)
    return asked.context["seen"]


def test_several_are_deleted_as_the_confirmation_showed_them(desk, rules):
    act(desk, ReferralRule, "delete_selected", rules, post="yes", seen=confirming(desk, rules))

    assert ReferralRule.objects.count() == 0


def test_of_several_one_that_changed_since_is_shown_again_and_none_deleted(desk, rules):
    seen = confirming(desk, rules)
    ReferralRule.objects.filter(state="Ohio").update(text="Come.")
    again = act(desk, ReferralRule, "delete_selected", rules, post="yes", seen=seen)

    assert ReferralRule.objects.count() == 2
    assert NOTHING % f"“{rules[0]}”" in said(again)
    seen = again.context["seen"]
    act(desk, ReferralRule, "delete_selected", rules, post="yes", seen=seen)
    assert ReferralRule.objects.count() == 0


def test_one_that_changed_since_its_confirmation_is_shown_again(desk, rules):
    delete = page(ReferralRule, "delete", rules[0].pk)
    seen = desk.get(delete).context["seen"]
    ReferralRule.objects.update(text="Come.")
    again = desk.post(delete, {"post": "yes", "seen": seen})

    assert (again.status_code, ReferralRule.objects.count()) == (409, 2)
    assert said(again) == [NOTHING % f"“{rules[0]}”"]
    assert 'name="post"' in again.content.decode()
    assert desk.post(delete, {"post": "yes", "seen": again.context["seen"]}).status_code == 302


def test_what_goes_with_a_row_counts_as_shown_too(desk):
    therapist = make_therapist(hours="")
    delete = page(type(therapist), "delete", therapist.pk)
    seen = desk.get(delete).context["seen"]
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("10:00"))

    assert desk.post(delete, {"post": "yes", "seen": seen}).status_code == 409
    assert TimeOff.objects.count() == 1


def test_every_model_of_the_admin_acts_on_what_it_showed():
    """The walk: whoever adds a model without it lets pages that were left open act on its rows."""
    without = {
        model for model, its in admin.site._registry.items() if not isinstance(its, ActsInTurn)
    }

    assert without == {LogEntry}  # which nobody changes or deletes


def test_the_form_of_a_list_sends_what_it_showed(desk):
    Closure.objects.create(name="Snow", starts_at=at("9:00"), ends_at=at("10:00"))
    html = desk.get(page(Closure, "changelist"))
    confirmation = desk.get(page(Closure, "delete", Closure.objects.get().pk))

    assert fields_of(html, "changelist-form")["seen"] == [html.context["seen"]]
    assert 'name="seen"' in confirmation.content.decode()
