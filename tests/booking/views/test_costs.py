"""What a visit costs, which plans are accepted, whether a referral is needed: all from the data."""

import re

import pytest

from booking.models import InsurancePlan, ReferralRule
from conditions.models import Page
from tests.builders import make_visit_type
from tests.reading import tight

pytestmark = pytest.mark.django_db
ESTIMATE = "Ask us for an estimate."


@pytest.fixture(autouse=True)
def page(settings):
    """The clinic's text, public as an example in the demo."""
    settings.DEMO = True
    page = Page.objects.create(slug="costs", title="Costs", summary="Ask us.", state="example")
    page.sections.create(heading="What is an estimate?", text=ESTIMATE)
    page.sections.create(heading="How many visits?", text="Four.", order=1)
    return page


def main_of(client):
    html = client.get("/costs/").content.decode()
    return html[html.index("<article>") : html.index("</article>")]


def text(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def listed(html, heading):
    """The words under a heading, up to the next one."""
    return text(re.search(rf'<h2 id="{heading}">.*?</h2>(.*?)<h2', html, re.DOTALL)[1])


def test_prices_stand_by_visit_type_as_prices(client):
    make_visit_type(price="165.00", order=1)
    make_visit_type("follow-up", name="Follow-up", minutes=30, online=False, price="95.50", order=2)
    make_visit_type("unpriced", name="Workshop", order=3)
    html = tight(main_of(client))

    assert re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', html) == [
        ("Initial consultation", "45 minutes", "$165.00"),
        ("Follow-up", "30 minutes", "$95.50"),
    ]
    assert "Workshop" not in html


def test_a_fee_for_who_does_not_come_stands_with_the_time_until_which_there_is_none(client):
    assert 'id="no-show"' not in main_of(client)
    make_visit_type(no_show_fee="40.00", order=1)
    make_visit_type("follow-up", name="Follow-up", no_show_fee="25", change_window_hours=1, order=2)
    make_visit_type("free", name="Talk", order=3)

    assert listed(main_of(client), "no-show") == (
        "Tell us as soon as you can. Then somebody else can have your time. "
        "Initial consultation: free of charge until 24 hours before. "
        "After that, or if you do not come: $40.00. "
        "Follow-up: free of charge until 1 hour before. "
        "After that, or if you do not come: $25.00."
    )


def test_the_fee_stands_in_the_table_of_prices_too(client):
    make_visit_type(price="165.00", no_show_fee="40.00")
    html = tight(main_of(client))

    [first, fee] = re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", html)
    assert first == '<th scope="row">Initial consultation</th><td>45 minutes</td><td>$165.00</td>'
    said = "If you do not come, or cancel less than 24 hours before"
    assert fee == f'<th scope="row" colspan="2">{said}</th><td>$40.00</td>'


def test_no_review_is_said_where_nothing_is_said_of_health(client):
    html = main_of(client)

    assert ("reviewed" in html, "Tell us</a>" in html) == (False, True)


def test_a_fee_that_is_the_same_for_several_visits_stands_once(client):
    make_visit_type(no_show_fee="40.00", order=1)
    make_visit_type("check", name="Check", no_show_fee="40.00", change_window_hours=48, order=2)
    make_visit_type("follow-up", name="Follow-up", no_show_fee="40.00", order=3)

    assert re.findall("<li>(.*?)</li>", tight(main_of(client))) == [
        "Initial consultation and Follow-up: free of charge until 24 hours before. "
        "After that, or if you do not come: $40.00.",
        "Check: free of charge until 48 hours before. After that, or if you do not come: $40.00.",
    ]


def test_accepted_plans_stand_in_their_order_with_their_notes(client):
    InsurancePlan.objects.create(name="Second Plan", order=2)
    InsurancePlan.objects.create(name="First Plan", order=1, note="Ask for a referral first.")
    InsurancePlan.objects.create(name="Old Plan", active=False)

    assert listed(main_of(client), "plans") == (
        "First Plan Ask for a referral first. Second Plan Plans change. Call the number on your "
        "card and ask what it pays and what you pay."
    )


def test_referral_rule_is_the_clinics_own_for_its_state(client):
    ReferralRule.objects.create(state="New York", text="Come for 10 visits.\n\nThen <b>ask</b>.")

    assert listed(main_of(client), "referral").startswith(
        "In New York Come for 10 visits. Then &lt;b&gt;ask&lt;/b&gt;. If you have a referral,"
    )


def test_what_nobody_has_entered_is_said_honestly(client):
    html = main_of(client)

    assert [listed(html, heading) for heading in ("prices", "plans", "referral")] == [
        "Our prices are not on this page yet. Call us, and we will tell you before you come.",
        "Call us with the name of your plan, and we will find out for you.",
        "You may not need one. Each state has its own rules, so call us and ask. "
        "If you have a referral, bring it or have it sent to us. "
        "Your plan may still want one before it pays.",
    ]


def test_the_clinics_text_stands_on_the_page_its_first_section_below_the_prices(client):
    html = main_of(client)

    assert re.findall('<h2 id="(.*?)">', html) == [
        "prices",
        "section-1",
        "plans",
        "referral",
        "section-2",
    ]
    assert html.index(ESTIMATE) < html.index('id="plans"') < html.index("Four.")


def test_page_is_hidden_until_its_text_is_public(client, settings):
    settings.DEMO = False

    assert client.get("/costs/").status_code == 404


def test_page_is_the_same_for_everybody(client):
    page = client.get("/costs/")

    assert (page["Cache-Control"], page.cookies) == ("public, no-cache", {})


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_are_fixed(client, rows, django_assert_num_queries):
    for number in range(rows):
        make_visit_type(f"visit-{number}", price=100, no_show_fee=40)
        InsurancePlan.objects.create(name=f"Plan {number}")
        ReferralRule.objects.create(state=f"State {number}", text="Come.")

    with django_assert_num_queries(12):
        client.get("/costs/")
