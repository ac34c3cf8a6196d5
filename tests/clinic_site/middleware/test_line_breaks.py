"""Public pages are sent in one line, their words parted as before; what was typed stays typed."""

import re

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from booking.brand import palettes
from clinic_site.look.style_sheet import sheet
from clinic_site.middleware.line_breaks import LineBreaksMiddleware
from conditions.models import Condition

HTML = """<!doctype html>
<ul class="list">
  <li>
    <strong>Heat</strong>
    <a href="/a/"
       title="  two  spaces">a</a> <em>and</em> on
  </li>
</ul>
"""
IN_ONE_LINE = (
    '<!doctype html><ul class="list"><li><strong>Heat</strong>'
    ' <a href="/a/" title="  two  spaces">a</a> <em>and</em> on</li></ul>'
)


def sent(rf, response):
    return LineBreaksMiddleware(lambda request: response)(rf.get("/"))


def test_a_public_page_keeps_its_words_apart_and_nothing_else(rf):
    response = HttpResponse(HTML, headers={"Cache-Control": "public, no-cache"})

    assert sent(rf, response).content.decode() == IN_ONE_LINE


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cache-Control": "private, no-cache"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "public", "Content-Type": "text/css; charset=utf-8"},
    ],
)
def test_what_is_no_public_page_stays_as_it_is(rf, headers):
    assert sent(rf, HttpResponse(HTML, headers=headers)).content.decode() == HTML


def test_what_comes_piece_by_piece_stays_as_it_is(rf):
    response = StreamingHttpResponse([HTML], headers={"Cache-Control": "public"})

    assert b"".join(sent(rf, response)).decode() == HTML


def test_a_page_of_the_site_holds_its_sheet_and_its_data_unchanged(client, db, settings):
    settings.DEMO = True
    Condition.objects.create(
        slug="back-pain", title="Back pain", summary="It passes.\nMostly.", state="example"
    )

    response = client.get("/conditions/back-pain/")
    html = response.content.decode()

    assert "\n" not in html
    assert response["Content-Length"] == str(len(response.content))
    assert re.findall(r"<style>(.*?)</style>", html) == [sheet(palettes.STYLE, palettes.COLOUR)]
    assert '"description":"It passes. Mostly."' in html
    assert '<div class="lead"><p>It passes. Mostly.</p></div>' in html
