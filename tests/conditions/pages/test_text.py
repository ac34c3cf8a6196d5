"""Editors' text: Markdown without HTML, citations, and links that lead somewhere."""

import pytest

from conditions.models import Citation, Page
from conditions.pages import text
from conditions.pages.reading import Reading


@pytest.fixture
def reading(db, demo):
    for slug in ("one", "two"):
        Citation.objects.create(slug=slug, short=slug, authors="A", title="T", year=2020)
    Page.objects.create(slug="services", title="Services", summary="All.", state="example")
    Page.objects.create(slug="costs", title="Costs", summary="All.", state="draft")
    return Reading()


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("Move.\nOften.\n\nRest.", "<p>Move.\nOften.</p>\n<p>Rest.</p>"),
        ("- one\n- **two**", "<ul>\n<li>one</li>\n<li><strong>two</strong></li>\n</ul>"),
        ("- [ ] one\n- two", '<ul>\n<li class="box">one</li>\n<li>two</li>\n</ul>'),
        ("[ ] one", "<p>[ ] one</p>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("# x", "<p># x</p>"),
        ("![x](/x.png)", "<p>!x</p>"),
        ("see [all](/services/)", '<p>see <a href="/services/">all</a></p>'),
        ("see [all](/services/#top)", '<p>see <a href="/services/#top">all</a></p>'),
        ("see [*our* costs](/costs/)", "<p>see <em>our</em> costs</p>"),
        ("see [it](/nowhere/)", "<p>see it</p>"),
        ("[book](/book/?for=x)", '<p><a href="/book/?for=x">book</a></p>'),
        ("[them](https://example.org/)", '<p><a href="https://example.org/">them</a></p>'),
    ],
)
def test_text_becomes_html(reading, typed, html):
    assert text.render(typed, reading) == html


def test_citations_are_numbered_by_first_mention(reading):
    html = text.render("A [@two] [@one], B [@two].", reading)

    assert html == (
        '<p>A<sup id="c1"><a aria-label="Source 1" href="#s1">1</a></sup>'
        ' <sup id="c2"><a aria-label="Source 2" href="#s2">2</a></sup>'
        ', B<sup><a aria-label="Source 1" href="#s1">1</a></sup>.</p>'
    )
    assert [source.slug for source in reading.sources()] == ["two", "one"]


def test_unknown_source_leaves_no_trace(reading):
    assert text.render("A [@three].", reading) == "<p>A.</p>"
    assert reading.sources() == []


def test_page_asks_for_sources_and_addresses_once(reading, django_assert_num_queries):
    with django_assert_num_queries(2):
        for _ in range(3):
            text.render("A [@two] [x](/services/) [y](/costs/).", reading)


def test_words_alone():
    typed = "Most *eases* [@one], see [all](/services/).\n\nMore."

    assert text.plain(typed) == "Most eases, see all. More."
