"""Indentation is for who reads a template: a page, and nobody's words, is sent without it."""

import pytest
from django.template.loader import get_template

SOURCE = """
{% load i18n %}

<ul class="list">
  {% for word in words %}
    <li>
      <strong>{{ word }}</strong>
      <a href="#a"
         title="  two  spaces">{{ word }}</a> <em>and</em> on
    </li>
  {% endfor %}
</ul>
"""


@pytest.fixture
def write(settings, tmp_path):
    """Puts a template where the site finds it, and gives it back as the site reads it."""

    def written(name, source):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
        return get_template(name)

    return written


def test_a_page_is_made_without_indentation_and_keeps_spaces_between_words(write):
    assert write("page.html", SOURCE).render({"words": ["ache"]}) == (
        '\n<ul class="list">\n\n<li>\n<strong>ache</strong>\n<a href="#a"\n'
        'title="  two  spaces">ache</a> <em>and</em> on\n</li>\n\n</ul>'
    )


def test_what_a_page_is_filled_with_stays_as_it_is(write):
    typed = "  one\n\n    two  \n"

    html = write("page.html", "<p>\n  {{ text }}\n</p>").render({"text": typed})

    assert html == f"<p>\n{typed}\n</p>"


@pytest.mark.parametrize("name", ["booking/email/visit.html", "booking/email/visit.txt", "a.txt"])
def test_what_is_no_page_keeps_its_lines(write, name):
    assert write(name, "Hello,\n\n  Rosa\n").render() == "Hello,\n\n  Rosa\n"


def test_a_form_shown_again_holds_every_space_and_line_that_was_typed(client, db):
    typed = "  My back:\r\n\r\n    it hurts  \r\n  "

    html = client.post("/contact/question/", {"message": typed}).content.decode()

    assert f">\n{typed}</textarea>" in html
