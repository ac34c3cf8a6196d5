"""Over its warnings, each page says its own pain: "if you have … and:"."""

import re

import pytest
from django.conf import settings

from conditions.models import Article, Condition
from tests.reading import texts

LEADS = {
    "back-pain": "back pain",
    "back-strain-sports-injury": "back pain",
    "back-surgery-rehab": "back pain",
    "disc-problems": "back or leg pain",
    "lumbar-spinal-stenosis": "back pain",
    "pregnancy-back-pelvic-pain": "back or pelvic pain",
    "sciatica": "back or leg pain",
    "scoliosis": "back pain",
    "spine-osteoarthritis": "back pain",
    "upper-back-pain": "back pain",
}


def led(response):
    """The headings that end in "if you have … and:"."""
    return [text for tag in ("h2", "h3") for text in texts(response, tag) if "if you have" in text]


def under(lead):
    return [
        f"Call 911 or go to an emergency room now if you have {lead} and:",
        f"Call your doctor today if you have {lead} and:",
    ]


def test_every_shipped_page_says_its_own_words(content, client):
    found = {row.slug: led(client.get(row.get_absolute_url())) for row in Condition.objects.all()}

    assert found == {slug: under(lead) for slug, lead in LEADS.items()}


def test_an_article_says_the_words_of_its_areas(content, client):
    article = Article.objects.get(slug="aquatic-therapy")

    assert led(client.get("/articles/aquatic-therapy/")) == under("back pain")
    article.areas.clear()
    assert led(client.get("/articles/aquatic-therapy/")) == under("pain")


@pytest.mark.parametrize("folder", ["templates", "conditions", "booking", "clinic_site"])
def test_no_template_and_no_code_says_whose_pain_it_is(folder):
    paths = [
        *(settings.BASE_DIR / folder).rglob("*.html"),
        *(settings.BASE_DIR / folder).rglob("*.py"),
    ]
    said = re.compile(r"(?:if you have|come with|If) back pain", re.IGNORECASE)

    assert [
        str(path)
        for path in paths
        if "migrations" not in path.parts and said.search(path.read_text())
    ] == []
