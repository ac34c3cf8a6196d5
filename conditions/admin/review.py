"""Signing off: a clinician with a Reviewer row approves what an editor wrote."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import QuerySet
from django.forms import BooleanField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conditions.admin import signing
from conditions.admin.meanwhile import Digests
from conditions.admin.signing import Reading, is_reviewer
from conditions.admin.whole import KeepsPagesWhole, left_without
from conditions.models import Content, Reviewed, Reviewer, Slugged, State
from conditions.models.base import parts_of
from conditions.review import approval
from conditions.review.parts import pages_showing, unsigned

REVIEW_FIELDS = ["state", "reviewed_by", "reviewed_licence", "reviewed_on", "next_review_due"]
REVIEW: Any = (
    _("Review"),
    {
        "fields": REVIEW_FIELDS,
        "description": _("Filled in by “Approve”. Only a reviewer may approve."),
    },
)


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


class ReviewedAdmin(KeepsPagesWhole):
    """State and review are shown, never typed."""

    form = ReviewedForm
    readonly_fields = REVIEW_FIELDS
    list_filter = ["state"]
    actions = ["take_back_selected"]

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

    @admin.action(description=_("Make it a draft again"), permissions=["change"])
    def take_back_selected(
        self, request: HttpRequest, queryset: QuerySet
    ) -> TemplateResponse | None:
        """Asks before other pages leave the site with these rows: names them, and how many."""
        mine = [row for row in queryset if self.has_change_permission(request, row)]
        if "post" not in request.POST and (leaving := left_without(mine, with_below=False)):
            return self._ask(request, mine, leaving)
        for row in queryset:
            if not self.has_change_permission(request, row):
                text = _("“%s” stays as it is: only a reviewer may make it a draft.")
                self.message_user(request, text % row, messages.ERROR)
                continue
            try:
                lost = approval.take_back(content=row)
            except approval.NoEmergencyLine:
                text = _("“%s” stays: it is the last public emergency line.")
                self.message_user(request, text % row, messages.ERROR)
            else:
                self.message_user(request, _("“%s” is a draft again.") % row, messages.SUCCESS)
                self.tell_lost(request, lost)

        return None

    def _ask(
        self, request: HttpRequest, rows: list[Any], leaving: list[Reviewed]
    ) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Make it a draft again?"),
            "opts": self.opts,
            "rows": rows,
            "leaving": leaving,
            "seen": request.POST.get("seen", ""),
        }
        return TemplateResponse(request, "admin/conditions/take_back.html", context)

    def approve_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is to be signed, to be read; a POST signs what was read."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not is_reviewer(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._show_reading(request, signing.read(request, row))
        with transaction.atomic(using=router.db_for_write(self.model)):
            approval.hold(row)
            row = self.get_object(request, unquote(object_id))
            if row is None:
                raise Http404
            reading = signing.read(request, row)
            if request.POST.get("version") != reading.version:
                return self._show_reading(request, reading, HTTPStatus.CONFLICT)
            self._approve(request, reading)
        return HttpResponseRedirect(self._after(request, row))

    def _show_reading(
        self, request: HttpRequest, reading: Reading, status: HTTPStatus = HTTPStatus.OK
    ) -> HttpResponse:
        """The reading, and on one that came back what is new in it since it was read."""
        context = self.admin_site.each_context(request) | {
            "title": _("Read and sign: %s") % reading.page,
            "opts": self.opts,
            "row": reading.page,
            "to_sign": reading,
            "version": reading.version,
            "has_preview": isinstance(reading.page, Content),
        }
        if status == HTTPStatus.CONFLICT:
            context["since"] = reading.new_since(request.POST.get("read", ""))
        return TemplateResponse(request, "admin/conditions/sign.html", context, status=status)

    def _approve(self, request: HttpRequest, reading: Reading) -> None:
        reviewer = approval.reviewer_of(request.user)
        if reviewer is None:
            raise PermissionDenied
        try:
            approval.approve_with_parts(
                content=reading.page,
                together=reading.unsigned,
                reviewer=reviewer,
                on=timezone.localdate(),
                texts=reading.texts,
            )
        except (approval.NoEmergencyLine, approval.UnsignedParts) as why:
            self.message_user(request, why_not(reading.page, why), messages.ERROR)
        else:
            for row in [reading.page, *reading.unsigned]:
                self.message_user(request, _("You approved “%s”.") % row, messages.SUCCESS)

    def _after(self, request: HttpRequest, row: Reviewed) -> str:
        """Where a signing leads: to the next of the rows that were chosen in a list, or back."""
        keys = [key for key in request.GET.get("then", "").split(",") if key.isdecimal()]
        if keys:
            return reading_address(self.opts.model_name, keys)
        return reverse(f"admin:conditions_{self.opts.model_name}_change", args=[row.pk])

    def get_urls(self) -> list[URLPattern]:
        name = f"conditions_{self.opts.model_name}_approve"
        view = self.admin_site.admin_view(self.approve_view)
        return [path("<path:object_id>/approve/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["may_sign"] = self.has_approve_permission(request)
            context["lacking"] = unsigned(row) if row.is_signed_off() else []
            context |= {} if row.is_signed_off() else who_may_sign(request)
        return super().render_change_form(request, context, *args, **kw)

    # Editing what was approved

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """`keeps_signature` is asked only where there is a signature, and only of a reviewer."""
        fieldsets = list(super().get_fieldsets(request, obj))
        signed = obj and obj.state == State.APPROVED
        if signed and self.has_change_permission(request, obj) and is_reviewer(request):
            fieldsets.append((_("What kind of change is it?"), {"fields": ["keeps_signature"]}))
        return fieldsets

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        row, elsewhere = form.instance, pages_showing(touched_rows(formsets))
        super().save_related(request, form, formsets, change)
        spelling = keeps_signature(request, form) and not changes_parts(form, formsets)
        if request.is_signed or spelling:
            return
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            self.lose_signatures(request, [row, *changed_parts(formsets), *elsewhere])

    def lock(self, row: Any) -> None:
        """The page before what stands on it, as a signing does: neither waits for the other."""
        page = getattr(row, row.part_of, None) if row.part_of else None
        if page is not None:
            list(type(page)._base_manager.select_for_update(no_key=True).filter(pk=page.pk))
        super().lock(row)


def who_may_sign(request: HttpRequest) -> dict[str, Any]:
    """Who can sign what waits; without anybody, who names reviewers, and whether who asks does."""
    reviewers = list(Reviewer.objects.filter(user__is_active=True, user__is_staff=True))
    may_name = admin.site.get_model_admin(Reviewer).has_add_permission(request)
    managers = [] if reviewers or may_name else approval.who_names_reviewers()
    told = {"reviewers": reviewers, "managers": managers, "may_name_reviewer": may_name}
    return {"waits": True} | told


def why_not(row: Reviewed | str, why: Exception) -> str:
    """Why a row was not approved."""
    if isinstance(why, approval.UnsignedParts):
        return _("“%(row)s” is not approved: nobody has signed %(parts)s.") % {
            "row": row,
            "parts": why,
        }
    return _("“%s” was not approved: there is no public emergency line.") % row


def reading_address(kind: str | None, keys: Sequence[Any]) -> str:
    """Where the first of these rows is read and signed, and the others after it."""
    first, *others = keys
    path = reverse(f"admin:conditions_{kind}_approve", args=[first])
    return f"{path}?{urlencode({'then': ','.join(map(str, others))})}" if others else path


def keeps_signature(request: HttpRequest, form: Any) -> bool:
    """Whether a reviewer says so. Asked again: what only they are shown, anybody can post."""
    return bool(form.cleaned_data.get("keeps_signature")) and is_reviewer(request)


def changes_parts(form: Any, formsets: Any) -> bool:
    """Whether other rows stand on the page now, once all is saved: that is more than spelling."""
    shared = {part.name for part in parts_of(type(form.instance))}
    return not shared.isdisjoint(form.changed_data) or any(
        formset.new_objects or formset.deleted_objects for formset in formsets
    )


def touched_rows(formsets: Any) -> list[Slugged]:
    """Rows that are changed or removed on the page of another."""
    return [
        form.instance
        for formset in formsets
        for form in formset.initial_forms
        if form.has_changed() and isinstance(form.instance, Slugged)
    ]


def changed_parts(formsets: Any) -> list[Reviewed]:
    """Rows with a signature of their own that were changed on the page of another."""
    return [
        row
        for formset in formsets
        for row, _fields in formset.changed_objects
        if isinstance(row, Reviewed)
    ]
