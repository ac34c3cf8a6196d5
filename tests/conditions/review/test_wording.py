"""A page's words line by line, and what is new in them."""

import pytest

from conditions.review import wording
from conditions.review.wording import Line

PAGE = """
<main><p>Before</p>
<article><h1>Neck  pain</h1><p class="notice warn"><strong>Draft.</strong> No.</p>
<div class="lead"><p>It <b>hurts</b>.<sup><a href="#s1">1</a></sup></p></div>
<ul><li>a hand is numb<mark class="unsigned">Draft</mark></li><li><strong>Age</strong><p>It comes.
</p></li></ul><br><img src="/x" alt="A neck"><p class="quiet review">Written by Ann.
<span class="signature">Reviewed by <b>Bo</b>.</span> Tell <a href="/">us</a>.</p><p>By <a href="https://x.org/1"><cite>Lee</cite></a>.</p>
<div class="aside"><div class="card"><p>Monday, 9 a.m.</p></div></div>
<svg role="img" aria-label="It moves"></svg><p>End</p></article>
<p>After</p></main>
"""


def test_lines_are_the_words_to_sign_of_the_article_alone():
    assert wording.lines(PAGE) == [
        "# Neck pain",
        "It hurts.",
        "- a hand is numb",
        "- Age",
        "It comes.",
        "[A neck]",
        "Written by Ann. Tell us.",
        "By Lee [https://x.org/1].",
        "[It moves]",
        "End",
    ]


def test_a_comparison_keeps_what_is_gone_where_it_stood():
    assert wording.compared(["a", "b", "c"], ["a", "d", "c", "e"]) == [
        Line("same", "a"),
        Line("gone", "b"),
        Line("new", "d"),
        Line("same", "c"),
        Line("new", "e"),
    ]


def test_without_an_earlier_text_nothing_is_marked():
    assert wording.compared(None, ["a"]) == [Line("same", "a")]


@pytest.mark.parametrize("mark", ["", ' <mark class="unsigned">Draft</mark>'])
def test_a_text_reads_the_same_before_and_after_it_is_signed(mark):
    assert wording.lines(f"<article><p>J.{mark}. One story.</p></article>") == ["J.. One story."]
