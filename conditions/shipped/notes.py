"""Notes on the shipped texts: what a clinician confirms, beside sentences without a source."""

from pathlib import Path
from typing import NamedTuple

import yaml
from django.conf import settings

from conditions.shipped.fixtures import LOADER


class Note(NamedTuple):
    """One note, and the slugs of the rows that it is about, by the name of their model."""

    text: str
    slugs: dict[str, list[str]]


def read() -> list[Note]:
    """All notes, in the order of the file."""
    path = Path(settings.FIXTURE_DIRS[0]) / "to-confirm.yaml"
    found = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return [Note(each.pop("note"), each) for each in found]
