"""What messengers show with a link: title, description and picture, on public pages alone."""

import gzip
import re
from io import BytesIO

import pytest
from django.template import Context, Template
from PIL import Image

from booking.models import Clinic
from clinic_site.look import social_card
from conditions.models import Condition
from tests.builders import make_therapist

pytestmark = pytest.mark.django_db
CARD = "http://127.0.0.1:8000/card.png"
LINE = "Plain advice. Home exercises. Book online."
COLOUR = "#0d5752"


def told(client, path):
    """The page's properties for messengers, and the title and description for its reader."""
    html = client.get(path).content.decode()
    properties = {
        name: re.findall(f'<meta (?:name="\\S+" )?property="og:{name}" content="(.*?)">', html)
        for name in ("title", "description", "image")
    }
    [title] = re.findall(r"<title>(.*?)</title>", html)
    [description] = re.findall(r'<meta name="description".*? content="(.*?)">', html)
    return properties, title, description


@pytest.fixture
def back_pain(settings):
    settings.DEMO = True
    return Condition.objects.create(
        slug="back-pain", title='Back "pain" & you', summary="It passes.", state="example"
    )


@pytest.mark.parametrize(
    "path", ["/", "/conditions/", "/conditions/back-pain/", "/team/", "/team/ana-ruiz/", "/search/"]
)
def test_public_page_tells_its_title_description_and_picture(client, back_pain, path):
    make_therapist(hours="")
    properties, title, description = told(client, path)

    assert f"{properties['title'][0]} – Willow Street Physical Therapy" == title
    assert properties["description"] == [description]
    assert [re.sub(r"\?[0-9a-f]{8}$", "", image) for image in properties["image"]] == [CARD]


def test_a_title_with_quotation_marks_does_not_end_its_attribute(client, back_pain):
    properties, _, _ = told(client, "/conditions/back-pain/")

    assert properties["title"] == ["Back &quot;pain&quot; &amp; you"]


def test_a_title_of_several_lines_is_one_line_and_keeps_its_no_break_spaces():
    template = Template(
        "{% load social %}{% captured as title %}\n  Error:\n  9\N{NO-BREAK SPACE}a.m.\n"
        "{% endcaptured %}[{{ title }}]"
    )

    assert template.render(Context()) == "[Error: 9\N{NO-BREAK SPACE}a.m.]"


def test_previews_and_a_patients_own_pages_tell_nothing(client, admin_user, back_pain):
    client.force_login(admin_user)
    for path in ["/appointment/", f"/admin/conditions/condition/{back_pain.pk}/preview/"]:
        html = client.get(path).content.decode()
        assert ("<title>" in html, re.findall("og:|twitter:", html)) == (True, [])


def test_the_lines_for_messengers_cost_little(client, back_pain):
    page = client.get("/conditions/back-pain/").content
    tags = rb'<meta (?:property="og:|name="twitter:)[^>]*>'
    lines = re.findall(tags + rb'| property="og:desc\w+"', page)
    bare = page
    for line in lines:
        bare = bare.replace(line, b"")

    assert len(lines) == 4
    assert len(gzip.compress(page, 9)) - len(gzip.compress(bare, 9)) < 200


def test_the_picture_is_small_and_of_the_size_that_messengers_show_whole(client):
    response = client.get("/card.png")
    image = Image.open(BytesIO(response.content))

    assert response["Content-Type"] == "image/png"
    assert (image.format, image.size, len(response.content) < 60_000) == ("PNG", (1200, 630), True)
    assert response.cookies == {}


def test_the_picture_shows_the_clinics_name_in_its_colour():
    cards = {
        (name, style): social_card.png(name, LINE, style, COLOUR)
        for name in ("Willow Street Physical Therapy", "Elm Street Physical Therapy")
        for style in ("calm", "warm")
    }
    red = Image.open(BytesIO(social_card.png("Elm", LINE, "calm", "#9d174d"))).convert("RGB")

    assert (len(set(cards.values())), red.getpixel((2, 2))) == (4, (0x9D, 0x17, 0x4D))


@pytest.mark.parametrize("change", [{"name": "Elm"}, {"colour": "#9d174d"}, {"style": "warm"}])
def test_another_name_or_look_has_a_card_of_another_address(client, change):
    found = []
    for changed in ({}, change):
        Clinic.objects.update(**changed) if changed else None
        [image] = told(client, "/")[0]["image"]
        found.append((image, client.get(image).content))

    assert len(set(found)) == len({image for image, _card in found}) == 2


def test_a_card_may_be_kept_under_the_address_of_its_name_and_look_alone(client):
    [image] = told(client, "/")[0]["image"]
    kept = [client.get(path)["Cache-Control"] for path in (image, "/card.png", "/card.png?0")]
    Clinic.objects.update(name="Elm")
    kept.append(client.get(image)["Cache-Control"])

    assert kept == ["public, max-age=86400", *["public, no-cache"] * 3]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Move", ["Move"]),
        ("Willow Street Physical Therapy", ["Willow Street", "Physical Therapy"]),
        (
            "The Physiotherapy and Rehabilitation Center of Greater Springfield",
            ["The Physiotherapy and", "Rehabilitation Center of", "Greater Springfield"],
        ),
        ("Fisioterapia Ñandú", ["Fisioterapia", "Ñandú"]),
        ("", []),
    ],
)
def test_a_name_is_broken_into_few_lines(name, lines):
    assert social_card.lines_of(name) == lines


def test_the_longest_name_fits():
    assert len(social_card.lines_of("Rehabilitation " * 20)) == 4


@pytest.mark.parametrize("style", ["calm", "warm"])
@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Fisioterapia Ñandú", "Fisioterapia Ñandú"),
        ("Fisioterapia N\u0303andu\u0301", "Fisioterapia Ñandú"),  # letters and accents apart
        ("Łódź Physio 诊所", "Physio"),
        ("诊所", ""),
    ],
)
def test_accents_are_drawn_and_only_words_that_cannot_be_are_left_out(style, name, drawn):
    assert social_card.drawable(name, style) == drawn


@pytest.mark.parametrize("style", ["calm", "warm"])
@pytest.mark.parametrize("name", ["WWWWWWWWWWWWW", "Massachusetts", "M" * 24 + " Ñandú" * 9])
def test_the_widest_letters_stay_on_the_card(style, name):
    card = Image.open(BytesIO(social_card.png(name, "", style, COLOUR))).convert("RGB")
    edge = {card.getpixel((x, y)) for x in range(1180, 1200) for y in range(300)}

    assert edge == {(0x0D, 0x57, 0x52)}
