"""An article shows what it is about, and asks to book once."""

import pytest

from booking.models import Clinic
from conditions.models import Article, ArticlePicture, Author, PreventionTip
from tests.builders import make_therapist, make_visit_type
from tests.conditions.builders import make_emergency_line, make_picture, sign
from tests.reading import texts


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


def test_it_opens_in_short_then_come_times_and_contents_and_its_text(client, article):
    make_visit_type()
    make_therapist(hours="0:00-12:00 12:00-23:45")
    make_emergency_line(text="it is bad")
    Article.objects.update(what_it_is="A walk in water.")
    html = html_of(client)
    marks = [
        "it is bad",
        'id="short"',
        '"times"',
        'class="contents"',
        'id="section-1"',
        'id="help"',
    ]

    assert [html.count(mark) for mark in marks] == [1] * 6
    assert sorted(marks, key=html.index) == marks
    assert html.count('<li><a href="/book/') == 2


SHORT = {
    "what_it_is": "Steps in water.",
    "does_it_help": "A little.",
    "for_whom": "All.",
    "how_long": "An hour.",
    "what_to_do": "Ask.",
}


def test_in_short_says_what_it_is_whether_it_helps_whom_how_long_and_what_to_do(client, article):
    Article.objects.update(**SHORT)
    response = client.get("/articles/aquatic-therapy/")

    assert (texts(response, "dt"), texts(response, "dd")) == (
        ["What it is", "Does it help?", "Who it is for", "How often, how long", "What to do"],
        list(SHORT.values()),
    )


@pytest.mark.parametrize("name", SHORT)
def test_a_row_without_words_is_left_out(client, article, name):
    Article.objects.update(**{name: "Words."})

    assert texts(client.get("/articles/aquatic-therapy/"), "dd") == ["Words."]


@pytest.mark.parametrize(
    ("needs", "pool", "said"),
    [
        ("pool", "", ["Ask us whether we have a pool, or who near here has one."]),
        ("pool", "yes", ["We have a pool. Ask us about it"]),
        ("pool", "no", ["We have no pool. Ask us who near here has one."]),
        ("", "yes", []),
    ],
)
def test_it_says_whether_this_clinic_has_the_pool_that_it_needs(client, article, needs, pool, said):
    Article.objects.update(needs=needs)
    Clinic.objects.update(pool=pool)

    [lead] = texts(client.get("/articles/aquatic-therapy/"), "lead")

    assert [lead.removeprefix("Move in water.").strip()] == (said or [""])


def test_its_contents_lead_to_every_section_and_to_when_to_get_help(client, article):
    article.sections.create(heading="Why?", text="Walk.")

    assert texts(client.get("/articles/aquatic-therapy/"), "contents") == [
        "On this pageHow?Why?When should I get help?"
    ]


def test_its_tips_stand_open(client, article):
    article.sections.update(followed_by="tips")
    article.tips.add(PreventionTip.objects.create(title="Walk", text="Each day."))
    html = html_of(client)

    assert "<h3>Walk</h3><p>Each day.</p>" in html.replace("\n", "")


def test_it_says_below_its_title_who_wrote_and_who_reviewed_it(client, article):
    make_emergency_line()
    author = Author.objects.create(slug="ann", name="ann Other", role="writer", writes_since=2020)
    article.author = author
    article.save()
    before = client.get("/articles/aquatic-therapy/")
    sign(article)
    after = client.get("/articles/aquatic-therapy/")

    assert [texts(response, "byline") for response in (before, after)] == [
        ["By ann Other, writer. Not yet reviewed by our clinicians"],
        [f"By ann Other, writer. Reviewed by {article.reviewed_by}"],
    ]
    [end] = texts(after, "review")
    assert "Written by ann Other, writer. The author has written for patients since 2020." in end
