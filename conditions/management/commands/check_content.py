"""Check the shipped content files; needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conditions import checks, fixtures


class Command(BaseCommand):
    help = "Check the shipped content: warnings, sources, links, consent, plain language."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, help="Default: all that ships.")

    def handle(self, *args: Any, **options: Any) -> None:
        top = Path(settings.FIXTURE_DIRS[0])
        records = fixtures.read(*(options["folders"] or [top / "content", top / "demo"]))
        if found := checks.problems(records):
            raise CommandError("\n".join(found))
        self.stdout.write(f"Content: {len(records)} rows checked, nothing to mend.")
