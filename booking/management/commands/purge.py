"""Erase what has been kept of patients for long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from booking.records import purging


class Command(BaseCommand):
    help = (
        "Counts what has been kept for as long as the page 'How long we keep it' says; with --yes"
        " it is erased for good, in batches. Stopped or run twice, it does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--yes", action="store_true", help="Erase it.")
        which.add_argument("--dry-run", action="store_true", help="Only count: so without --yes.")

    def handle(self, *, yes: bool, **options: Any) -> None:
        now = timezone.now()
        found = purging.purge(now) if yes else purging.count(now)
        for label, number in found.items():
            self.stdout.write(f"{label}: {number}")
        said = "That was erased." if yes else "Nothing was erased: purge --yes erases this."
        self.stdout.write(said if any(found.values()) else "Nothing has been kept for too long.")
