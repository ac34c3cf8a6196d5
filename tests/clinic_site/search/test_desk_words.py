"""What patients and the desk ask most: each has its page, none is wrong, none ends nowhere."""

import re

import pytest

from booking.models import InsurancePlan
from clinic_site.search import index, results
from conditions.models import Condition
from tests import shipped
from tests.conditions.builders import make_area, make_condition

# The page that stands first → what is typed, parted by "|".
FIRST = {
    "/articles/what-physical-therapy-can-do/": (
        "referral|do I need a referral|do you need a referral|refferal|doctor's referral"
    ),
    "/costs/": (
        "insurance|do you take my insurance|Aetna|Blue Cross|BCBS|Cigna|United Healthcare|Humana"
        "|Medicare|Medicaid|how much does it cost|self pay|copay|what is my copay|in network"
        "|price|good faith estimate|do you take Tricare"
    ),
    "/first-visit/": (
        "children|child|kids|do you see children|my son|my daughter|do you treat kids"
        "|first visit|my first visit|what to wear|what should I wear|what to bring|clothes"
        "|new patient|what happens at the first visit|can I bring my child"
    ),
    "/contact/": (
        "telehealth|video visit|virtual visit|do you do telehealth|hours|opening hours"
        "|when are you open|are you open on saturday|directions|how do I get there directions"
        "|where are you located address|parking|bus|phone number|where do I park|map"
        "|how do I get there|video call|zoom|do you do zoom|your email address"
    ),
    "/appointment/": (
        "cancel|cancel my visit|cancel appointment|move my visit|reschedule|my appointment"
        "|change my appointment|how do I cancel|when is my visit"
    ),
    "/appointment/lost/": (
        "lost my link|lost link|I lost my link|link expired|I did not get an e-mail"
        "|my link does not work|no confirmation|lost my e-mail|email|did not get email"
        "|confirmation email|I never got the email|I didn't get the email|no email"
    ),
    "/contact/question/": "ask a question|I have a question",
    "/book/": "book|make an appointment|book appointment",
    "/team/": "who works here|your therapists",
    "/conditions/back-pain/": (
        "mattress|which mattress|matress|hot or cold|heat or ice|hot or cold for my back"
        "|ice or heat|heating pad|back pain|my back hurts"
    ),
    "/conditions/sciatica/": "tingling|tingling in my leg|pins and needles|tingling foot|sciatica",
}
NUMB_FOOT = {"/conditions/sciatica/", "/conditions/lumbar-spinal-stenosis/"}
NO_ALARM = "child|children|kids|my child|do you see children|teen|hot or cold|tingling|killing me"
NO_ALARM += "|kill pain|what kills pain|end of day ruins my life|numb down my leg|heel strike"
NO_ALARM += "|I did it to myself|better off with heat|take my life back|I hurt my back by myself"
CRISIS = "suicide|suicidal|I want to kill myself|want to die|self-harm|suicid|end my life|988"
CRISIS += "|killing myself|I am thinking of killing myself|overdose|harm myself|better off dead"
CRISIS += "|I want to end it all|I don't want to live|sucide|kill my self"
CALLS_911 = (
    "cannot breathe|can't breathe|cant feel my legs|cannot feel my foot|leaking urine"
    "|cant hold my urine|numb down there|I am numb down there|my kid cannot walk|my son can't walk"
    "|my daughter cannot walk|short of breath|stroke|unconscious|hit by a car"
)
TELEPHONE = 'href="tel:+12125550143"'


@pytest.fixture
def content(db, settings):
    settings.DEMO = True
    shipped.load()


def firsts(table):
    return {typed: url for url, line in table.items() for typed in line.split("|")}


def main_of(client, query):
    html = client.get("/search/", {"q": query}).content.decode()
    return html[html.index("<main") : html.index("</main>")]


def listed(main):
    return re.findall(r'<li>\s*<a href="([^"]+)"', main)


def test_each_question_has_its_page_first(content):
    expected = firsts(FIRST)
    found = {typed: [entry.url for entry in index.find(typed)[:1]] for typed in expected}

    assert {t: first for t, first in found.items() if first != [expected[t]]} == {}


def test_a_numb_foot_has_both_pages(content):
    assert {entry.url for entry in index.find("numb foot")[:2]} == NUMB_FOOT


@pytest.mark.parametrize("query", NO_ALARM.split("|"))
def test_no_question_of_these_is_an_emergency(query):
    assert results.warning(query) == ("", [])


@pytest.mark.parametrize("query", CRISIS.split("|"))
def test_a_crisis_is_answered_with_988_before_all_else(client, content, query):
    main = main_of(client, query)

    assert results.warning(query) == ("crisis", [])
    assert main.index('href="tel:988"') < main.index("<form")
    assert 'href="/book/"' not in main


