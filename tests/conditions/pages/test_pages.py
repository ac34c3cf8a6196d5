"""The public content pages, as visitors get them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conditions.models import (
    Article,
    ArticlePicture,
    Cause,
    Citation,
    Condition,
    ConditionPicture,
    Exercise,
    ExercisePicture,
    ExerciseStep,
    PreventionTip,
    SafetyLine,
    State,
    UrgencyLine,
)
from conditions.models import (
    Testimonial as Story,
)
from tests.conditions.builders import add_evidence, make_area, make_picture, make_treatment, put_on

CLINICAL = [
    "/conditions/back-pain/",
    "/articles/physical-therapy-for-back-pain/",
    "/articles/aquatic-therapy/",
    *[
        f"/exercises/{slug}/"
        for slug in [
            "piriformis-stretch",
            "bird-dog",
            "supine-trunk-rotation",
            "seated-rotation",
            "thoracic-extension",
            "shoulder-roll",
            "shoulder-blade-squeeze",
        ]
    ],
]
SHEET = "/exercises/program/?exercise=bird-dog&exercise=cat-cow"
OTHERS = [
    *("/conditions/", "/articles/", "/exercises/", "/services/", "/privacy/", "/first-visit/"),
    *("/exercises/program/", "/exercises/program/?exercise=", SHEET),
]


def text_of(client, path):
    response = client.get(path)
    assert (path, response.status_code) == (path, 200)
    return response.content.decode()


def test_clinical_page_has_disclosure_emergency_card_telephone_and_booking(
    content, client, settings
):
    for path in [*CLINICAL, SHEET]:
        html = text_of(client, path)
        main = html[html.index("<main") : html.index("</main>")]

        assert "educational" in main
        assert re.search(r'class="urgency emergency".*?Call 911.*?</section>', main, re.DOTALL)
        assert settings.CLINIC_PHONE_LINK in main
        assert 'href="/book/' in main


def test_emergency_card_links_to_nothing_but_the_telephone(content, client):
    for path in [*CLINICAL, SHEET]:
        html = text_of(client, path)
        card = re.search(r'<section class="urgency emergency".*?</section>', html, re.DOTALL)[0]

        assert re.findall(r'href="([^"]*)"', card) == ["tel:911"]


def test_page_is_the_same_for_everybody(content, client):
    for path in [*CLINICAL, *OTHERS]:
        response = client.get(path)

        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, no-cache"
        assert response.cookies == {}
        assert (
            client.get(path, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
        )


def test_page_has_no_inline_style_or_script(content, client):
    for path in [*CLINICAL, *OTHERS]:
        html = text_of(client, path)

        assert re.findall(r"<script(?! type=.application/ld)|\sstyle=|\son\w+=", html) == []


def test_examples_are_hidden_when_the_demo_is_off(content, client, settings):
    settings.DEMO = False

    for path in CLINICAL:
        assert client.get(path).status_code == 404


def test_content_pages_only_answer_reading(client):
    ways = [client.post, client.put, client.delete]

    assert [way("/conditions/back-pain/").status_code for way in ways] == [405, 405, 405]


def test_every_anchor_on_a_page_leads_somewhere(content, client):
    for path in [*CLINICAL, SHEET]:
        html = text_of(client, path)
        ids = re.findall(r'\sid="([^"]+)"', html)

        assert sorted(set(ids)) == sorted(ids), path
        assert set(re.findall(r'href="#([^"]+)"', html)) - set(ids) == set(), path


def test_a_long_page_of_the_clinics_own_says_first_what_stands_on_it(content, client):
    listed = {}
    for path in ("/privacy/", "/services/"):
        html = client.get(path).content.decode()
        headings = re.findall(r'<h2 id="(section-\d+)">', html)
        listed[path] = re.findall(r'<li><a href="#(section-\d+)">', html) == headings

    assert listed == {"/privacy/": True, "/services/": False}


def test_whoever_books_from_a_condition_says_for_what_by_every_link_to_the_free_times(
    content, client
):
    links = {
        path: set(re.findall(r'href="(/book/(?:\?[^"]*)?)"', text_of(client, path)))
        for path in ("/conditions/back-pain/", "/conditions/")
    }

    assert links == {
        "/conditions/back-pain/": {"/book/?for=back-pain"},
        "/conditions/": {"/book/"},
    }


def test_every_link_on_a_page_is_answered(content, client):
    for path in [*CLINICAL, *OTHERS]:
        links = set(
            re.findall(r'href="(/(?:conditions|articles|exercises)/[^"#?]*)', text_of(client, path))
        )

        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_link_to_a_page_that_is_not_public_is_not_rendered(content, client):
    Condition.objects.filter(slug="back-pain").update(state=State.DRAFT)

    assert "/conditions/back-pain/" not in text_of(client, "/services/")
    assert "Back pain, lower and upper" in re.sub(r"<[^>]+>", "", text_of(client, "/services/"))
    assert "/conditions/back-pain/" not in text_of(client, "/exercises/bird-dog/")


def test_canonical_link_is_the_clinics_own_address(content, client):
    html = text_of(client, "/conditions/back-pain/")

    assert re.findall(r'rel="canonical" href="([^"]+)"', html) == [
        "http://127.0.0.1:8000/conditions/back-pain/"
    ]


def test_sources_are_numbered_in_order_and_linked_both_ways(content, client):
    html = text_of(client, "/conditions/back-pain/")
    mention = r'<sup(?: id="c(\d+)")?><a aria-label="Source \d+" href="#s(\d+)">(\d+)</a></sup>'
    mentions = re.findall(mention, html)
    listed = re.findall(r'<li id="s(\d+)">', html)
    back = re.findall(r'<a class="back" href="#c(\d+)">', html)

    assert len(listed) > 1
    assert listed == back == [str(n) for n in range(1, len(listed) + 1)]
    assert [target for _, target, _ in mentions] == [shown for _, _, shown in mentions]
    assert [anchor for anchor, _, _ in mentions if anchor] == listed


def make_exercise(n):
    exercise = Exercise.objects.create(
        slug=f"move-{n}",
        title="Move",
        summary="Move.",
        area=make_area(),
        repetitions_min=n,
        start_position="Stand.",
        felt_where="Back",
        picture_text="Moving",
        state=State.EXAMPLE,
    )
    ExerciseStep.objects.create(exercise=exercise, text="Go.")
    SafetyLine.objects.create(exercise=exercise, kind="stop", text="it hurts")
    SafetyLine.objects.create(kind="ask", text="you are unsure")
    return exercise


def make_everything(rows):
    """A condition and an article, each with that many rows of every part."""
    condition = Condition.objects.create(
        slug="pain",
        title="Pain",
        name_in_text="pain",
        summary="It hurts.",
        about="See [the list](/services/).",
        prevention_text="Rest. [@study-0]",
        state=State.EXAMPLE,
    )
    article = Article.objects.create(
        slug="essay", title="Essay", summary="About [it](/services/).", state=State.EXAMPLE
    )
    for part, area in [("causes", ""), ("exercises", "back"), ("exercises", "neck"), ("tips", "")]:
        of_area = {"area": make_area(area)} if area else {}
        article.sections.create(heading=part, text="Text. [@study-0]", followed_by=part, **of_area)
    for n in range(rows):
        add_parts(condition, article, n)


def add_parts(condition, article, n):
    """One row of every part."""
    citation = Citation.objects.create(
        slug=f"study-{n}", short="S", authors="A", title="T", year=2020
    )
    treatment = make_treatment(f"T-{n}")
    add_evidence(treatment, f"kind-{n}", "helps", source=citation.slug)
    other = Condition.objects.create(
        slug=f"other-{n}",
        title="Other",
        name_in_text="o",
        summary="S.",
        about="A.",
        state=State.EXAMPLE,
    )
    condition.related_conditions.add(other)
    put_on(condition, treatment, pain=[f"kind-{n}"])
    cause = Cause.objects.create(condition=condition, group="common", title="C", explained_by=other)
    tip = PreventionTip.objects.create(title="Tip", text="Tip. [@study-0]")
    exercise = make_exercise(n + 1)
    Story.objects.create(
        condition=condition,
        text="Good.",
        shown_name="A",
        consent_given_on="2026-01-01",
        state=State.EXAMPLE,
    )
    UrgencyLine.objects.create(level="emergency", text="it is bad", state=State.EXAMPLE)
    related = Article.objects.create(
        slug=f"more-{n}", title="More", summary="S.", state=State.EXAMPLE
    )
    condition.related_articles.add(related)
    article.related.add(related)
    make_picture(ConditionPicture, condition=condition)
    make_picture(ArticlePicture, article=article)
    make_picture(ExercisePicture, exercise=exercise)
    for page in (condition, article):
        page.exercises.add(exercise)
        page.tips.add(tip)
    article.causes.add(cause)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/conditions/pain/", 21),
        ("/articles/essay/", 17),
        ("/exercises/move-1/", 10),
        ("/conditions/", 3),
        ("/articles/", 4),
        ("/exercises/", 6),
        ("/exercises/?for=pain", 7),
        ("/exercises/program/", 3),
        ("/exercises/program/?for=pain&change=1", 4),
        ("/exercises/program/?exercise=move-1&exercise=move-2&exercise=move-3", 8),
        ("/exercises/program/?exercise=move-1&exercise=move-2&exercise=move-3&for=pain", 9),
    ],
)
def test_page_takes_the_same_queries_with_one_row_and_with_three(
    db, demo, client, path, queries, rows
):
    make_everything(rows)

    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200

    assert len([q for q in asked if '"conditions_' in q["sql"]]) == queries
