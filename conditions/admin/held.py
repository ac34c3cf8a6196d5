"""Rows that only a reviewer may change or remove while readers rely on their words."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conditions.admin.history import AuditedAdmin
from conditions.admin.signing import is_reviewer
from conditions.admin.whole import KeepsPagesWhole
from conditions.models import UrgencyLine

PUBLIC_WARNING = _(
    "“%s” is a public warning: only a reviewer may change or remove it. Add a new line instead: "
    "it is a draft until a reviewer approves it."
)


class HeldForReviewers(AuditedAdmin):
    """Whoever signs nothing sees a held row and is told why it cannot be changed."""

    why_held: str | Promise

    def is_held(self, row: Any) -> bool:
        """Whether the words of this row need a signature before they change."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def _may_touch(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or is_reviewer(request) or not self.is_held(obj)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        row = self.get_object(request, unquote(object_id)) if request.method == "GET" else None
        if row and not self._may_touch(request, row):
            self.message_user(request, self.why_held % row, messages.WARNING)
        return super().change_view(request, object_id, *args, **kw)


class DeletedOneByOne(AuditedAdmin):
    """Some rows have to stay, so there is no deleting of several at once."""

    def has_to_stay(self, row: Any) -> bool:
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and self.has_to_stay(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class PartAdmin(HeldForReviewers, KeepsPagesWhole):
    """A part of pages: while an approved one shows it, only a reviewer changes or removes it.

    Its words stand there under a clinician's name; taking that name off every page which shows
    it would take the pages from their readers for one part, so the change waits.
    """

    why_held = _(
        "“%s” stands on an approved page: a reviewer may change it, or it can be changed "
        "once that page is a draft again."
    )

    def is_held(self, row: Any) -> bool:
        return row.is_signed_off()


class UnsignedWarnings(BaseInlineFormSet):
    """The warnings of one condition, as somebody types them who signs nothing."""

    def clean(self) -> None:
        super().clean()
        touched = {form.instance.pk for form in self.initial_forms if form.has_changed()}
        if not touched:
            return
        # Closes the race with a reviewer who approves a draft while it is being changed here.
        lines = UrgencyLine.objects.select_for_update(no_key=True).filter(pk__in=touched)
        for line in lines.order_by("pk"):
            if line.is_published:
                raise ValidationError(PUBLIC_WARNING % line)
