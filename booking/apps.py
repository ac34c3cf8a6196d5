from django.apps import AppConfig
from django.core.checks import Tags, register

from booking.constraints import check_append_only, check_no_overlap


class BookingConfig(AppConfig):
    name = "booking"
    verbose_name = "Appointments"

    def ready(self) -> None:
        register(check_no_overlap, Tags.database)
        register(check_append_only, Tags.database)
