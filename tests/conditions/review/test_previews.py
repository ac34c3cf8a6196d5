"""A preview shows a page as it will be once all of it is signed, and marks what is not."""

import re
from datetime import date

import pytest

from conditions.models import Article, Exercise, State, UrgencyLine
from conditions.models import (
    Testimonial as Story,
)
from tests.conditions import people
from tests.conditions.builders import make_condition, make_draft_exercise, make_emergency_line

STORY = {"shown_name": "J.", "consent_given_on": date(2026, 1, 2)}


@pytest.fixture
def client(db):
    return people.editor()


@pytest.fixture
def neck(db, settings):
    """A page made in the admin: it and all its parts are drafts."""
    settings.DEMO = False
    make_emergency_line(text="a leg is getting weaker")
    neck = make_condition(slug="neck", title="Neck pain")
    for level, text in [("emergency", "a hand is numb"), ("urgent", "you have a fever")]:
        UrgencyLine.objects.create(level=level, text=text, condition=neck)
    neck.exercises.add(make_draft_exercise())
    Story.objects.create(condition=neck, text="It helped me.", **STORY)
    Story.objects.create(
        condition=neck, text="Take it down.", withdrawn_on=date(2026, 2, 3), **STORY
    )
    neck.related_conditions.add(make_condition(slug="jaw", title="Jaw pain"))
    neck.related_articles.add(Article.objects.create(slug="desk", title="Desks", summary="Sit."))
    return neck


def previewed(client, row):
    return client.get(f"/admin/conditions/{row._meta.model_name}/{row.pk}/preview/")


def marked(response):
    """What stands before each mark, with the words of the mark."""
    html = response.content.decode()
    found = re.findall(r">([^<>]+)(?:</a>)?\s*<mark[^>]*>([^<]*)</mark>", html)
    return [(words.strip(), mark) for words, mark in found]


def test_a_preview_shows_the_drafts_of_parts_and_marks_each(client, neck):
    draft = "Draft: not signed"

    assert marked(previewed(client, neck)) == [
        ("a leg is getting weaker", "Example: not signed"),
        ("a hand is numb", draft),
        ("you have a fever", draft),
        ("Chin tuck", draft),
        ("J.", draft),
        ("Jaw pain", draft),
        ("Desks", draft),
    ]


def test_a_preview_leads_to_no_page_that_is_not_public(client, neck):
    html = previewed(client, neck).content.decode()

    assert 'href="/conditions/jaw/"' not in html
    assert 'href="/articles/desk/"' not in html


def test_a_story_without_consent_is_in_no_preview(client, neck):
    assert "Take it down." not in previewed(client, neck).content.decode()


def test_previews_of_articles_and_exercises_show_drafts_too(client, neck):
    article = Article.objects.get()
    move = Exercise.objects.get()
    article.sections.create(heading="Move", followed_by="exercises", area=move.area)
    article.exercises.add(move)
    article.related.add(Article.objects.create(slug="chairs", title="Chairs", summary="Sit."))

    for row in (article, move):
        assert ("Chin tuck" if row == article else "Neck pain", "Draft: not signed") in marked(
            previewed(client, row)
        )
    assert "Chairs" in previewed(client, article).content.decode()


def test_a_public_page_carries_no_mark_and_no_draft(client, neck, settings):
    settings.DEMO = True
    type(neck).objects.filter(pk=neck.pk).update(state=State.EXAMPLE)
    html = client.get(neck.get_absolute_url()).content.decode()

    assert re.findall(r"<mark|a hand is numb|Chin tuck|It helped me|Jaw pain|Desks", html) == []
