"""Every message is HTML too: it says what the text says, fetches nothing, suits mail programs."""

import re
from html import unescape

import pytest

from booking.messages import html, kinds
from booking.models import Clinic, OutgoingEmail
from tests import every_email
from tests.reading import Words, texts_in, tight

pytestmark = pytest.mark.django_db
LINK = r"https?://\S+"
FACT = r"^(?:[A-Z][a-z -]+: |- )(.+)$"  # a line such as "With: Ana Ruiz" or "- A photo ID"
ROW = r'<th scope="row"[^>]*>(.*?)</th><td[^>]*>(.*?)</td>'
LONGEST = 40_000  # bytes; Gmail hides what is beyond 102,400


@pytest.fixture(autouse=True)
def desk(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"


@pytest.fixture(params=OutgoingEmail.Kind.values)
def message(request):
    """One of every kind that there is: a new kind fails until it is made and written."""
    return every_email.message(request.param)


def html_of(message):
    [found] = [part.content for part in message.alternatives if part.mimetype == "text/html"]
    return found


def same(text):
    """The words alone: how a line or a list is parted is each form's own matter."""
    return " ".join(re.sub(r"[,:.]", " ", text).split())


def test_every_kind_has_its_example():
    assert set(every_email.MADE_BY) == set(kinds.OF_KIND) == set(OutgoingEmail.Kind)


def test_html_and_text_hold_the_same_links(message):
    addresses = Words(html_of(message)).addresses
    links = {address for address in addresses if not address.startswith("tel:")}

    assert links == set(re.findall(LINK, message.body)) != set()


def test_html_says_every_fact_of_the_text(message):
    said = same(" ".join(Words(html_of(message)).words))
    facts = [fact for fact in re.findall(FACT, message.body, re.M) if not re.match(LINK, fact)]

    lines = [message.body.splitlines()[0], *facts]
    assert [line for line in lines if same(line) not in said] == []


def test_text_says_every_fact_of_the_html(message):
    document = html_of(message)
    rows = re.findall(ROW, unescape(tight(document)))
    facts = [f"{label} {value}" for label, value in rows if "http" not in value]
    shown = [re.sub("<[^>]+>", " ", fact) for fact in facts]
    cards = texts_in(document, "said")

    text = same(message.body)
    lines = [*texts_in(document, "h1"), *cards, *shown]
    assert [line for line in lines if same(line) not in text] == []


def test_one_button_says_what_to_do(message, request):
    buttons = len(texts_in(html_of(message), "do"))

    # Lost links: two visits and a wish, one each. A series has a plain link for each visit.
    several = {"link": 3, "series": 0, "series-moved": 0}
    assert buttons == several.get(request.node.callspec.params["message"], 1)


def test_nothing_is_fetched_from_anywhere(message):
    document = html_of(message)

    assert Words(document).tags.isdisjoint({"img", "script", "link", "iframe", "svg", "form"})
    assert re.findall(r"url\(|@import|\bsrc=|\bbackground=", document) == []


def test_no_subject_holds_personal_data(message):
    words = ["Rosa", "Marquez", "rosa@", "0199", "Ana", "Initial", "Monday", "November"]

    assert [word for word in words if word in message.subject] == []


def test_it_is_laid_out_as_outlook_can_and_short_enough_for_gmail(message):
    document = html_of(message)
    tables = re.findall(r"<table[^>]*>", document)

    assert re.findall(r"display: ?(?:flex|grid)|float:|position:", document) == []
    assert [t for t in tables if 'role="presentation"' not in t and 'class="facts"' not in t] == []
    assert len(document.encode()) <= LONGEST


def test_the_clinics_name_stands_in_a_band_of_its_colour():
    Clinic.objects.update(colour="#7a1f5c", name="Oak <Avenue>")
    document = html_of(every_email.message("confirmation"))
    [band] = re.findall(r'<td class="band" style="([^"]*)"', document)

    assert "background-color: #7a1f5c" in band
    assert texts_in(document, "band") == ["Oak <Avenue>"]
    assert texts_in(document, "arch") == ["O"]


def test_a_clinic_with_a_logo_of_its_own_gets_no_mark_of_ours():
    Clinic.objects.update(logo="0" * 32)

    assert texts_in(html_of(every_email.message("confirmation")), "arch") == []


@pytest.mark.parametrize(("style", "letters"), [("calm", "Georgia"), ("warm", "system-ui")])
def test_titles_are_in_letters_of_the_style_that_devices_have(style, letters):
    Clinic.objects.update(style=style)
    [title] = re.findall(r'<h1 style="([^"]*)"', html_of(every_email.message("wish")))

    assert f"font-family: {letters}, " in title


def test_a_leaf_of_a_calendar_shows_the_day_and_is_not_read_out():
    document = html_of(every_email.message("moved"))

    assert (texts_in(document, "month"), texts_in(document, "date")) == (["Nov"], ["30"])
    assert re.findall(r'<td class="leaf"[^>]*aria-hidden="true"', document) != []


def test_rules_are_written_into_the_elements_and_dark_screens_keep_theirs():
    source = """<html><head><style>
      p { color: #111111; }
      @media (prefers-color-scheme: dark) { p { color: #eeeeee !important; } }
    </style><link rel="stylesheet" href="http://127.0.0.1:9/never.css"></head>
    <body><p>Hello</p></body></html>"""

    made = tight(html.INLINER.inline(source))
    assert '<p style="color: #111111;">Hello</p>' in made
    assert "@media (prefers-color-scheme: dark)" in made
    assert made.count("#111111") == 1


def test_every_message_knows_the_dark_scheme(message):
    document = html_of(message)

    assert '<meta name="color-scheme" content="light dark">' in document
    assert "@media (prefers-color-scheme: dark)" in document


def test_the_links_that_were_asked_for_come_first():
    found = every_email.message("link")
    forms = (found.body, html_of(found).partition("</h1>")[2])

    for said in forms:
        assert 0 < said.index("http://127.0.0.1:8000/m/") < said.index("Monday")
