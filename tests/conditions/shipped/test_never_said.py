"""What must not stand anywhere: `never.yaml`, with the reason for each."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

TOP = Path(__file__).parents[3]
NEVER: Mapping[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "never.yaml").read_text("utf-8")
)


APPS = ["booking", "conditions", "clinic_site"]


def written() -> list[Path]:
    """Every file with words for patients: what ships, templates, drawings, scripts, what search
    knows, and all code but migrations, as any may say something.
    """
    code = [file for app in APPS for file in (TOP / app).rglob("*.py")]
    return [
        *(TOP / "fixtures").rglob("*.yaml"),
        *(TOP / "templates").rglob("*.html"),
        *(TOP / "templates").rglob("*.txt"),
        *(TOP / "static").rglob("*.svg"),
        *(TOP / "static").rglob("*.js"),
        TOP / "clinic_site/search/terms.yaml",
        *(file for file in code if "migrations" not in file.parts),
    ]


def said(files: Iterable[Path]) -> list[str]:
    """Where such words stand, whole and in any case, one line each: line ends hide none."""
    texts = {file: " ".join(file.read_text("utf-8").split()).casefold() for file in files}
    return [
        f"{file.name}: {words} ({reason})"
        for file, text in texts.items()
        for reason, phrases in NEVER.items()
        for words in phrases
        if re.search(rf"(?<!\w){re.escape(words.casefold())}(?!\w)", text)
    ]


def test_nothing_says_what_must_not_be_said():
    assert said(written()) == []


def test_words_that_must_not_stand_are_found_across_the_end_of_a_line(tmp_path):
    planted = tmp_path / "planted.yaml"
    planted.write_text("Of them, 28 in 100.\nOne sign alone is\n      often harmless.\n", "utf-8")

    assert said([planted]) == [
        "planted.yaml: one sign alone is often harmless (a sign is never talked down)"
    ]


def test_every_kind_of_file_is_read():
    kinds = {(file.relative_to(TOP).parts[0], file.suffix) for file in written()}

    assert kinds == {
        ("fixtures", ".yaml"),
        ("templates", ".html"),
        ("templates", ".txt"),
        ("static", ".svg"),
        ("static", ".js"),
        ("clinic_site", ".yaml"),
        *((app, ".py") for app in APPS),
    }
    assert len(written()) > 500
