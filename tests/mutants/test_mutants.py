"""What the mutation tester is told and what it finds, as its command reads them."""

import tomllib
from pathlib import Path

import pytest

from tests.mutants import survivors
from tests.mutants.mistakes import is_made
from tests.mutants.survivors import Judgement, Mistake

TOP = Path(__file__).parents[2]
TABLE = tomllib.loads(Path(__file__).with_name("modules.toml").read_text())
CORE = ["calendars/*.py", "visits/*.py", "earlier/*.py", "messages/outbox.py", "transactions.py"]
CORE += ["contacts.py", "models/told.py", "models/folded.py"]
DIFF = """--- mutation diff ---
--- a/booking/a.py
+++ b/booking/a.py
@@ -1,2 +1,2 @@
 def earlier(one, other):
-    return one < other
+    return one <= other
"""
LATER = Mistake("booking/a.py", "return one < other", "return one <= other")
REASON = """[[survivor]]
module = "booking/a.py"
old = "return one < other"
new = "return one <= other"
reason = "They are never the same."
"""
SOURCE = "def find(row: int | None) -> int | None:\n    return row | 1\n"


def test_the_table_has_every_module_of_the_core_and_tests_that_there_are():
    paths = [path for pattern in CORE for path in (TOP / "booking").glob(pattern)]
    modules = [str(path.relative_to(TOP)) for path in paths if path.read_text().strip()]

    assert sorted(TABLE) == sorted([*modules, "booking/constraints.py"])
    tests = {name for row in TABLE.values() for name in row["tests"]}
    assert [name for name in sorted(tests) if not (TOP / name).exists()] == []


def test_every_reason_is_for_a_line_that_is_there():
    known = survivors.reasons(survivors.REASONS.read_text())
    sources = {name: " ".join((TOP / name).read_text().split()) for name in TABLE}

    assert [mistake for mistake in known if mistake.old not in sources[mistake.module]] == []


def test_a_mistake_is_known_by_its_lines_wherever_they_stand():
    assert survivors.of_diff("booking/a.py", DIFF) == LATER


def test_a_survivor_without_a_reason_is_named_and_a_reason_without_a_survivor():
    known = survivors.reasons(REASON)

    assert known == {LATER: "They are never the same."}
    assert survivors.judge([LATER], known, ["booking/a.py"]) == Judgement([], [])
    assert survivors.judge([LATER], {}, ["booking/a.py"]) == Judgement([LATER], [])
    assert survivors.judge([], known, ["booking/a.py"]) == Judgement([], [LATER])
    assert survivors.judge([], known, ["booking/b.py"]) == Judgement([], [])


def test_a_reason_says_something():
    with pytest.raises(ValueError, match="no reason is given for return one <= other"):
        survivors.reasons(REASON.replace("They are never the same.", " "))


@pytest.mark.parametrize(
    ("operator", "at", "made"),
    [
        ("core/ReplaceBinaryOperator_BitOr_BitAnd", (2, 15), True),
        ("core/ReplaceBinaryOperator_BitOr_BitAnd", (1, 18), False),
        ("core/ReplaceBinaryOperator_BitOr_BitAnd", (1, 34), False),
        ("core/ReplaceBinaryOperator_BitOr_Pow", (2, 15), False),
        ("core/NumberReplacer", (2, 17), True),
    ],
)
def test_mistakes_are_those_that_people_make_and_none_is_made_in_an_annotation(operator, at, made):
    assert is_made(operator, at, SOURCE) == made
