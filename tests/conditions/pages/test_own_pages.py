"""The clinic's own pages: no word of a review, and none of booking where privacy is told."""

import pytest

from conditions.models import Page, State


@pytest.fixture
def make_page(db, settings):
    settings.DEMO = True

    def make(slug, state=State.EXAMPLE):
        return Page.objects.create(slug=slug, title=slug, summary="Words.", state=state)

    return make


def main_of(client, slug):
    html = client.get(f"/{slug}/").content.decode()
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize(
    ("slug", "books"), [("services", True), ("first-visit", True), ("privacy", False)]
)
def test_no_page_speaks_of_a_review_and_privacy_not_of_booking(client, make_page, slug, books):
    make_page(slug)
    main = main_of(client, slug)

    assert ("reviewed" in main, 'href="/book/' in main) == (False, books)
    assert '<a href="/contact/question/">Tell us</a>' in main


def test_privacy_names_who_answers_questions(client, make_page):
    make_page("privacy")
    main = main_of(client, "privacy")

    assert "Questions about your privacy?" in main
    assert 'href="tel:+12125550143"' in main
