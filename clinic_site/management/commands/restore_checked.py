"""`manage.py restore_checked`: somebody has looked after what a backup brought back."""

from typing import Any

from django.core.management.base import BaseCommand

from booking.models import LastDone, last_done


class Command(BaseCommand):
    help = (
        "Say that whoever was erased, disabled or reset after the restored backup is so again."
        " `/readyz` and the admin's first page remind you until then."
    )

    def handle(self, **options: Any) -> None:
        gone, _rows = LastDone.objects.filter(name=last_done.RESTORED).delete()
        self.stdout.write(
            "Noted." if gone else "Nothing was restored that somebody has to look at."
        )
