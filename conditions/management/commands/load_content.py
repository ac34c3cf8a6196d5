"""Bring the database up to the shipped content."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from conditions.review import newer, parts
from conditions.shipped import fixtures, loader


class Command(BaseCommand):
    help = "Load the shipped content. What an editor changed or deleted is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--overwrite", action="store_true", help="Take the shipped text over any edit."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        records = fixtures.read(*fixtures.folders())
        report, lost = (
            newer.overwrite(records) if options["overwrite"] else (loader.load(records), [])
        )
        for page in lost:
            self.stdout.write(
                f"“{page}” is no longer approved: it showed a text that is another now."
            )
        for line in report.left:
            self.stdout.write(f"Left alone: {line}")
        if report.newer:
            self.stdout.write(newer.told(len(report.newer)))
        if not settings.DEMO and (half := parts.half_signed_pages()):
            self.stdout.write(parts.told(len(half)))
        self.stdout.write(
            f"Content: {report.created} created, {report.updated} updated, "
            f"{report.unchanged} unchanged, "
            f"{len(report.left) + len(report.newer)} left alone."
        )
