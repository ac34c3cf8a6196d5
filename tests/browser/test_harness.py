"""That the browser's watchers see what they are there for."""

import pytest

from tests.chromium import open_page

PLANTED = {
    "policy": "<style>p {color: red}</style>",
    "third party": '<img src="http://elsewhere.example/x.png">',
    "script error": '<script src="/broken.js"></script>',
}


@pytest.fixture
def planted_page(browser):
    """A page under the site's policy, with a body of the test's choosing."""
    with open_page(browser) as (page, complaints):

        def show(body):
            policy = "style-src 'self'; script-src 'self'"
            page.route("**/broken.js", lambda route: route.fulfill(body="missing()"))
            page.route(
                "**/planted",
                lambda route: route.fulfill(
                    body=f"<!doctype html><title>x</title>{body}",
                    content_type="text/html",
                    headers={"Content-Security-Policy": policy},
                ),
            )
            page.goto("http://127.0.0.1:9/planted", wait_until="networkidle")
            return [complaint.split(":")[0] for complaint in complaints]

        yield show


@pytest.mark.parametrize("kind", PLANTED)
def test_page_complains_about_a_planted_fault(planted_page, kind):
    assert planted_page(PLANTED[kind]) == [kind]


def test_page_does_not_complain_about_a_sound_page(planted_page):
    assert planted_page("<p>Sound") == []
