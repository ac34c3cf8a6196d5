"""docs/asvs.md: each row has a test that is there, or says why not."""

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PAGE = (TOP / "docs/asvs.md").read_text()
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| (.+?) \| (.*?) ?\|")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
WHY_NOT = re.compile(r"does not apply: .+")
# How many rows of level 1 and 2 each section of ASVS 5.0.0 has.
SECTIONS = {"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4}
SECTIONS |= {"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2}
SECTIONS |= {"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "14.1": 2, "14.2": 4, "14.3": 3}
SECTIONS |= {"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3}


def rows(page):
    return ROW.findall(page)


def names_in(path):
    file = TOP / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def faults(page):
    """Rows that say nothing, and tests that are not there."""
    for number, _asks, shown in rows(page):
        named = TEST.findall(shown)
        if not named and not WHY_NOT.match(shown):
            yield f"{number} says nothing"
        for path, name in named:
            if name not in names_in(path):
                yield f"{number}: no {path}::{name}"


def test_every_row_names_a_test_that_is_there_or_says_why_not():
    assert list(faults(PAGE)) == []


def test_every_row_of_the_five_chapters_is_there_once():
    numbers = [number for number, _asks, _shown in rows(PAGE)]
    counts = {}
    for number in numbers:
        section = number.rpartition(".")[0]
        counts[section] = counts.get(section, 0) + 1

    assert counts == SECTIONS
    assert len(numbers) == len(set(numbers)) == 85


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("", ["6.2.1 says nothing"]),
        ("soon", ["6.2.1 says nothing"]),
        ("`tests/test_asvs.py::test_x`", ["6.2.1: no tests/test_asvs.py::test_x"]),
        ("`tests/no.py::test_x`", ["6.2.1: no tests/no.py::test_x"]),
        ("open: not yet", ["6.2.1 says nothing"]),
        ("does not apply: there are none", []),
    ],
)
def test_a_row_that_shows_nothing_is_found(shown, found):
    assert list(faults(f"| 6.2.1 | Long passwords | {shown} |")) == found
