"""Signs of one part of the body that people type are answered with the cards of that part."""

import re

import pytest

from clinic_site.search import results
from conditions.models import BodyArea
from tests import shipped

# The level and the short names of the areas → what is typed.
TYPED = {
    ("emergency", "hip"): (
        "hip broken after fall|fell on my hip|I fell and cannot stand on my leg|hip fracture"
        "|broken hip|one leg looks shorter|hip pain and fever|my child can't walk"
    ),
    ("emergency", "knee"): "knee hot and fever|kneecap out of place|dislocated knee",
    ("emergency", "ankle-foot"): (
        "ankle is out of shape|foot turned blue|heard a crack in my foot|bone sticking out"
        "|calf swollen and short of breath|calf pain and chest pain"
    ),
    ("urgent", "low-back|ankle-foot"): (
        "numb foot|my foot is numb|numb feet|numb toes|numbness in my foot"
    ),
    ("urgent", "hip"): "hip hurts after a fall|child limps|teen limping",
    ("urgent", "knee"): "hot swollen knee|red knee|knee locks|can't straighten my knee",
    ("urgent", "knee|ankle-foot"): "calf swollen|swollen calves|calf is red|DVT|blood clot in leg",
    ("urgent", "ankle-foot"): (
        "cannot stand on ankle|can't walk on my foot|is my ankle broken|torn achilles|diabetic foot"
    ),
}
HARMLESS = "knee arthritis|stiff hip morning|runner's knee|knee pain stairs|weak ankle|heel pain"
CARD = re.compile(r'<section class="urgency (\w+)"')
LEAD = re.compile(r"(?:now|today) if you have (.*) and:")


@pytest.fixture
def content(db, settings):
    settings.DEMO = True
    shipped.load()


@pytest.mark.parametrize(("level", "parts"), TYPED)
def test_a_sign_of_one_part_calls_for_the_card_of_that_part(level, parts):
    typed = TYPED[level, parts].split("|")

    assert {each: results.warning(each) for each in typed} == {
        each: (level, parts.split("|")) for each in typed
    }


def test_every_part_that_is_named_there_is_a_part_of_the_body(content):
    named = {part for _level, parts in TYPED for part in parts.split("|")}

    assert named <= {area.slug for area in BodyArea.objects.all()}


@pytest.mark.parametrize("query", HARMLESS.split("|"))
def test_what_people_type_of_harmless_pain_there_raises_no_alarm(query):
    assert results.warning(query) == ("", [])


@pytest.mark.parametrize(
    ("query", "cards", "leads"),
    [
        ("broken hip", ["emergency"], ["hip pain"]),
        ("hot swollen knee", ["emergency", "urgent"], ["knee pain", "knee pain"]),
        ("calf swollen", ["emergency", "urgent"], ["pain", "pain"]),
        ("numb foot", ["emergency", "urgent"], ["pain", "pain"]),
        ("cancer", ["urgent"], ["pain"]),
    ],
)
def test_what_is_for_today_in_one_part_stands_below_its_signs_for_911(
    client, content, query, cards, leads
):
    html = client.get("/search/", {"q": query}).content.decode()

    assert (CARD.findall(html), LEAD.findall(html)) == (cards, leads)
