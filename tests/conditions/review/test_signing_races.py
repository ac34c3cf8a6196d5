"""What somebody is changing at this moment is not signed as it was before."""

import pytest
from django.urls import reverse

from conditions.models import Cause, Condition, Exercise, PreventionTip, UrgencyLine
from tests.conditions import people
from tests.conditions.builders import (
    make_condition,
    make_draft_exercise,
    make_emergency_line,
)
from tests.threads import after

pytestmark = [pytest.mark.only("postgresql"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(transactional_db):
    make_emergency_line()
    page = make_condition()
    page.exercises.add(make_draft_exercise())
    page.tips.add(PreventionTip.objects.create(title="Walk", text="Often."))
    Cause.objects.create(condition=page, group="common", title="Age", text="It comes.")
    UrgencyLine.objects.create(level="urgent", text="you have a fever", condition=page)
    return page


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Condition, "about"),
        (Cause, "text"),
        (UrgencyLine, "text"),
        (Exercise, "start_position"),
        (PreventionTip, "text"),
    ],
)
def test_a_text_that_is_being_changed_is_not_signed_as_it_was(page, kind, word):
    clinician = people.reviewer()
    path = reverse("admin:conditions_condition_approve", args=[page.pk])
    read = {"version": clinician.get(path).context["version"]}
    response = after(
        lambda: kind.objects.update(**{word: "Other words."}), lambda: clinician.post(path, read)
    )
    page.refresh_from_db()

    assert (response.status_code, page.state) == (409, "draft")
    assert any("Other words." in line for line in response.context["since"])
