"""Load the demo clinic: therapists, hours, a leave, a holiday, a month of visits."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from booking.management import demo
from conditions.models import ContentVersion


class Command(BaseCommand):
    help = "Load the demo clinic; what is already there is left alone. Needs DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo clinic is loaded with DEMO=1 only.")
        demo.load(timezone.now())
        ContentVersion.objects.bump()
        self.stdout.write("The demo clinic is ready.")
