"""`manage.py restore_drill`: whether a backup can be restored, tried out."""

from argparse import ArgumentParser
from pathlib import Path

import pyrage
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from booking.models import LastDone, last_done
from clinic_site.backups import drill, making
from clinic_site.backups.refusals import reason


class Command(BaseCommand):
    help = (
        "Restore a backup into a scratch place, check it as `restore` does, and write down the"
        " date. Without FILE it makes a backup of its own, for a key of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument("--key", type=Path, help="The file with the private key of FILE.")

    def handle(self, *, file: Path | None, key: Path | None, **options: object) -> None:
        try:
            with drill.scratch() as (place, environment):
                if file is None:
                    file, key = own_backup(place)
                keys = ["--key", str(key.resolve())] if key else []
                done = drill.manage(environment, "restore", str(file.resolve()), *keys)
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The drill could not begin: {reason(error)}") from error
        if done.returncode:
            raise CommandError(f"The drill FAILED: {done.stderr.strip()}")
        now = timezone.now()
        LastDone.objects.note(last_done.RESTORE_DRILL, now)
        self.stdout.write(
            f"{done.stdout.strip()}\nThe drill of {now:%Y-%m-%d %H:%M} UTC went well."
        )


def own_backup(place: Path) -> tuple[Path, Path]:
    """A backup and the file of its private key, which nobody needs afterwards."""
    identity = pyrage.x25519.Identity.generate()
    file, key = place / "drill.backup.age", place / "key.txt"
    making.make(file, str(identity.to_public()), timezone.now())
    key.touch(mode=0o600)
    key.write_text(str(identity))
    return file, key
