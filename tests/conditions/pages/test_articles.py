"""An article says how long it takes, shows what it is about, and asks to book once."""

import pytest

from conditions.models import Article, ArticlePicture
from conditions.pages import minutes
from tests.conditions.builders import make_picture


@pytest.fixture
def article(db, settings):
    settings.DEMO = True
    page = Article.objects.create(
        slug="aquatic-therapy", title="Pool", summary="Move in water.", state="example"
    )
    page.sections.create(heading="How?", text="Walk. " * 10)
    return page


def html_of(client):
    return client.get("/articles/aquatic-therapy/").content.decode()


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (196, 1), (197, 2), (996, 5)])
def test_minutes_are_those_of_its_own_words(article, count, expected):
    """Four words stand in its summary and its heading."""
    article.sections.update(text="Walk " * count)

    assert minutes.to_read(article) == expected


def test_list_and_page_say_how_long_it_takes(client, article):
    pages = [client.get("/articles/").content.decode(), html_of(client)]

    assert ["1 minute to read" in html for html in pages] == [True, True]


def test_it_is_drawn_unless_it_has_a_photograph(client, article):
    drawing = "/static/drawings/articles.svg#aquatic-therapy"
    before = html_of(client).count(drawing)
    make_picture(ArticlePicture, article=article)

    assert (before, html_of(client).count(drawing)) == (1, 0)


def test_it_asks_to_book_once_and_says_at_its_end_who_reviewed_it(client, article):
    html = html_of(client)
    main = html[html.index("<main") : html.index("</main>")]

    assert main.count('class="button" href="/book/') == 1
    assert main.index('class="actions"') < main.index("Reviewed by:") < main.index("Please note.")
