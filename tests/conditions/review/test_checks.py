"""What ships is checked, and each check finds what it is for."""

from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from conditions.review import checks
from conditions.shipped import fixtures
from conditions.shipped.fixtures import Record

LINE = Record(
    "urgencyline",
    "line",
    {"slug": "line", "level": "emergency", "state": "example", "text": "a leg is getting weaker"},
)
SOURCE = Record("citation", "who", {"slug": "who"})
PAIN = Record(
    "condition",
    "pain",
    {"slug": "pain", "state": "example", "areas": [["knee"]], "about": "It hurts."},
)
KNEE = Record("bodyarea", "knee", {"slug": "knee", "title": "Knee", "lead": "knee pain"})
HIP = Record("bodyarea", "hip", {"slug": "hip", "title": "Hip", "lead": "hip pain"})
ALL = [KNEE, LINE, SOURCE, PAIN]


def row(name, slug="x", **fields):
    return Record(name, slug, {"slug": slug} | fields)


def about(text, **fields):
    return [KNEE, LINE, SOURCE, Record("condition", "pain", PAIN.fields | {"about": text} | fields)]


@pytest.fixture
def shipped(settings):
    top = Path(settings.FIXTURE_DIRS[0])
    return fixtures.read(top / "content", top / "demo")


def test_what_ships_has_nothing_to_mend(shipped):
    assert checks.problems(shipped) == []
    assert {"condition", "article", "exercise", "page"} <= {record.name for record in shipped}


def test_a_fault_in_any_shipped_page_is_found(shipped):
    kinds = ["condition", "article", "exercise", "page"]
    pages = [record for record in shipped if record.name in kinds]
    rest = [record for record in shipped if record not in pages]
    gone = {"summary": "See [this](/gone/)."}
    planted = [Record(page.name, page.slug, page.fields | gone) for page in pages]

    assert {problem.partition(":")[0] for problem in checks.problems([*planted, *rest])} == {
        f"{page.name} {page.slug}" for page in pages
    }
    assert len(pages) == 40


def test_rows_without_a_fault_pass():
    assert checks.problems(ALL) == []


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [row("urgencyline", level="emergency", state="draft", text="a leg is weak")],
        [row("urgencyline", level="urgent", state="example", text="you have a fever")],
        [
            row("urgencyline", level="emergency", state="example", condition=["other"]),
            row("condition", "other", state="draft"),
        ],
        [row("urgencyline", level="emergency", state="example", areas=[["hip"]]), HIP],
    ],
)
def test_published_condition_without_an_emergency_line_is_found(lines):
    assert checks.problems([KNEE, PAIN, *lines]) == [
        "condition pain: published without an emergency line"
    ]


@pytest.mark.parametrize("owner", [{}, {"areas": [["hip"], ["knee"]]}, {"condition": ["pain"]}])
def test_an_emergency_line_of_any_owner_warns(owner):
    line = row("urgencyline", level="emergency", state="example", **owner)

    assert checks.problems([KNEE, HIP, PAIN, line]) == []


def test_a_line_of_areas_and_of_a_condition_is_found():
    both = row("urgencyline", "both", level="urgent", areas=[["knee"]], condition=["pain"])

    assert checks.problems([*ALL, both]) == [
        "urgencyline both: names body areas and a condition, but belongs to one or the other"
    ]


@pytest.mark.parametrize(
    ("state", "found"),
    [("draft", []), ("example", ["condition pain: published without a body area"])],
)
def test_a_published_condition_without_an_area_is_found(state, found):
    page = row("condition", "pain", state=state, about="It hurts.")

    assert checks.problems([LINE, page]) == found


@pytest.mark.parametrize(
    "text",
    [
        "Of them 84% had pain.",
        "About 8 in 10 feel it.",
        "It struck 619 million.",
        "It asked 113 adults.",
        "The odds were 2.24.",
    ],
)
def test_number_from_a_study_without_a_source_is_found(text):
    found = checks.problems(about(f"It hurts [@who]. {text}"))

    assert found == [f"condition pain: about has a number without a source: {text}"]
    assert checks.problems(about(f"It hurts. {text[:-1]} [@who].")) == []


def test_everyday_number_needs_no_source():
    text = "Walk for 10 minutes, 3 times a day.\nThe visit lasts about 45 minutes."

    assert checks.problems(about(text)) == []


