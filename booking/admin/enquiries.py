"""Questions from the website: what is open comes first, what is overdue is marked."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from booking import enquiries
from booking.admin.history import AuditedAdmin
from booking.admin.read_only import ReadOnly
from booking.desk import frame, person_data
from booking.models import Enquiry

FIELDS = ("name", "phone_link", "email_link", "message", "asked", "due")
LIST = "admin:booking_enquiry_changelist"


@require_POST
@frame.requires("change_enquiry")
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is answered."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    enquiries.answer(enquiry=enquiry, by=cast(User, request.user), now=timezone.now())
    messages.success(request, _("Marked as answered."))
    return HttpResponseRedirect(reverse(LIST))


@require_POST
@frame.requires("change_enquiry")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is not answered after all."""
    enquiries.reopen(enquiry=get_object_or_404(Enquiry, pk=pk))
    messages.success(request, _("Open again."))
    return HttpResponseRedirect(reverse(LIST))


VIEWS = [("<int:pk>/answered/", answered, "answered"), ("<int:pk>/reopen/", reopen, "reopen")]


class AnswerFilter(admin.SimpleListFilter):
    """Which questions wait for an answer."""

    title = gettext_lazy("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("open", _("Open")), ("overdue", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        if self.value() == "overdue":
            return queryset.overdue(timezone.now())
        return queryset.open() if self.value() == "open" else None


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnly, AuditedAdmin):
    """Questions to look at and to tick off; what people asked is not for us to change."""

    list_display = ["name", "phone_link", "email_link", "asked", "due"]
    list_filter = [AnswerFilter]
    list_select_related = ["answered_by"]
    list_per_page = 50
    ordering = [F("answered_at").desc(nulls_first=True), "due_at", "pk"]
    show_full_result_count = False
    history_nobody = gettext_lazy("Online")
    change_form_template = "admin/booking/enquiry/change_form.html"
    fieldsets = [(None, {"fields": FIELDS})]
    readonly_fields = FIELDS

    def row_name(self, row: Enquiry) -> str:
        return row.name

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(address, self.admin_site.admin_view(view), name=f"booking_enquiry_{name}")
            for address, view, name in VIEWS
        ]
        return own + super().get_urls()

    def get_list_display(self, request: HttpRequest) -> Any:
        clicks = ["one_click"] if frame.may(request, "change_enquiry") else []
        return [*self.list_display, *clicks]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return frame.may(request, "view_enquiry") or frame.may(request, "change_enquiry")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        allowed = {
            "may_answer": frame.may(request, "change_enquiry"),
            "may_erase": person_data.may(request),
        }
        context = {**(extra_context or {}), **allowed}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("telephone"))
    def phone_link(self, enquiry: Enquiry) -> SafeString | str:
        return frame.phone_link(enquiry)

    @admin.display(description=gettext_lazy("e-mail"))
    def email_link(self, enquiry: Enquiry) -> SafeString | str:
        return frame.email_link(enquiry.email)

    @admin.display(description=gettext_lazy("asked"), ordering="created_at")
    def asked(self, enquiry: Enquiry) -> str:
        return date_format(localtime(enquiry.created_at), "D, M j, P")

    @admin.display(description=gettext_lazy("answer due"), ordering="due_at")
    def due(self, enquiry: Enquiry) -> SafeString | str:
        """Until when, and a mark where that is over; of an answered one, who and when."""
        if enquiry.answered_at:
            when = date_format(localtime(enquiry.answered_at), "D, M j, P")
            by = enquiry.answered_by or _("somebody who has left")
            return _("Answered %(when)s by %(who)s") % {"when": when, "who": by}
        until = date_format(localtime(enquiry.due_at), "D, M j, P")
        if not enquiry.is_overdue(timezone.now()):
            return until
        return format_html('{} <strong class="desk-warn">{}</strong>', until, _("Overdue"))

    @admin.display(description=gettext_lazy("one click"))
    def one_click(self, enquiry: Enquiry) -> SafeString:
        view, label = "answered", _("Answered")
        if enquiry.is_answered:
            view, label = "reopen", _("Open again")
        address = reverse(f"admin:booking_enquiry_{view}", args=[enquiry.pk])
        return frame.list_button(address, label, enquiry.name)
