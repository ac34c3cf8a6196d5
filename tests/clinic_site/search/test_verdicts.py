"""Search finds no verdict that a page leaves out for want of a source."""

import pytest

from clinic_site.search import index
from tests.conditions.builders import make_condition, make_treatment, put_on


@pytest.fixture
def back(db, settings):
    settings.DEMO = True
    return make_condition(slug="back-pain", title="Back pain", state="example")


def found(query):
    return [entry.url for entry in index.find(query)]


@pytest.mark.parametrize(
    ("group", "of_its_pain", "urls"),
    [
        ("not-advised", True, ["/conditions/back-pain/#does-not-help", "/conditions/back-pain/"]),
        ("not-advised", False, []),
        ("offered", True, ["/conditions/back-pain/"]),
        ("offered", False, ["/conditions/back-pain/"]),
    ],
)
def test_a_treatment_is_found_where_the_page_shows_it(client, back, group, of_its_pain, urls):
    """Without a source a treatment that is offered stands there still, and one that is not advised
    does not.
    """
    put_on(back, make_treatment("Cupping", back="helps"), "Cups no.", group=group)
    back.pain_kinds.set(back.pain_kinds.model.objects.all() if of_its_pain else [])
    shown = "Cupping" in client.get("/conditions/back-pain/").content.decode()

    assert (sorted(found("cupping")), shown) == (sorted(urls), bool(urls))
