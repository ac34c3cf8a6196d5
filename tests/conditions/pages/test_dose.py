"""A dose reads as one exact sentence."""

import re
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conditions.pages.dose import Dose, sentence

NUMBERS = st.none() | st.integers(1, 120)


@st.composite
def doses(draw):
    """Any dose that the database allows."""
    hold, repetitions, duration = draw(
        st.tuples(NUMBERS, NUMBERS, NUMBERS).filter(lambda numbers: any(numbers))
    )
    most = draw(st.none() | st.integers(hold + 1, 200)) if hold else None
    measure = draw(st.sampled_from(["hold_seconds", "hold_breaths"]))
    sets, weeks = draw(NUMBERS), draw(NUMBERS)
    return Dose(
        **{measure: hold, f"{measure}_max": most},
        repetitions_min=repetitions,
        repetitions_max=draw(st.none() | st.integers(repetitions + 1, 200))
        if repetitions
        else None,
        duration_seconds=duration,
        sets=sets,
        rest_seconds=draw(NUMBERS) if sets and sets > 1 else None,
        per=draw(st.sampled_from(["", "side", "direction"])),
        times_a_day=draw(NUMBERS),
        days_a_week=draw(st.none() | st.integers(1, 7)),
        weeks=weeks,
        weeks_max=draw(st.none() | st.integers(weeks + 1, 200)) if weeks else None,
    )


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        (Dose(hold_seconds=30, per="side"), "Hold for 30 seconds on each side."),
        (
            Dose(hold_seconds=5, repetitions_min=10, per="side"),
            "Hold for 5 seconds, 10 times on each side.",
        ),
        (
            Dose(hold_seconds=5, repetitions_min=3, repetitions_max=5),
            "Hold for 5 seconds, 3 to 5 times.",
        ),
        (
            Dose(hold_seconds=5, hold_seconds_max=10, repetitions_min=3),
            "Hold for 5 to 10 seconds, 3 times.",
        ),
        (
            Dose(duration_seconds=30, per="direction"),
            "Keep going for 30 seconds in each direction.",
        ),
        (Dose(repetitions_min=1, sets=1), "Do it once, 1 set."),
        (Dose(repetitions_min=1), "Start with 1 repetition; ask us when to do more."),
        (
            Dose(repetitions_min=1, per="side"),
            "Start with 1 repetition on each side; ask us when to do more.",
        ),
        (Dose(hold_breaths=3, repetitions_min=5), "Hold for 3 breaths, 5 times."),
        (Dose(hold_breaths=1, per="side"), "Hold for 1 breath on each side."),
        (
            Dose(hold_breaths=3, hold_breaths_max=5, duration_seconds=60),
            "Hold for 3 to 5 breaths, for 60 seconds in all.",
        ),
        (
            Dose(repetitions_min=10, repetitions_max=15, sets=2, rest_seconds=60, times_a_day=1),
            "Do it 10 to 15 times, 2 sets with 60 seconds of rest between them, once a day.",
        ),
        (
            Dose(repetitions_min=8, sets=2, times_a_day=1, days_a_week=7, weeks=1),
            "Do it 8 times, 2 sets, once a day, every day, for 1 week.",
        ),
        (
            Dose(hold_seconds=1, times_a_day=3, days_a_week=1, weeks=6),
            "Hold for 1 second, 3 times a day, 1 day a week, for 6 weeks.",
        ),
        (
            Dose(hold_seconds=10, repetitions_min=3, per="side", weeks=6, weeks_max=8),
            "Hold for 10 seconds, 3 times on each side, for 6 to 8 weeks.",
        ),
    ],
)
def test_dose_reads_as_a_person_would_say_it(dose, said):
    assert sentence(dose) == said


@given(doses())
def test_dose_is_one_sentence_with_every_number_and_no_other(dose):
    said = sentence(dose)
    numbers = [n for n in asdict(dose).values() if isinstance(n, int)]
    spoken = re.sub(r"\bonce\b", "1", said).replace("every day", "7")

    assert re.fullmatch(r"[A-Z][^.]*\.", said)
    assert "None" not in said
    assert sorted(int(n) for n in re.findall(r"\d+", spoken)) == sorted(numbers)


@given(doses())
def test_each_side_is_said_only_when_it_is_so(dose):
    said = sentence(dose)

    assert ("each side" in said) == (dose.per == "side")
    assert ("each direction" in said) == (dose.per == "direction")


@given(doses())
def test_one_is_singular_and_more_are_plural(dose):
    said = sentence(dose)

    assert re.findall(r"\b1 (?:seconds|breaths|times|sets|days|weeks)\b", said) == []
    assert re.findall(r"\b(?!1 )\d+ (?:second|breath|set|day|week)\b", said) == []


@given(doses(), doses())
def test_two_doses_that_differ_never_read_the_same(one, other):
    assert (sentence(one) == sentence(other)) == (one == other)


def test_a_dose_of_nothing_is_refused():
    with pytest.raises(ValueError, match="repetitions, a duration or a hold"):
        sentence(Dose(sets=3, weeks=6))
