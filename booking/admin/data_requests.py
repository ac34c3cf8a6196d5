"""That what is kept of somebody was copied or erased."""

from django.contrib import admin

from booking.admin.read_only import WrittenOnce
from booking.models import DataRequest

SHOWN = ["made_at", "kind", "made_by", "visits", "wishes", "questions", "kept"]


@admin.register(DataRequest)
class DataRequestAdmin(WrittenOnce):
    """Written by the desk's pages; nobody changes it."""

    list_display = [*SHOWN]
    list_filter = ["kind"]
    fields = [*SHOWN]
    ordering = ["-made_at"]