@pytest.mark.parametrize("query", CALLS_911.split("|"))
def test_a_sign_for_911_is_told_so_and_keeps_the_telephone(client, content, query):
    main = main_of(client, query)

    assert results.warning(query)[0] == "emergency"
    assert (TELEPHONE in main, 'href="/book/"' in main) == (True, False)


def test_a_crisis_leads_to_nobody_else(client, content):
    assert TELEPHONE not in main_of(client, "overdose")


@pytest.mark.parametrize("query", ["referral", "tingling", "xylophone", "toe", "numb foot", ""])
def test_no_answer_is_without_the_telephone(client, content, query):
    assert TELEPHONE in main_of(client, query)


def test_a_plan_that_the_clinic_accepts_leads_to_what_it_costs(client, content):
    InsurancePlan.objects.create(name="Willow Mutual")
    InsurancePlan.objects.create(name="Elm Mutual", active=False)

    assert [listed(main_of(client, name))[:1] for name in ("willow mutual", "elm")] == [
        ["/costs/"],
        [],
    ]


def test_the_body_of_a_page_is_read_and_its_main_message_shown(client, content):
    Condition.objects.filter(slug="scoliosis").update(
        feels_like="Some feel nothing.\n\n- A zither is *easy* to hold [@kovacs-2003]. It ends.",
        summary="A spine that curves to the side. It may grow.",
    )
    main = main_of(client, "zithers")

    assert listed(main) == ["/conditions/scoliosis/"]
    assert ("A zither" in main, "<p>A spine that curves to the side.</p>" in main) == (False, True)


def test_no_sentence_that_could_calm_is_shown_by_itself(client, content):
    html = main_of(client, "numb foot")

    assert (listed(html)[0], "It is a good sign" in html) == ("/conditions/sciatica/", False)


def test_of_a_page_of_the_clinics_the_line_that_answers_is_shown(client, content):
    for name in ("Willow Mutual", "Elm Mutual"):
        InsurancePlan.objects.create(name=name)
    main = main_of(client, "insurance")

    assert listed(main) == ["/costs/", "/first-visit/"]
    assert "<p>Insurance plans that we take: Elm Mutual, Willow Mutual.</p>" in main
    assert "your insurance card" in main


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("telehealth", "You see us in person, not by video call (telehealth)."),
        ("video call", "You see us in person, not by video call (telehealth)."),
    ],
)
def test_the_first_answer_says_it_in_a_sentence(client, content, query, says):
    first = main_of(client, query).split('<ul class="list">')[1].split("</li>")[0]

    assert f"<p>{says}</p>" in first


def test_what_a_page_does_not_show_is_not_found(client, content):
    """Tips that no section of an article leads to, and a page that is not public."""
    Condition.objects.filter(slug="scoliosis").update(feels_like="A zither.", state="draft")

    assert listed(main_of(client, "zither")) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("elbow", True),
        ("pain in my elbows", True),
        ("elbwo pain", True),
        ("hand", True),
        ("back", False),
    ],
)
def test_a_part_of_the_body_without_a_page_says_so_and_offers_the_telephone(
    client, db, settings, query, says
):
    settings.DEMO = True
    make_area(slug="planted", title="Elbow and hand")
    back = make_area(slug="planted-back", title="Back")
    make_condition(slug="back-pain", title="Back pain", state="example").areas.set([back])
    main = main_of(client, query)

    assert ("We have no page on this part yet: elbow and hand" in main) == says
    assert TELEPHONE in main
    assert (listed(main) == []) == says


def test_it_is_said_no_more_once_a_page_is_public(client, db, settings):
    settings.DEMO = True
    elbow = make_area(slug="planted", title="Elbow and hand")
    page = make_condition(slug="stiff-elbow", title="Stiff elbow", state="draft")
    page.areas.set([elbow])
    before = main_of(client, "elbow")
    Condition.objects.update(state="example")
    after = main_of(client, "elbow")

    assert ["We have no page" in main for main in (before, after)] == [True, False]
    assert [listed(main) for main in (before, after)] == [[], ["/conditions/stiff-elbow/"]]


@pytest.mark.parametrize("query", ["knee pain", "neck pain", "heel", "wrist", "frozen shoulder"])
def test_parts_that_ship_without_a_page_say_so(client, content, query):
    assert "We have no page on this part yet" in main_of(client, query)


@pytest.mark.parametrize("query", ["knee to chest", "shoulder roll", "hip stretch", "text neck"])
def test_an_exercise_that_names_such_a_part_is_found_as_ever(client, content, query):
    main = main_of(client, query)

    assert ("We have no page" in main, bool(listed(main))) == (False, True)
