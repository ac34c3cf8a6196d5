"""The safety question lists the signs of the condition that somebody comes from."""

import re
from dataclasses import replace

import pytest

from booking.earlier import offers
from booking.models import TimeOffer
from conditions.models import BodyArea, Condition, UrgencyLine
from tests import shipped
from tests.booking.views.details_form import address, sent
from tests.builders import NOW, PATIENT, wait_without_visit
from tests.conditions.builders import make_condition
from tests.patients import opened
from tests.reading import tight

WITHOUT, QUESTION = "/book/earlier/", "/contact/question/"
GENERAL = [
    "it began after a bad fall or crash",
    "you have chest pain",
    "you are pregnant and bleed, leak fluid, or the pain comes in regular waves (call your "
    "maternity unit or 911)",
]
# Nor owned by a single part of the body: the spine's nerves, heart and stroke.
OF_ANY_PAIN = [
    "your genitals, buttocks or inner thighs are numb or tingle (new or worse, even that alone), "
    "or wiping feels different",
    "you cannot pass urine, cannot feel it, or lose control of your bladder or bowels (new or "
    "worse)",
    "there is weakness, numbness, tingling or pain in both legs (new or worse)",
    "a leg is getting weaker",
    "your sexual feeling or function has changed (new or worse)",
    "you suddenly cannot move or feel an arm or a leg",
    *GENERAL,
    "it is sudden and severe, or feels like tearing, in your chest, upper back or belly",
    "you feel pressure in your chest, or the pain goes to an arm, the neck or the jaw",
    "you are short of breath, in a cold sweat, sick or light-headed, or you faint",
    "your face, your speech or your sight suddenly fails, or one side gets weak",
    "before a fall you had chest pain, a racing heart or short breath, or you blacked out",
]


@pytest.fixture(autouse=True)
def content(db, settings):
    settings.DEMO = True
    shipped.load()


def asked(answer):
    """The words before "and:" over the safety question, and the signs under it and on the cards
    that say whom else to call, each with these words after it as its row has them.
    """
    lead, signs, others = cards_of(answer)
    return lead, [*signs, *(f"{sign} ({whom})" for whom, sign in others)]


def cards_of(answer):
    """The words over the first card, its signs, and of each other card (whom to call, sign)."""
    html = tight(answer.content.decode())
    html = html.partition('id="emergency-signs"')[2].partition("<fieldset")[0]
    found = re.findall(
        r"<section[^>]*>\s*<h2[^>]*>(.*?)</h2>(.*?)</section>",
        html,
        re.DOTALL,
    )
    (heading, first), *more = [(words, re.findall("<li>(.*?)</li>", rows)) for words, rows in found]
    [lead] = re.findall(r"now if you have (.*) and:", heading)
    others = [
        (whom[0].lower() + whom[1:].strip().removesuffix(" now if:"), sign)
        for whom, signs in more
        for sign in signs
    ]
    return lead, first, others


def own(condition):
    """Its own signs and those of its areas, asked of the rows and not of the page's code."""
    lines = UrgencyLine.objects.filter(level="emergency")
    areas = {area.pk for area in condition.areas.all()}
    return {
        line.text
        for line in lines
        if line.condition == condition or areas & {area.pk for area in line.areas.all()}
    }


def conditions():
    return list(Condition.objects.all())


def test_every_shipped_conditions_booking_asks_for_all_its_own_signs(client, ana):
    for condition in conditions():
        lead, signs = asked(client.get(address(), {"for": condition.slug}))

        assert own(condition) - set(signs) == set()
        assert len(own(condition)) >= 6
        assert set(signs) == own(condition) | set(GENERAL)
        assert len(signs) == len(set(signs))
        assert lead == (condition.warning_lead or "back pain")


def test_signs_that_call_for_somebody_else_stand_on_a_card_that_names_no_pain(client, ana):
    page = client.get(address(), {"for": "pregnancy-back-pelvic-pain"})
    lead, signs, others = cards_of(page)

    assert (lead, [sign for sign in signs if "(call" in sign]) == ("back or pelvic pain", [])
    assert [sign for whom, sign in others if whom == "call or text 988, or call 911"] == [
        "you think of harming yourself",
        "you think of harming your baby",
    ]
    assert {whom for whom, _sign in others} == {
        "call or text 988, or call 911",
        "call your maternity unit or 911",
    }


def test_signs_stay_those_of_the_condition_when_the_form_comes_back(client, ana):
    wrong = sent(**{"for": "sciatica"}) | {"red_flags": "", "name": ""}

    assert asked(client.post(address(), wrong)) == asked(client.get(address(), {"for": "sciatica"}))


@pytest.mark.parametrize("came_from", ["", "no-such-page"])
def test_without_a_condition_the_signs_are_those_of_no_single_part(client, ana, came_from):
    assert asked(client.get(address(), {"for": came_from})) == ("pain", OF_ANY_PAIN)
    assert asked(client.get(QUESTION)) == ("pain", OF_ANY_PAIN)
    assert asked(client.get(WITHOUT, {"for": came_from})) == ("pain", OF_ANY_PAIN)


def test_a_page_of_the_knee_is_asked_for_its_own_signs_and_not_for_those_of_other_parts(
    client, ana
):
    knee = make_condition(
        slug="knee-pain", state="example", areas=[BodyArea.objects.get(slug="knee")]
    )
    lead, signs = asked(client.get(address(), {"for": knee.slug}))

    assert (lead, set(signs)) == ("knee pain", own(knee) | set(GENERAL))
    assert set(signs) & {*OF_ANY_PAIN} == set(GENERAL)


def test_the_earlier_time_list_asks_for_the_signs_of_the_condition(client, ana):
    for condition in conditions():
        page = f"{WITHOUT}?for={condition.slug}"
        first = asked(client.get(page))

        assert set(first[1]) == own(condition) | set(GENERAL)
        assert asked(client.post(page, {"name": ""})) == first


def test_an_offer_asks_for_the_signs_of_the_condition(client, ana):
    sciatica = Condition.objects.get(slug="sciatica")
    wait_without_visit(replace(PATIENT, condition_id=sciatica.pk))
    offers.look(NOW)
    page = client.get(opened(client, TimeOffer.objects.get(state="open")))

    assert set(asked(page)[1]) == own(sciatica) | set(GENERAL)
    assert asked(page)[0] == "back or leg pain"
