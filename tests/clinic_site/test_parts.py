"""Parts of pages that are rendered once, and never show what was true before."""

import re

from django.template import Context, Template
from django.utils.safestring import SafeString

FOOTER = Template('{% load parts %}{% part "includes/footer.html" clinic_name=name pages=pages %}')


def footer(name, pages=""):
    html = FOOTER.render(Context({"name": name, "pages": pages}))
    return re.search(r"<strong>(.*?)</strong>", html)[1], re.findall("<li>", html).count("<li>")


def test_a_part_says_what_it_is_given_each_time():
    assert [footer("Elm"), footer("Oak"), footer("Elm"), footer("Elm", SafeString("<li>"))] == [
        ("Elm", 2),
        ("Oak", 2),
        ("Elm", 2),
        ("Elm", 3),
    ]


def test_a_text_that_was_safe_once_is_escaped_when_it_is_not():
    assert [footer(SafeString("<b>Elm</b>")), footer("<b>Elm</b>")] == [
        ("<b>Elm</b>", 2),
        ("&lt;b&gt;Elm&lt;/b&gt;", 2),
    ]


def test_a_part_knows_nothing_but_what_it_is_given():
    html = FOOTER.render(Context({"name": "Elm", "clinic_phone": "(212) 555-0143"}))

    assert "555" not in html
