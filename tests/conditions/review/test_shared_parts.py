"""What an approved page shows changes under a signature alone, whichever row it stands in."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from conditions.models import (
    Article,
    Author,
    Cause,
    Citation,
    Condition,
    Reviewer,
    Slugged,
    State,
    UrgencyLine,
)
from conditions.models.base import kinds_of
from tests import kept, shipped
from tests.conditions.builders import make_reviewer, sign
from tests.conditions.people import editor
from tests.typed import fields_of

PARTS = [
    model
    for model in kinds_of(Slugged)
    if (model in admin.site._registry and model.prose) or model in (Author, Citation)
]

_signed: kept.Rows = {}


@pytest.fixture
def approved(db, demo):
    """All that ships, signed off; signed once a run, and copied after that."""
    if _signed:
        kept.write(_signed)
        return
    shipped.load()
    make_reviewer()
    for model in admin.site._registry:
        if issubclass(model, Slugged) and hasattr(model, "state"):
            for row in model._default_manager.all():
                sign(row)
    _signed.update({User: list(User.objects.all())} | shipped.written(0))


def shown(model):
    """A row that stands on an approved page."""
    return next(row for row in model._default_manager.all() if row.is_signed_off())


def retyped(client, row):
    """Post the form of a row with other words in its first field of prose."""
    name = (*row.prose, "name" if isinstance(row, Author) else "title")[0]
    address = reverse(f"admin:conditions_{row._meta.model_name}_change", args=[row.pk])
    untouched = fields_of(client.get(address), f"{row._meta.model_name}_form")
    response = client.post(address, untouched | {name: ["Other words."]})
    row.refresh_from_db()
    return response, getattr(row, name)


@pytest.mark.parametrize("model", PARTS, ids=str)
def test_words_that_an_editor_changes_stand_under_no_signature(approved, model):
    row = shown(model)
    response, words = retyped(editor(), row)

    if hasattr(row, "state") and model is not UrgencyLine:  # a public warning stays as it is
        assert (response.status_code, words) == (302, "Other words.")
        assert row.state != State.APPROVED
    else:
        assert response.status_code == 403
        assert words != "Other words."


@pytest.mark.parametrize("model", PARTS, ids=str)
def test_words_that_a_reviewer_changes_are_kept(approved, model):
    response, words = retyped(editor(reviews=True), shown(model))

    assert (response.status_code, words) == (302, "Other words.")


def with_the_cause_elsewhere():
    """An article and a cause that it shows, of a condition without warnings of its own."""
    article = Article.objects.filter(causes__isnull=False).first()
    UrgencyLine.objects.exclude(condition=None).delete()
    return article, article.causes.first()


@pytest.mark.parametrize("how", ["changed", "removed"])
def test_a_cause_shown_by_another_page_takes_its_signature_too(approved, how):
    article, cause = with_the_cause_elsewhere()
    client = editor()
    address = reverse("admin:conditions_condition_change", args=[cause.condition_id])
    typed = fields_of(client.get(address), "condition_form")
    place = next(name for name, value in typed.items() if value == [cause.title])
    words = {"changed": {place: ["Other words."]}, "removed": {place[:-5] + "DELETE": ["on"]}}
    told = client.post(address, typed | words[how], follow=True).content.decode()
    states = (
        Article.objects.get(pk=article.pk).state,
        Condition.objects.get(pk=cause.condition_id).state,
    )

    assert states == (State.DRAFT, State.DRAFT)
    assert f"“{article}” is no longer approved" in told
    assert Cause.objects.filter(pk=cause.pk).exists() == (how == "changed")


@pytest.mark.parametrize("how", ["one", "several"])
def test_a_cause_that_goes_with_its_condition_takes_it_too(approved, how):
    article, cause = with_the_cause_elsewhere()
    name, key = cause.condition._meta.model_name, cause.condition_id
    several = {"action": "delete_selected", "_selected_action": key, "post": "yes"}
    way = {
        "one": (reverse(f"admin:conditions_{name}_delete", args=[key]), {"post": "yes"}),
        "several": (reverse(f"admin:conditions_{name}_changelist"), several),
    }
    editor().post(*way[how])

    assert Condition.objects.filter(pk=key).exists() is False
    assert Article.objects.get(pk=article.pk).state == State.DRAFT


def test_a_page_that_shows_no_touched_cause_stays_signed(approved):
    article, cause = with_the_cause_elsewhere()
    article.causes.remove(*article.causes.filter(condition=cause.condition))
    editor().post(
        reverse("admin:conditions_condition_delete", args=[cause.condition_id]), {"post": "yes"}
    )

    assert Article.objects.get(pk=article.pk).state == State.APPROVED


@pytest.mark.parametrize(
    ("name", "value"), [("name", "Ann Other"), ("role", "physician"), ("writes_since", "1990")]
)
def test_a_byline_of_an_approved_page_changes_by_a_reviewers_hand_alone(approved, name, value):
    author = shown(Author)
    address = reverse("admin:conditions_author_change", args=[author.pk])
    typed = {key: getattr(author, key) or "" for key in ("slug", "name", "role", "writes_since")}
    client = editor()
    refused = client.post(address, typed | {name: value})
    stands = str(getattr(Author.objects.get(pk=author.pk), name))
    Reviewer.objects.update(user=User.objects.get(username="ed"))
    client.post(address, typed | {name: value})

    assert (refused.status_code, stands) == (403, str(getattr(author, name)))
    assert str(getattr(Author.objects.get(pk=author.pk), name)) == value


def test_a_byline_of_drafts_alone_is_the_editors(approved):
    author = Author.objects.create(slug="new", name="New", role="writer")
    Article.objects.create(slug="idea", title="Idea", summary="It is new.", author=author)

    assert author.is_signed_off() is False
    assert retyped(editor(), author)[1] == "Other words."


@pytest.mark.parametrize(("reviews", "count"), [(False, 0), (True, 1)])
def test_a_new_safety_line_for_every_exercise_needs_a_reviewer(approved, reviews, count):
    typed = {"kind": "stop", "text": "you feel odd", "order": 1}
    editor(reviews).post(reverse("admin:conditions_safetyline_add"), typed)
    kind = next(model for model in PARTS if model.__name__ == "SafetyLine")

    assert kind.objects.filter(text="you feel odd").count() == count
