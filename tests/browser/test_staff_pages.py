"""Every page of staff that we have made, by the resolver: what axe finds of it, in both schemes."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import get_resolver

from tests.axe import violations_in_both_schemes
from tests.booking.admin.addresses import addresses, filled
from tests.every_row import make_every_row

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("postgresql")

# Of Django's admin, for each model: ours lie beside them.
STOCK = ("_add", "_change", "_changelist", "_delete", "_history")
PLANTED = "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x\">')"


@pytest.fixture
def page(site, settings, sign_in):
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    page = sign_in(site.url)
    make_every_row(User.objects.filter(is_superuser=True).first() or User.objects.first())
    return page


def ours():
    """Addresses that Django did not make, each once: pages, parts of them, what forms go to."""
    found = addresses(get_resolver().url_patterns)
    return sorted({filled(name, words) for name, words in found if not name.endswith(STOCK)})


def test_no_page_of_staff_keeps_anybody_out(page):
    found, seen = {}, []
    for address in ours():
        answer = page.request.get(address)
        if answer.status != 200 or not answer.text().lstrip().lower().startswith("<!doctype"):
            continue  # takes a form alone, or is a part of a page, or a file
        page.goto(address)
        seen.append(address)
        if wrong := violations_in_both_schemes(page):
            found[address] = wrong

    assert len(seen) > 30
    assert found == {}


def test_a_planted_fault_is_found(page):
    page.goto("/admin/desk/to-do/")
    page.evaluate(PLANTED)

    assert [line.split(":")[1] for line in violations_in_both_schemes(page)] == [" image-alt"]
