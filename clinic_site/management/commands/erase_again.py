"""`manage.py erase_again`: whom a database taken back to an earlier moment brought back."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from booking.records import erased


class Command(BaseCommand):
    help = (
        "Erase once more whom the list in BACKUP_DIR names. `restore` does it by itself; run this"
        " where PostgreSQL was taken back to an earlier moment."
    )

    def handle(self, **options: Any) -> None:
        try:
            count = erased.again(erased.read(settings.BACKUP_DIR))
        except (OSError, ValueError) as error:
            raise CommandError(f"The list cannot be read: {type(error).__name__}") from error
        self.stdout.write(f"Rows erased once more: {count}.")
