"""Hold what is owed, after a database was taken back to an earlier moment."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from booking.models import OutgoingEmail


class Command(BaseCommand):
    help = (
        "Hold all e-mail that is owed until `send_held_mail`. `restore` does it by itself; run this"
        " before the worker where PostgreSQL was taken back to an earlier moment."
    )

    def handle(self, **options: object) -> None:
        count = OutgoingEmail.objects.hold_until_told(timezone.now())
        self.stdout.write(f"E-mails held: {count}. `manage.py send_held_mail` lets them go.")
