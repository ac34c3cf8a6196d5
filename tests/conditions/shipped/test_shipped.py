"""The shipped pages say what they must."""

import re
from html import unescape

import pytest
from django.db.models import Q

from conditions.models import Citation, Condition, Evidence, Treatment, UrgencyLine

SAID = {
    "/conditions/back-pain/": [
        "trigger points", "mobility",
        "initial consultation",
        "45 minutes", "You may not need a referral", "hips, feet, neck and trunk muscles",
        "javelin, hockey or golf", "figure skating", "powerlifting", "car or bike crash",
        "Before and after surgery", "lumbar stenosis", "Scoliosis", "osteoarthritis", "Pregnancy",
        "It is not proven that they cause it", "Excess weight", "Stress", "A tumor, cancer",
        "strong pain medicines (opioids) far less often", "scan somewhat less often",
        "emergency room a little less often", "stayed in a hospital a little more often",
        "relative", "own cost was lower", "in water (aquatic exercise)", "Joint mobilization",
        "Massage therapy", "Each state has rules", "Ice and heat", "Guidelines disagree",
        "Next review due", "educational",
        "genitals, buttocks or inner thighs", "maternity unit or 911", "steroids", "two weeks",
        "no guideline we read supports one", "bifocals", "10-minute walk", "30 minutes on 5 days",
        "medium-firm", "Questions? We would love to hear from you",
    ],
    "/articles/physical-therapy-for-back-pain/": [
        "619 million", "about 5 in 6", "aged 20 to 69", "It has lapsed",
        "Posture often gets the blame", "do not agree that it causes", "strained muscle",
        "several conditions", "ultrasound treatment, TENS and traction", "Piriformis stretch",
        "Hold for 30 seconds on each side.", "Hold for 5 seconds, 10 times on each side.",
        "Hold for 5 seconds, 5 times on each side.", "Hold for 5 seconds, 3 to 5 times.",
        "Keep going for 30 seconds in each direction.", "Hold for 5 to 10 seconds, 3 times.",
        "Get help with a load that you cannot control", "Aquatic therapy", "Prehabilitation",
        "endurance and speed", "Back pain",
    ],
    "/conditions/back-strain-sports-injury/": ["Results differ", "marathon"],
    "/exercises/piriformis-stretch/": [
        "in the left one when the left ankle is up", "hip replacement",
    ],
    "/articles/active-at-a-desk-job/": ["weight gain, heart disease"],
    "/exercises/bird-dog/": ["Move the leg alone", "you cannot kneel"],
    "/exercises/pelvic-tilt/": [
        "Hold for 5 seconds, 5 times, for 6 to 8 weeks.", "at least 6 to 8 weeks",
    ],
    "/exercises/cat-cow/": [
        "Start with 1 repetition; ask us when to do more.",
        "do the rounding half alone",
    ],
    "/exercises/knee-to-chest/": [
        "Hold for 5 seconds, 1 to 5 times on each side, for 6 to 8 weeks.",
    ],
    "/exercises/bridge/": [
        "Start with 1 repetition; ask us when to do more.",
        "No source we trust says how long",
    ],
    "/exercises/prone-press-up/": [
        "Hold for 1 to 2 seconds, once.",
        "the pain grows, moves down the leg, or newly appears in a leg or buttock", "stenosis",
    ],
    "/exercises/dead-bug/": [
        "Start with 1 repetition on each side; ask us when to do more.",
        "your lower back lifts",
    ],
    "/exercises/side-plank-knees/": [
        "Start with 1 repetition on each side; ask us when to do more.",
    ],
    "/exercises/sit-to-stand/": ["Do fewer at first"],
    "/exercises/sciatic-nerve-glide/": [
        "Start with 1 repetition; ask us when to do more.",
        "tingling stays after a move (do not repeat it)",
    ],
    "/articles/what-physical-therapy-can-do/": [
        "musculoskeletal", "neurological", "cardiovascular", "non-invasive",
    ],
    "/articles/aquatic-therapy/": ["buoyancy", "gentle"],
    "/services/": ["Spinal manipulation", "45 minutes"],
}  # fmt: skip
NEVER_SAID = ["8 in 10", "few weeks", "root of the problem", "misalign", "None", "[@", "**"]


def words_of(client, path):
    html = client.get(path).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    main = re.sub(r"<sup.*?</sup>", "", main, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split()).replace(" .", ".")


def test_shipped_pages_say_what_they_must(content, client):
    missing = {
        path: [words for words in said if words not in words_of(client, path)]
        for path, said in SAID.items()
    }

    assert missing == {path: [] for path in SAID}


def test_shipped_pages_never_say_what_no_source_bears(content, client):
    found = {path: [w for w in NEVER_SAID if w in words_of(client, path)] for path in SAID}

    assert found == {path: [] for path in SAID}


def test_chest_pain_and_bleeding_in_pregnancy_are_asked_about_everywhere(content):
    asked = [line.text for line in UrgencyLine.objects.published().emergency()]

    assert [text for text in asked if "chest pain" in text] != []
    assert [text for text in asked if "you are pregnant and bleed" in text] != []


def test_the_long_article_leads_on_to_the_condition(content, client):
    html = client.get("/articles/physical-therapy-for-back-pain/").content.decode()
    text = html[html.index("<article") : html.index("</article>")]

    assert '<a href="/conditions/back-pain/">back pain</a>' in text


def test_sources_name_authors_and_where_they_were_published(content):
    """A number of trials is no journal, and a journal is no author."""
    found = Citation.objects.filter(
        Q(published_in__contains="trials") | Q(authors__contains="Disorders")
    )

    assert list(found) == []
    assert Citation.objects.count() == 122


def test_cancer_is_no_cause_that_therapy_helps(content, client):
    html = client.get("/conditions/back-pain/").content.decode()

    assert html.index("A tumor, cancer") < html.index('id="causes"')
    assert "ancer" not in html[html.index('id="causes"') : html.index('id="therapy"')]


@pytest.mark.parametrize("slug", ["traction", "ultrasound", "tens", "belts"])
def test_what_guidelines_advise_against_is_never_among_the_treatments(content, slug):
    treatment = Treatment.objects.get(slug=slug)
    verdicts = set(treatment.evidence.values_list("citation__slug", "verdict"))

    assert set(treatment.uses.values_list("group", flat=True)) == {"not-advised"}
    assert verdicts == {
        ("who-2023", Evidence.Verdict.NOT_RECOMMENDED),
        ("nice-2020", Evidence.Verdict.NOT_RECOMMENDED),
    }


@pytest.mark.parametrize(
    ("slug", "avoided"),
    [
        ("lumbar-spinal-stenosis", {"prone-press-up", "thoracic-extension"}),
        ("pregnancy-back-pelvic-pain", {"prone-press-up", "supine-trunk-rotation"}),
        (
            "back-surgery-rehab",
            {"prone-press-up", "knee-to-chest", "cat-cow", "supine-trunk-rotation"},
        ),
    ],
)
def test_page_shows_no_exercise_that_does_not_suit_it(content, slug, avoided):
    shown = set(Condition.objects.get(slug=slug).exercises.values_list("slug", flat=True))

    assert "bridge" in shown
    assert shown & avoided == set()


@pytest.mark.parametrize("slug", ["acupuncture", "sciatica-acupuncture"])
def test_sources_that_disagree_are_both_shown(content, slug):
    verdicts = Evidence.objects.filter(treatment__slug=slug).order_by("order")

    assert list(verdicts.values_list("citation__slug", "verdict")) == [
        ("who-2023", "may-help"),
        ("nice-2020", "not-recommended"),
    ]
