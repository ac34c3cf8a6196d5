"""Templates are written to be read. Every rule is tried on a planted fault.

A rule is a function of a template's source that names the faults it finds.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

PLACE = Path(__file__).parent.parent / "templates"
SOURCES = {str(path.relative_to(PLACE)): path.read_text() for path in PLACE.rglob("*.html")}
E_MAIL = "booking/email/"  # sent as it is written, spaces too, with full addresses
LONGEST_LINE = 120
MOST_LONG_LINES = 0.01  # of all lines

Rule = Callable[[str], list[str]]


def long_lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if len(line) > LONGEST_LINE]


def addresses_have_names(source: str) -> list[str]:
    """Our own addresses come from `{% url %}`, or from a row that knows its own."""
    attributes = re.findall(r"""\b(?:href|action|formaction|src)=["']?(/[^"'\s>]*)""", source)
    given = re.findall(r"""{%[^%]*\w=["'](/[^"']*)["'][^%]*%}""", source)
    return [f"writes {address}" for address in attributes + given]


def tags_are_loaded_on_a_line_of_their_own(source: str) -> list[str]:
    lines = re.findall(r"^.*{% load [^%]*%}.*$", source, re.MULTILINE)
    return [f"loads beside {line}" for line in lines if not re.fullmatch(r"{% load [^%]*%}", line)]


def no_spaces_that_are_shown(source: str) -> list[str]:
    """Indentation does not reach a page: nothing may be written where it would be seen."""
    return [f"writes {tag}" for tag in re.findall(r"<(?:pre|textarea)\b", source)]


RULES: dict[Rule, list[str]] = {
    addresses_have_names: [
        '<a href="/book/">Book</a>',
        "<form action=/search/ method=get>",
        '<button formaction="/admin/">',
        '{% include "times.html" with here="/book/" before=before %}',
    ],
    tags_are_loaded_on_a_line_of_their_own: [
        '{% extends "base.html" %}{% load i18n %}',
        "{% load i18n %}<p>Hello</p>",
    ],
    no_spaces_that_are_shown: ["<pre>\n  x\n</pre>", '<textarea name="x">'],
}
RIGHT = """\
{% extends "base.html" %}
{% load i18n %}

{% block content %}
  <a href="{% url 'booking:book' %}?for={{ slug }}">{% translate "Book" %}</a>
  <a href="{{ row.get_absolute_url }}" title="a / b">x</a>
  <a href="#main">y</a> <a href="https://example.org/">z</a>
{% endblock content %}
"""


@pytest.mark.parametrize("rule", RULES)
def test_every_template_keeps_the_rule(rule):
    faults = {name: rule(source) for name, source in SOURCES.items() if E_MAIL not in name}

    assert len(SOURCES) > 100
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("rule", "planted"), [(rule, source) for rule in RULES for source in RULES[rule]]
)
def test_the_rule_finds_a_planted_fault(rule, planted):
    assert len(rule(RIGHT + planted)) == 1


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_lets_a_good_template_be(rule):
    assert rule(RIGHT) == []


def test_hardly_any_line_is_longer_than_a_window():
    lines = sum(len(source.splitlines()) for source in SOURCES.values())
    found = {name: len(long_lines(source)) for name, source in SOURCES.items()}
    longest = {name: number for name, number in found.items() if number}

    assert sum(longest.values()) / lines <= MOST_LONG_LINES, longest


def test_a_long_line_is_found():
    assert long_lines(f"short\n{'x' * 120}\n{'y' * 121}") == ["y" * 121]
