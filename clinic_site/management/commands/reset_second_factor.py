"""`manage.py reset_second_factor NAME`: for a superuser who has lost telephone and codes."""

from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from clinic_site.staff import second_factor


class Command(BaseCommand):
    help = (
        "Forget somebody's second factor and end their sessions; the next sign-in sets it up anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="The user name.")

    def handle(self, *, name: str, **options: object) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no user {name!r}.")
        second_factor.reset(user)
        self.stdout.write(f"{name} sets up the second factor at the next sign-in.")
