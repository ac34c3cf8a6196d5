"""What a row of content must be, kept by the database."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction

from conditions.models import (
    Article,
    ArticleSection,
    Cause,
    Citation,
    Evidence,
    Exercise,
    Page,
    Reviewer,
    State,
)
from conditions.models import Condition as ConditionModel
from conditions.models import Testimonial as Story
from tests.conditions.builders import (
    TODAY,
    add_evidence,
    make_area,
    make_condition,
    make_reviewer,
    make_treatment,
)
from tests.conditions.refusing import kept_by_form_and_database

MOVE = {
    "slug": "move",
    "title": "Move",
    "summary": "Move.",
    "start_position": "Stand.",
    "felt_where": "Back",
    "picture_text": "Moving",
}


@pytest.mark.parametrize(
    "dose",
    [
        {},
        {"sets": 3, "times_a_day": 2},
        {"repetitions_min": 5, "repetitions_max": 3},
        {"repetitions_min": 5, "repetitions_max": 5},
        {"repetitions_max": 3, "hold_seconds": 5},
        {"hold_seconds": 10, "hold_seconds_max": 5},
        {"hold_seconds": 0},
        {"hold_breaths": 0},
        {"hold_breaths": 5, "hold_breaths_max": 3},
        {"hold_breaths_max": 3, "repetitions_min": 5},
        {"hold_breaths": 3, "hold_seconds": 5},
        {"repetitions_min": 5, "rest_seconds": 60},
        {"repetitions_min": 5, "sets": 1, "rest_seconds": 60},
        {"repetitions_min": 5, "sets": 2, "rest_seconds": 0},
        {"repetitions_min": 0},
        {"duration_seconds": 0},
        {"repetitions_min": 5, "sets": 0},
        {"repetitions_min": 5, "weeks": 0},
        {"repetitions_min": 5, "weeks": 8, "weeks_max": 6},
        {"repetitions_min": 5, "weeks_max": 8},
        {"repetitions_min": 5, "times_a_day": 0},
        {"repetitions_min": 5, "days_a_week": 8},
        {"repetitions_min": 5, "per": "leg"},
    ],
)
def test_impossible_dose_is_refused(db, dose):
    assert kept_by_form_and_database(Exercise(**MOVE | dose, area=make_area()))


def test_an_exercise_belongs_to_an_area(db):
    assert kept_by_form_and_database(Exercise(**MOVE, repetitions_min=5))


@pytest.mark.parametrize(
    ("followed_by", "has_area"), [("exercises", False), ("causes", True), ("lower", False)]
)
def test_a_section_names_an_area_for_exercises_alone(db, followed_by, has_area):
    article = Article.objects.create(slug="essay", title="Essay", summary="About.")
    area = make_area() if has_area else None

    assert kept_by_form_and_database(
        ArticleSection(article=article, heading="H", followed_by=followed_by, area=area)
    )


def test_exercise_takes_no_address_of_another_page(db):
    dose = {"repetitions_min": 5}

    assert kept_by_form_and_database(
        Exercise(**MOVE | dose | {"slug": "program"}, area=make_area())
    )
    Exercise.objects.create(**MOVE | dose | {"slug": "programs"}, area=make_area())


@pytest.mark.parametrize(
    "dose",
    [
        {"repetitions_min": 5},
        {"duration_seconds": 30},
        {"hold_seconds": 5},
        {"hold_breaths": 3},
        {"hold_breaths": 3, "hold_breaths_max": 5, "sets": 2, "rest_seconds": 60},
        {"hold_seconds": 5, "hold_seconds_max": 10, "repetitions_min": 3, "repetitions_max": 5},
        {"repetitions_min": 5, "days_a_week": 7, "per": "side"},
    ],
)
def test_possible_dose_is_kept(db, dose):
    exercise = Exercise(**MOVE | dose, area=make_area())
    exercise.full_clean()
    exercise.save()

    assert Exercise.objects.get() == exercise


@pytest.mark.parametrize("missing", ["reviewer", "reviewed_on", "next_review_due", "reviewed_by"])
def test_approved_content_names_its_reviewer_and_dates(db, missing):
    complete = {
        "state": State.APPROVED,
        "reviewer": make_reviewer(),
        "reviewed_by": "Rita Roe, PT, DPT",
        "reviewed_licence": "NY 012345",
        "reviewed_on": TODAY,
        "next_review_due": date(2027, 11, 22),
    }
    condition = make_condition(**complete)

    rows = ConditionModel.objects.filter(pk=condition.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{missing: "" if missing == "reviewed_by" else None})


@pytest.mark.parametrize("due", [date(2026, 11, 22), date(2026, 11, 21)])
def test_next_review_is_due_after_the_last(db, due):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_condition(reviewed_on=TODAY, next_review_due=due)


def test_state_is_one_of_three(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_condition(state="live")


def test_consent_is_withdrawn_after_it_was_given(db):
    story = {"condition": make_condition(), "text": "Good.", "shown_name": "Sam"}
    early = Story(**story, consent_given_on=TODAY, withdrawn_on=date(2026, 11, 21))

    assert kept_by_form_and_database(early)
    Story.objects.create(**story, consent_given_on=TODAY, withdrawn_on=TODAY)


@pytest.mark.parametrize(
    ("demo", "shown"), [(False, ["approved"]), (True, ["approved", "example"])]
)
def test_published_is_approved_and_in_the_demo_also_examples(db, settings, demo, shown):
    settings.DEMO = demo
    signed = {
        "reviewer": make_reviewer(),
        "reviewed_by": "Rita Roe",
        "reviewed_licence": "NY 1",
        "reviewed_on": TODAY,
        "next_review_due": date(2027, 11, 22),
    }
    for state in State.values:
        make_condition(slug=state, state=state, **signed)

    rows = ConditionModel.objects.order_by("slug")
    assert [row.slug for row in rows.published()] == shown
    assert [row.slug for row in rows if row.is_published] == shown


def test_story_without_consent_is_never_published(db, demo):
    story = {
        "condition": make_condition(),
        "text": "Good.",
        "shown_name": "Sam",
        "state": "example",
    }
    kept = Story.objects.create(**story, consent_given_on=TODAY)
    gone = Story.objects.create(**story, consent_given_on=TODAY, withdrawn_on=TODAY)

    assert list(Story.objects.published()) == [kept]
    assert (kept.is_published, gone.is_published) == (True, False)


def test_source_has_one_verdict_for_a_treatment_and_kind_of_pain(db):
    treatment = make_treatment()
    first = add_evidence(treatment, "acute", "helps")
    add_evidence(treatment, "chronic", "unknown")
    again = {"treatment": treatment, "citation": first.citation, "pain": first.pain}

    assert kept_by_form_and_database(Evidence(**again, verdict="not-recommended"))


def test_rows_without_an_address_get_a_key_of_their_own(db):
    condition = make_condition()
    one = Cause.objects.create(condition=condition, group="common", title="A fall")
    other = Cause.objects.create(condition=condition, group="common", title="A fall")

    assert one.slug != other.slug
    assert Cause.objects.get_by_natural_key(*one.natural_key()) == one


def test_reviewer_who_signed_cannot_be_deleted(db):
    reviewer = make_reviewer()
    make_condition(reviewer=reviewer)

    for row in (reviewer, User.objects.get()):
        with pytest.raises(models.ProtectedError):
            row.delete()
    assert Reviewer.objects.count() == 1


@pytest.mark.parametrize(
    ("doi", "url", "link"),
    [
        ("10.1000/1", "https://example.org/", "https://doi.org/10.1000/1"),
        ("", "https://example.org/", "https://example.org/"),
        ("", "", ""),
    ],
)
def test_source_is_linked_by_its_doi(doi, url, link):
    assert Citation(doi=doi, url=url).link == link


def test_page_has_an_address_that_the_site_answers(db):
    page = {"title": "Jobs", "summary": "Work with us."}
    known = Page.objects.create(slug="costs", **page)

    assert kept_by_form_and_database(Page(slug="jobs", **page))
    assert known.get_absolute_url() == "/costs/"
