"""Let go what a restore has held."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from booking.models import OutgoingEmail


class Command(BaseCommand):
    help = (
        "Sends the e-mail that was owed when the restored backup was made, as far as it is still"
        " true. Some of it may have left after the backup: those people get it twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many there are.")

    def handle(self, *, dry_run: bool, **options: object) -> None:
        if dry_run:
            count = OutgoingEmail.objects.waiting_to_be_told().count()
            self.stdout.write(f"E-mails held since the restore: {count}")
        else:
            count = OutgoingEmail.objects.let_go(timezone.now())
            self.stdout.write(f"E-mails that the worker sends now, or drops: {count}")
