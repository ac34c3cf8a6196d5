"""Every exercise that a page shows says what its source says of it, there and on paper."""

import re
from html import unescape

import pytest

from conditions.models import ConditionExercise, Exercise
from conditions.pages import uses
from tests.conditions.shipped.cards import CARD, TOWARD_THE_BACK

CLEARED = "Before surgery, if the pain allows. After it, only once your surgeon has cleared you."
FEET_DOWN = "Change the steps: keep both feet on the floor, and slide one heel out and back."
CAUTIONS = {
    ("back-surgery-rehab", "bridge"): CLEARED,
    ("back-surgery-rehab", "dead-bug"): f"{FEET_DOWN} {CLEARED}",
    ("back-surgery-rehab", "pelvic-tilt"): CLEARED,
    ("back-surgery-rehab", "sit-to-stand"): CLEARED,
    ("disc-problems", "piriformis-stretch"): "Be gentle.",
    ("disc-problems", "prone-press-up"): TOWARD_THE_BACK,
    ("disc-problems", "sciatic-nerve-glide"): "Only if you feel it in your leg.",
    ("lumbar-spinal-stenosis", "bridge"): "Change the steps: lift your hips only a little.",
    ("lumbar-spinal-stenosis", "cat-cow"): (
        "Change the steps: do the rounding half alone. Come back to a level back, and do not let "
        "your belly sink."
    ),
    ("lumbar-spinal-stenosis", "dead-bug"): FEET_DOWN,
    ("lumbar-spinal-stenosis", "seated-rotation"): "Turn only a little.",
    ("pregnancy-back-pelvic-pain", "bird-dog"): (
        "Change the steps: slide the leg alone. Leave your toes and both hands on the floor."
    ),
    ("pregnancy-back-pelvic-pain", "bridge"): "Do it for a short time only.",
    ("pregnancy-back-pelvic-pain", "pelvic-tilt"): (
        "Late in pregnancy, change the steps: do it standing at a wall, or on your hands and knees."
    ),
    ("pregnancy-back-pelvic-pain", "seated-rotation"): "Keep the turn small.",
    ("sciatica", "piriformis-stretch"): "Be gentle.",
    ("sciatica", "prone-press-up"): TOWARD_THE_BACK,
    ("scoliosis", "side-plank-knees"): "Do both sides. Your therapist may choose one.",
    ("scoliosis", "thoracic-extension"): "For adults only.",
}
# Whose steps, as the card shows them, are not what the condition allows.
ADAPTED = {
    ("back-surgery-rehab", "dead-bug"),
    ("lumbar-spinal-stenosis", "bridge"),
    ("lumbar-spinal-stenosis", "cat-cow"),
    ("lumbar-spinal-stenosis", "dead-bug"),
    ("pregnancy-back-pelvic-pain", "bird-dog"),
    ("pregnancy-back-pelvic-pain", "pelvic-tilt"),
}
STRAIN = ["bird-dog", "dead-bug", "bridge", "side-plank-knees", "sit-to-stand"]
LATER = {
    "back-strain-sports-injury": ("Later", STRAIN),
    "back-surgery-rehab": ("Later, when cleared", ["bird-dog", "side-plank-knees"]),
    "disc-problems": ("Later", ["piriformis-stretch", "supine-trunk-rotation"]),
}
# All that the source of each gives; what it leaves open stays empty.
DOSES = {
    "bird-dog": "Hold for 5 seconds, 10 times on each side.",
    "bridge": "Start with 1 repetition; ask us when to do more.",
    "cat-cow": "Start with 1 repetition; ask us when to do more.",
    "dead-bug": "Start with 1 repetition on each side; ask us when to do more.",
    "knee-to-chest": "Hold for 5 seconds, 1 to 5 times on each side, for 6 to 8 weeks.",
    "pelvic-tilt": "Hold for 5 seconds, 5 times, for 6 to 8 weeks.",
    "piriformis-stretch": "Hold for 30 seconds on each side.",
    "prone-press-up": "Hold for 1 to 2 seconds, once.",
    "sciatic-nerve-glide": "Start with 1 repetition; ask us when to do more.",
    "seated-rotation": "Hold for 5 seconds, 5 times on each side.",
    "shoulder-blade-squeeze": "Hold for 5 to 10 seconds, 3 times.",
    "shoulder-roll": "Keep going for 30 seconds in each direction.",
    "side-plank-knees": "Start with 1 repetition on each side; ask us when to do more.",
    "sit-to-stand": "Do it 1 to 10 times, 3 days a week.",
    "supine-trunk-rotation": "Hold for 10 seconds, 3 times on each side, for 6 to 8 weeks.",
    "thoracic-extension": "Hold for 5 seconds, 3 to 5 times.",
}


