"""What became of each day, kept in `var/days/` so that a run can go on where it was broken off."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "var" / "days"


@dataclass(frozen=True)
class Result:
    """One day's run: whether every test passed, pytest's last line, and the commit it ran on."""

    green: bool
    said: str
    commit: str


def read() -> dict[str, Result]:
    """The days that have run to their end, by name."""
    file = FOLDER / "results.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    return {name: Result(**values) for name, values in kept.items()}


def keep(name: str, result: Result) -> None:
    write(read() | {name: result})


def to_do(names: Iterable[str]) -> list[str]:
    """The days that are not green yet. Where all are, a new round begins with all of them."""
    results = read()
    rest = [name for name in names if name not in results or not results[name].green]
    if not rest:
        write({})
    return rest or list(names)


def write(results: dict[str, Result]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = {name: asdict(result) for name, result in results.items()}
    (FOLDER / "results.json").write_text(json.dumps(rows, indent=2))
