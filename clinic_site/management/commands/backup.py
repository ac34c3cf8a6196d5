"""`manage.py backup`: everything that cannot be made anew, in one file."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from booking.models import LastDone, last_done
from booking.records import erased
from clinic_site.backups import making, shelf
from clinic_site.backups.refusals import reason

NO_KEY = (
    "Set BACKUP_PUBLIC_KEY: without it patients' data would lie in the open."
    " docs/backup.md says how to make one."
)
IN_THE_OPEN = "There is no BACKUP_PUBLIC_KEY: anybody who has this file can read it."


class Command(BaseCommand):
    help = (
        "Write database, uploads and settings to one encrypted file, while the site goes on;"
        " in BACKUP_DIR unless FILE is given, where older ones are thinned out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")

    def handle(self, *, file: Path | None, **options: object) -> None:
        key = settings.BACKUP_PUBLIC_KEY
        if not (key or settings.DEMO):
            raise CommandError(NO_KEY)
        now = timezone.now()
        target = file or settings.BACKUP_DIR / shelf.named(now, encrypted=bool(key))
        if target.exists():
            raise CommandError(f"{target} is there already.")
        try:
            making.make(target, key, now)
            erased.write(target.parent, now)
            LastDone.objects.note(last_done.BACKUP, timezone.now())
            gone = [] if file else shelf.thin_out(settings.BACKUP_DIR)
        except (OSError, DatabaseError) as error:
            raise CommandError(f"No backup was made: {reason(error)}") from error
        if not key:
            self.stderr.write(IN_THE_OPEN)
        thinned = f" Thinned out: {len(gone)}." if gone else ""
        self.stdout.write(f"Backup: {target}, {target.stat().st_size} bytes.{thinned}")