def test_source_that_does_not_exist_is_found():
    assert checks.problems(about("It hurts [@nobody].")) == [
        "condition pain: about cites nobody, which does not exist"
    ]


def test_hard_words_are_found():
    text = "Multidisciplinary rehabilitation necessitates comprehensive evaluation. " * 3
    text += "\n\n" + "Musculoskeletal physiotherapy ameliorates functional limitation. " * 3
    (found,) = checks.problems(about(text + "\n\n" + "Individualised evaluation. " * 3))

    assert found.startswith("condition pain: reading grade ")


def test_hard_words_in_a_part_count_for_its_page():
    text = "Multidisciplinary rehabilitation necessitates comprehensive evaluation. " * 3
    parts = [row("cause", str(n), condition=["pain"], group="common", text=text) for n in range(3)]

    assert [line.split(":")[0] for line in checks.problems([*ALL, *parts])] == ["condition pain"]


def test_sentence_of_more_than_twenty_words_is_found():
    words = " ".join(["go"] * 20)

    assert checks.problems(about(f"{words}.")) == []
    assert checks.problems(about(f"{words} on.")) == [
        f"condition pain: about has a sentence of 21 words: {words} on."
    ]


def test_paragraph_of_more_than_three_sentences_is_found():
    assert checks.problems(about("Go on. Go on. Go on.\n\nGo on. Go on.\n\n- Go.\n- On.")) == []
    assert checks.problems(about("Go on. Go on.\nGo on. Go on.")) == [
        "condition pain: about has a paragraph of 4 sentences: Go on. Go on. Go on. Go on."
    ]


@pytest.mark.parametrize("target", ["/conditions/nowhere/", "/conditions/idea/", "/costs/#top"])
def test_dead_link_is_found(target):
    draft = row("condition", "idea", state="draft")
    path = target.partition("#")[0]

    assert checks.problems([*about(f"See [this]({target})."), draft]) == [
        f"condition pain: about links to {path}, which is not public"
    ]


def test_living_links_pass():
    links = "[a](/conditions/pain/) [b](/book/?for=pain) [c](/services/#x) [d](https://who.int/)"
    page = row("page", "services", state="example")

    assert checks.problems([*about(f"See {links}."), page]) == []


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"tips": [["walk"]]}, "tips names walk"),
        ({"author": ["nobody"]}, "author names nobody"),
    ],
)
def test_reference_to_a_row_that_does_not_ship_is_found(fields, what):
    assert checks.problems(about("It hurts.", **fields)) == [
        f"condition pain: {what}, which does not exist"
    ]


def test_exercises_listed_without_an_order_and_words_are_found():
    bridge = row("exercise", "bridge", state="example")

    assert checks.problems([*about("It hurts.", exercises=[["bridge"]]), bridge]) == [
        "condition pain: exercises stand in rows of their own"
    ]


def test_exercise_at_the_address_of_another_page_is_found():
    assert checks.problems([*ALL, row("exercise", "programs", state="example")]) == []
    assert checks.problems([*ALL, row("exercise", "program", state="draft")]) == [
        "exercise program: another page has the address /exercises/program/"
    ]


def test_story_whose_consent_was_withdrawn_is_found():
    story = {"condition": ["pain"], "text": "Good.", "withdrawn_on": "2026-01-02"}

    assert checks.problems([*ALL, row("testimonial", state="draft", **story)]) == []
    assert checks.problems([*ALL, row("testimonial", state="example", **story)]) == [
        "testimonial x: shown though consent was withdrawn"
    ]


def test_content_that_ships_as_approved_is_found():
    assert checks.problems(about("It hurts.", state="approved")) == [
        "condition pain: shipped as approved, but only a clinician of the clinic's may approve"
    ]


def test_command_passes_what_ships_without_a_database(capsys):
    call_command("check_content")

    assert "nothing to mend" in capsys.readouterr().out


def test_command_fails_on_a_planted_fault(tmp_path):
    rows = [{"model": "conditions.condition", "fields": PAIN.fields}]
    (tmp_path / "bad.yaml").write_text(yaml.safe_dump(rows))

    with pytest.raises(CommandError, match="published without an emergency line"):
        call_command("check_content", tmp_path)
