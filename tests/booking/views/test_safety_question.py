"""The safety question lists the signs of the condition that somebody comes from."""

import re
from dataclasses import replace

import pytest

from booking.earlier import offers
from booking.models import TimeOffer
from conditions.models import Condition, UrgencyLine
from tests import shipped
from tests.booking.views.details_form import address, sent
from tests.builders import NOW, PATIENT, wait_without_visit
from tests.patients import opened
from tests.reading import tight

WITHOUT, QUESTION = "/book/earlier/", "/contact/question/"
GENERAL = [
    "it began after a bad fall or crash",
    "you have chest pain",
    "you are pregnant and bleed, leak fluid, or the pain comes in regular waves (call your "
    "maternity unit or 911)",
]
OF_ANY_PAIN = [
    "you suddenly cannot move or feel an arm or a leg, or lose control of your bladder or bowels",
    *GENERAL,
    "your face, your speech or your sight suddenly fails, or one side gets weak",
]


@pytest.fixture(autouse=True)
def content(db, settings):
    settings.DEMO = True
    shipped.load()


def asked(answer):
    """The words before "and:" over the safety question, and the signs under it."""
    html = tight(answer.content.decode())
    card = re.search(r'<h2 id="emergency-heading">(.*?)</h2>(.*?)</section>', html, re.DOTALL)
    [lead] = re.findall(r"now if you have (.*) and:", card[1])
    return lead, re.findall("<li>(.*?)</li>", card[2])


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


def test_signs_stay_those_of_the_condition_when_the_form_comes_back(client, ana):
    wrong = sent(**{"for": "sciatica"}) | {"red_flags": "", "name": ""}

    assert asked(client.post(address(), wrong)) == asked(client.get(address(), {"for": "sciatica"}))


@pytest.mark.parametrize("came_from", ["", "no-such-page"])
def test_without_a_condition_the_signs_are_those_of_no_single_part(client, ana, came_from):
    assert asked(client.get(address(), {"for": came_from})) == ("pain", OF_ANY_PAIN)
    assert asked(client.get(QUESTION)) == ("pain", OF_ANY_PAIN)
    assert asked(client.get(WITHOUT, {"for": came_from})) == ("pain", OF_ANY_PAIN)


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
