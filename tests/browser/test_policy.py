"""The content policy of public pages in a browser: whatever gets into a page runs no script."""

import pytest

from tests.chromium import open_page

# What a browser runs does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

PAGES = ["/", "/conditions/back-pain/", "/book/", "/appointment/", "/search/?q=pain", "/nowhere/"]
PLANTED = """<script>document.documentElement.lang = "inline"</script>
<img src="/x" onerror="document.documentElement.lang = 'handler'"></main>"""


@pytest.fixture
def languages(demo, browser):
    """What planted scripts make of the pages' language: `languages(headers={…})`."""
    with open_page(browser, base_url=demo.url) as (page, _complaints):

        def planted(**changes):
            def plant(route):
                answer = route.fetch()
                body = answer.text().replace("</main>", PLANTED)
                route.fulfill(response=answer, body=body, **changes)

            page.route(lambda url: not url.endswith((".css", ".svg", "/x")), plant)
            found = set()
            for path in PAGES:
                page.goto(path, wait_until="load")  # by then the planted image has failed
                found.add(page.locator("html").get_attribute("lang"))
            page.unroute_all(behavior="wait")
            return found

        yield planted


def test_a_planted_script_does_not_run(languages):
    assert languages() == {"en-us"}


def test_without_the_policy_it_would(languages):
    assert languages(headers={"Content-Type": "text/html"}) == {"handler"}
