"""Who changed what, and when."""

from typing import Any

from auditlog.mixins import AuditlogHistoryAdminMixin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from conditions.admin.moving import MovesInList
from conditions.admin.ordering import ComesLast
from conditions.admin.plain_text import PLAIN_TEXT
from conditions.admin.saving import SavesInTurn


class AuditedAdmin(MovesInList, ComesLast, SavesInTurn, AuditlogHistoryAdminMixin):
    """Every change is kept: the History button shows what changed, not only that it did."""

    auditlog_history_template = "admin/conditions/history.html"
    auditlog_history_per_page = 50
    change_form_template = "admin/conditions/change_form.html"
    formfield_overrides = PLAIN_TEXT
    list_per_page = 50

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        title = {"title": _("Who changed what")}
        return self.auditlog_history_view(request, object_id, title | (extra_context or {}))

    def auditlog_history_view(self, request: HttpRequest, object_id: str, *args: Any) -> Any:
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return super().auditlog_history_view(request, object_id, *args)
