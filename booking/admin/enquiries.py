"""Questions from the website: what is open comes first."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from booking.admin.history import AuditedAdmin
from booking.models import Enquiry


@admin.register(Enquiry)
class EnquiryAdmin(AuditedAdmin):
    """Questions to look at; what people asked is not for us to change."""

    list_display = ["name", "created_at", "due_at", "answered_at", "answered_by"]
    list_select_related = ["answered_by"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return Enquiry.objects.open_first()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
