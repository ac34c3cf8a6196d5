"""Flesch-Kincaid grades, sentences and paragraphs."""

import pytest

from conditions.review import readability


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("pain", 1), ("back", 1), ("bone", 1), ("bones", 1), ("braces", 2), ("pulled", 1),
        ("lifted", 2), ("muscle", 2), ("muscles", 2), ("exercise", 3), ("exercises", 4),
        ("therapist", 3), ("physical", 3), ("therapy", 3), ("emergency", 4), ("movement", 2),
        ("doing", 2), ("serious", 3), ("patient", 2), ("area", 3), ("people", 2), ("10", 1),
        ("well-being", 3), ("clinic’s", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word, count):
    assert readability.syllables(word) == count


def test_sentences_end_at_stops_paragraphs_and_list_items():
    text = (
        "Call us (at any time). Is it “bad”? Yes!\nAnd so on\n\nNew one:\n\n- a leg\n- e.g. an arm"
    )

    assert readability.sentences(text) == [
        "Call us (at any time).",
        "Is it “bad”?",
        "Yes!",
        "And so on",
        "New one:",
        "- a leg",
        "- e.g. an arm",
    ]
    assert len(readability.paragraphs(text)) == 4


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("", 0.0),
        ("The cat sat on the mat.", -1.45),
        ("Physical therapists evaluate complicated musculoskeletal conditions.", 31.98),
    ],
)
def test_grade_is_flesch_kincaid(text, grade):
    assert readability.grade(text) == pytest.approx(grade, abs=0.05)
