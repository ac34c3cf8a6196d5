"""The folder of backups: what its files are called, and which of them are kept."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

NAME = re.compile(r"clinic-(\d{8}T\d{6}Z)\.backup(\.age)?")
FORM = "%Y%m%dT%H%M%SZ"
# Of how many days, weeks and months the last backup is kept: of those that have one.
KEPT = [("%Y-%m-%d", 7), ("%G-%V", 5), ("%Y-%m", 12)]


def named(made_at: datetime, *, encrypted: bool) -> str:
    """What a backup of that moment is called, in UTC."""
    return f"clinic-{made_at.astimezone(UTC):{FORM}}.backup{'.age' if encrypted else ''}"


def moment(name: str) -> datetime | None:
    """When a file was made, by its name; None of a file that is none of ours."""
    found = NAME.fullmatch(name)
    return datetime.strptime(found[1], FORM).replace(tzinfo=UTC) if found else None


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Which backups stay: the last of each of 7 days, 5 weeks and 12 months (UTC)."""
    chosen: set[datetime] = set()
    ordered = sorted(moments)
    for form, count in KEPT:
        last = {each.strftime(form): each for each in ordered}
        chosen.update(sorted(last.values())[-count:])
    return chosen


def thin_out(folder: Path) -> list[str]:
    """Remove what is not kept; returns the names. Files that are none of ours stay."""
    found = {path: made_at for path in folder.iterdir() if (made_at := moment(path.name))}
    keep = kept(found.values())
    gone = sorted(path for path, made_at in found.items() if made_at not in keep)
    for path in gone:
        path.unlink()
    return [path.name for path in gone]
