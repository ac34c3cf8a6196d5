"""`manage.py restore FILE`: a backup into an empty place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from booking.records import erased
from clinic_site.backups import archives, restoring, scratch
from clinic_site.backups.refusals import reason
from clinic_site.backups.sealing import Unreadable

LOOK = (
    "Erase, disable and reset what was since the backup and is on no list (docs/backup.md), then"
    " say `manage.py restore_checked`: `/readyz` reminds you until then."
)


class Command(BaseCommand):
    help = (
        "Put a backup into an empty database and VAR_DIR, checked. Mail that was owed is held until"
        " `send_held_mail`: some of it may have left after the backup. Whoever was erased since"
        " then is erased once more, by the list beside the backup."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--key", type=Path, help="The file with the private key.")

    def handle(self, *, file: Path, key: Path | None, **options: object) -> None:
        try:
            self.since = erasures(file)
            done = self.restore(file, key.read_text() if key else "")
        except Unreadable as error:
            raise CommandError(f"{file} was not restored. {error}") from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"{file} was not restored. {reason(error)}") from error
        self.stdout.write(
            f"Restored and checked: {done.tables} tables, {done.rows} rows, {done.files} uploads."
            f" Rows erased once more: {done.erased}, by lists of {len(self.since)} erasures."
            f" {LOOK}"
            f" E-mails held: {done.held}. `manage.py send_held_mail` lets them go."
        )

    def restore(self, file: Path, key: str) -> restoring.Restored:
        restoring.check_empty()  # before minutes of unpacking
        with scratch.folder(settings.VAR_DIR, "restore") as unpacked:
            manifest = archives.extract(file, key, unpacked)
            return restoring.restore(manifest, unpacked, timezone.now(), self.since)


def erasures(file: Path) -> list[dict[str, Any]]:
    """Those that the lists beside the backup and in BACKUP_DIR name. Raises Unreadable, OSError."""
    folders = {file.resolve().parent, settings.BACKUP_DIR.resolve()}
    try:
        return [entry for folder in folders for entry in erased.read(folder)]
    except ValueError as error:
        raise Unreadable(f"The list of who was erased is damaged: {erased.FILE}.") from error