def told(client, path, slug):
    """The dose and what stands with it, on the card of one exercise."""
    html = client.get(path, follow=True).content.decode()
    (card,) = [
        one
        for one in CARD.findall(html)
        if f'href="/exercises/{slug}/"' in one or f'id="{slug}"' in one
    ]
    (dose,) = re.findall(r'<p class="dose">(.*?)</p>', card, re.DOTALL)
    return unescape(" ".join(dose.split()))


def page(pair):
    return f"/conditions/{pair[0]}/"


def sheet(pair):
    return f"/exercises/program/?exercise={pair[1]}&for={pair[0]}"


def pairs():
    return ConditionExercise.objects.select_related("condition").order_by("slug")


def test_every_exercise_has_all_the_dose_that_its_source_gives(content):
    found = {row.slug: uses.instruction(row) for row in Exercise.objects.all()}

    assert found == DOSES


def counted(words):
    """What a text counts of a dose: how long to hold, how many times, how many days and weeks."""
    return re.findall(r"\d+(?: (?:to|or) \d+)? (?:seconds|breaths|times|days a week|weeks)", words)


def test_a_note_beside_a_dose_counts_nothing_that_the_dose_does_not(content):
    rows = Exercise.objects.all()
    found = {row.slug: {*counted(row.dose_note)} - {*counted(DOSES[row.slug])} for row in rows}

    assert {slug: more for slug, more in found.items() if more} == {}
    assert counted("Hold for 5 to 10 seconds, 2 or 3 times, for 6 weeks.") == [
        "5 to 10 seconds",
        "2 or 3 times",
        "6 weeks",
    ]


def test_every_caution_that_a_source_gives_ships(content):
    found = {(use.condition.slug, use.exercise.slug): use.caution for use in pairs() if use.caution}

    assert found == CAUTIONS


def test_a_caution_that_goes_against_the_steps_says_to_change_them(content):
    found = {
        (use.condition.slug, use.exercise.slug)
        for use in pairs()
        if "change the steps:" in use.caution.casefold()
    }

    assert found == ADAPTED


@pytest.mark.parametrize("where", [page, sheet])
def test_every_caution_stands_on_page_and_sheet(content, client, where):
    missing = [
        pair
        for pair, caution in CAUTIONS.items()
        if caution not in told(client, where(pair), pair[1])
    ]

    assert missing == []


@pytest.mark.parametrize("where", [page, sheet])
def test_every_pair_shows_the_dose_of_its_use_on_page_and_sheet(content, client, where):
    shipped = {(use.condition.slug, use.exercise.slug): use for use in pairs()}
    missing = [
        pair
        for pair, use in shipped.items()
        if not told(client, where(pair), pair[1]).endswith(uses.instruction(use))
    ]

    assert (len(shipped), missing) == (74, [])


def test_every_sheet_says_what_to_know_of_a_dose(content, client):
    rows = Exercise.objects.exclude(dose_note="")
    sheets = {row.slug: client.get(f"/exercises/program/?exercise={row.slug}") for row in rows}
    said = {slug: unescape(sheet.content.decode()) for slug, sheet in sheets.items()}

    assert len(said) == 11
    assert [row.slug for row in rows if uses.note(row) not in said[row.slug]] == []


def test_what_is_for_later_is_said_on_page_and_sheet(content, client):
    later = [use for use in pairs().order_by("order") if use.is_later]
    found = {use.condition.slug: (str(use.get_phase_display()), []) for use in later}
    for use in later:
        found[use.condition.slug][1].append(use.exercise.slug)

    assert found == LATER
    for slug, (label, names) in LATER.items():
        html = client.get(f"/conditions/{slug}/").content.decode()
        cards = re.findall(
            r'<h4><a href="/exercises/([\w-]+)/">', html.split(f"<h3>{label}</h3>")[1]
        )
        said = [told(client, sheet((slug, name)), name).partition(":")[0] for name in names]
        assert (cards, said) == (names, [label] * len(names))
