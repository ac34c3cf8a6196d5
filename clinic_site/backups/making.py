"""A backup: database, uploads and settings at one moment, in one file."""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from clinic_site.backups import scratch, written_settings
from clinic_site.backups.archives import Archive
from clinic_site.backups.sealing import enclosed, sealed
from clinic_site.backups.snapshots import add_database

UPLOADS = "uploads"


def make(file: Path, public_key: str, now: datetime) -> None:
    """Write a backup to `file`, whole or not at all; in the open where the key is "".

    Raises OSError, DatabaseError.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with scratch.folder(file.parent, "making") as beside:
        with (
            sealed(beside / file.name, public_key) as target,
            Archive(target, {"made_at": now.isoformat()}) as archive,
        ):
            _fill(archive, public_key)
        os.replace(beside / file.name, file)
    _on_disk(file.parent)


def _fill(archive: Archive, public_key: str) -> None:
    _add_settings(archive, public_key)
    with scratch.folder(settings.VAR_DIR, "backup") as place:
        add_database(archive, place)
    # After the database: a picture's file is there before its row.
    _add_uploads(archive, Path(settings.MEDIA_ROOT))


def _add_settings(archive: Archive, public_key: str) -> None:
    """Secrets go into their envelope or, without a key to close it, nowhere."""
    plain, secrets = written_settings.read()
    archive.add_json(written_settings.PLAIN, plain)
    if public_key:
        content = enclosed(written_settings.as_bytes(secrets), public_key)
        archive.add_bytes(written_settings.ENVELOPE, content)


def _add_uploads(archive: Archive, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                file = path.open("rb")
            except FileNotFoundError:  # staff took the picture away meanwhile
                continue
            with file:
                archive.add(f"{UPLOADS}/{path.relative_to(folder).as_posix()}", file)


def _on_disk(folder: Path) -> None:
    """Have the disk hold the new name too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
