"""Erase what has been kept of patients for long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from booking.models import LastDone, last_done
from booking.records import purging


class Command(BaseCommand):
    help = (
        "Erases for good, in batches, what has been kept for as long as the page 'How long we keep"
        " it' says. Look first: --dry-run counts. Stopped or run twice, it does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count.")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        found = purging.count(now) if dry_run else purging.purge(now)
        if not dry_run:
            LastDone.objects.note(last_done.PURGE, timezone.now())
        for label, number in found.items():
            self.stdout.write(f"{label}: {number}")
        said = "That would be erased." if dry_run else "That was erased."
        self.stdout.write(said if any(found.values()) else "Nothing has been kept for too long.")
