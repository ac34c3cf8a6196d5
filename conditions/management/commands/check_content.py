"""Check the shipped content files; needs a database only for `--fail-overdue`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conditions.review import checks
from conditions.review.overdue import overdue_reviews
from conditions.shipped import fixtures


class Command(BaseCommand):
    help = "Check the shipped content: warnings, sources, links, consent, plain language."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, help="Default: all that ships.")
        parser.add_argument(
            "--fail-overdue",
            action="store_true",
            help="Fail as well if a review of the clinic's own content is overdue.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        top = Path(settings.FIXTURE_DIRS[0])
        records = fixtures.read(*(options["folders"] or [top / "content", top / "demo"]))
        found = checks.problems(records)
        if options["fail_overdue"]:
            found += [
                f"{row.kind} {row.known_as}: its review was due on {row.due}"
                for row in overdue_reviews(timezone.localdate())
            ]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"Content: {len(records)} rows checked, nothing to mend.")
