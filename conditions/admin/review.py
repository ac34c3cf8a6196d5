"""Signing off: a clinician with a Reviewer row approves what an editor wrote."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BooleanField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conditions.admin.history import AuditedAdmin
from conditions.admin.meanwhile import Digests
from conditions.models import Article, Cause, Condition, Reviewed, State
from conditions.review import approval

REVIEW_FIELDS = ["state", "reviewed_by", "reviewed_licence", "reviewed_on", "next_review_due"]
REVIEW: Any = (
    _("Review"),
    {
        "fields": REVIEW_FIELDS,
        "description": _("Filled in by “Approve”. Only a reviewer may approve."),
    },
)


def is_reviewer(request: Any) -> bool:
    """Whether who asks may sign. Every page of the admin asks: looked up once a request."""
    if not hasattr(request, "is_reviewer"):
        request.is_reviewer = approval.reviewer_of(request.user) is not None
    return request.is_reviewer


class ReviewedForm(ModelForm):
    """An approved text keeps its signature only if a reviewer says so."""

    keeps_signature = BooleanField(
        label=_("Spelling or layout only"),
        required=False,
        help_text=_(
            "Approved text that changes in any other way becomes a draft again, and leaves "
            "the public site until a clinician approves it."
        ),
    )


class ReviewedAdmin(AuditedAdmin):
    """State and review are shown, never typed."""

    form = ReviewedForm
    readonly_fields = REVIEW_FIELDS
    list_filter = ["state"]
    actions = ["approve_selected", "take_back_selected"]

    # Who may do what

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return is_reviewer(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A reviewer sees what there is to sign."""
        return super().has_view_permission(request, obj) or self.has_approve_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or self.has_approve_permission(request)

    # Approving

    def row_versions(self, rows: Iterable[Reviewed]) -> Digests:
        """Also of what stands in each: all of it is signed."""
        found = list(rows)
        return {str(key): text for key, text in approval.versions(found).items()}

    @admin.action(description=_("Approve: I have read it and sign it off"), permissions=["approve"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self._approve(request, row)

    @admin.action(description=_("Make it a draft again"), permissions=["change"])
    def take_back_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            if not self.has_change_permission(request, row):
                text = _("“%s” stays as it is: only a reviewer may make it a draft.")
                self.message_user(request, text % row, messages.ERROR)
                continue
            try:
                approval.take_back(content=row)
            except approval.NoEmergencyLine:
                text = _("“%s” stays: it is the last public emergency line.")
                self.message_user(request, text % row, messages.ERROR)
            else:
                self.message_user(request, _("“%s” is a draft again.") % row, messages.SUCCESS)

    def approve_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not is_reviewer(request):
            raise PermissionDenied
        if request.POST.get("version") == approval.version(row):
            self._approve(request, row)
        else:
            text = _("“%s” was not approved: somebody has changed it since you opened it. Read it.")
            self.message_user(request, text % row, messages.ERROR)
        name = f"admin:conditions_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))

    def _approve(self, request: HttpRequest, row: Reviewed) -> None:
        reviewer = approval.reviewer_of(request.user)
        if reviewer is None:
            raise PermissionDenied
        try:
            approval.approve(content=row, reviewer=reviewer, on=timezone.localdate())
        except approval.NoEmergencyLine:
            text = _("“%s” was not approved: there is no public emergency line.")
            self.message_user(request, text % row, messages.ERROR)
        else:
            self.message_user(request, _("You approved “%s”.") % row, messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        name = f"conditions_{self.opts.model_name}_approve"
        view = self.admin_site.admin_view(require_POST(self.approve_view))
        return [path("<path:object_id>/approve/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if kw.get("obj") and self.has_approve_permission(request):
            context["version"] = approval.version(kw["obj"])
        return super().render_change_form(request, context, *args, **kw)

    # Editing what was approved

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """`keeps_signature` is asked only where there is a signature, and only of a reviewer."""
        fieldsets = list(super().get_fieldsets(request, obj))
        signed = obj and obj.state == State.APPROVED
        if signed and self.has_change_permission(request, obj) and is_reviewer(request):
            fieldsets.append((_("What kind of change is it?"), {"fields": ["keeps_signature"]}))
        return fieldsets

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        elsewhere = other_pages(touched_causes(formsets))
        super().save_related(request, form, formsets, change)
        touched = form.has_changed() or any(formset.has_changed() for formset in formsets)
        # Asked again here: what only a reviewer is shown, anybody can post.
        if form.cleaned_data.get("keeps_signature") and is_reviewer(request):
            return
        own = [form.instance] * touched
        self._lose_signatures(request, own + changed_parts(formsets) + elsewhere)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        elsewhere = other_pages(causes_below([obj]))
        super().delete_model(request, obj)
        self._lose_signatures(request, elsewhere)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        elsewhere = other_pages(causes_below(list(queryset)))
        super().delete_queryset(request, queryset)
        self._lose_signatures(request, elsewhere)

    def _lose_signatures(self, request: HttpRequest, rows: Iterable[Reviewed]) -> None:
        for row in rows:
            if row.state == State.APPROVED:
                approval.lose_signature(content=row)
                text = _("“%s” is no longer approved: a clinician has to read it again.")
                self.message_user(request, text % row, messages.WARNING)


def other_pages(causes: Iterable[Cause]) -> list[Article]:
    """Signed pages that show one of these causes, read before the cause changes or is removed:
    afterwards nothing says any more which pages showed it.
    """
    shown = Article.objects.filter(causes__in=list(causes), state=State.APPROVED)
    return list(shown.distinct())


def touched_causes(formsets: Any) -> list[Cause]:
    """Causes that are changed or removed on the page of their condition."""
    return [
        form.instance
        for formset in formsets
        if formset.model is Cause
        for form in formset.initial_forms
        if form.has_changed()
    ]


def causes_below(rows: list[Any]) -> list[Cause]:
    """Causes that go with the conditions among these rows."""
    return list(Cause.objects.filter(condition__in=[r for r in rows if isinstance(r, Condition)]))


def changed_parts(formsets: Any) -> list[Reviewed]:
    """Rows with a signature of their own that were changed on the page of another."""
    return [
        row
        for formset in formsets
        for row, _fields in formset.changed_objects
        if isinstance(row, Reviewed)
    ]
