"""The second to save never wipes the first: a form says what it showed, and is held to that.

A page that stays open while a colleague saves another one still holds the old values, and saving
it would put them back. So each change form carries digests of what it showed, and where one of
them no longer fits, the form comes back with the typing and with what changed meanwhile.
"""

import json
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from conditions.admin.acting import SEEN, ActsInTurn
from conditions.admin.gone import typed_anew
from conditions.admin.meanwhile import (
    Digests,
    Shown,
    as_typed,
    differing,
    digests,
    is_of,
    parse,
    report,
)


class HeldForm(forms.ModelForm):
    """A form that is not saved while it would undo what somebody else saved."""

    stale: str = ""

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.stale:
            raise ValidationError(self.stale, code="stale")
        return cleaned


class SavesInTurn(ActsInTurn):
    """Every change form says what it showed; a stale one comes back (409) with what changed.

    Saved again, the form goes on: it then carries what is there now. A form that does not say
    what it showed counts as stale; one that would change nothing (a double click) passes.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            row = self._row_locked(request, object_id)
            if row is None and SEEN in request.POST and self.has_change_permission(request):
                return self._show_removed(request)
            if row is not None and self.has_change_permission(request, row):
                self._compare(request, row)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(response, HttpResponse) and getattr(request, "meanwhile", None) is not None:
            response.status_code = HTTPStatus.CONFLICT
        return response

    def _row_locked(self, request: HttpRequest, object_id: str) -> Any:
        """The row as it is under its lock; None if it is gone."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return None
        self.lock(row)
        return self.get_object(request, unquote(object_id))

    def _show_removed(self, request: HttpRequest) -> HttpResponse:
        """The row is gone: what was typed is shown, to be copied."""
        blank = self._form(request, None)
        removed = self._take_out_gone(request, blank, parse(request.POST[SEEN]))
        typed = as_typed(self._form(request, None, request.POST).form)
        for formset in blank.formsets:
            title = str(formset.model._meta.verbose_name)
            rows = [words for each, words in removed.items() if is_of(formset, each)]
            typed += [(title, words) for words in rows]
        title = _("Nothing was saved")
        context = self.admin_site.each_context(request)
        context |= {"title": title, "opts": self.opts, "typed": typed}
        return TemplateResponse(request, "admin/removed.html", context, status=HTTPStatus.CONFLICT)

    def lock(self, row: Any) -> None:
        """Closes the race between two savings: what is compared stays true until it is written."""
        rows = self.model._base_manager.select_for_update(no_key=True)
        list(rows.filter(pk=row.pk).values_list("pk"))

    def _compare(self, request: Any, row: Any) -> None:
        """Remember on the request what changed since the form was shown, if anything did."""
        now = self._form(request, row)
        standing = digests(now)
        seen = parse(request.POST.get(SEEN, ""))
        changed = differing(seen, standing)
        request.standing = standing
        if not changed:
            return
        removed = self._take_out_gone(request, now, seen)
        fresh = self.get_object(request, str(row.pk))
        typed = self._form(request, fresh, request.POST, request.FILES)
        if removed or typed.has_changed():
            request.meanwhile = report(now, typed, changed, removed)

    def _take_out_gone(self, request: Any, now: Shown, seen: Digests) -> dict[str, str]:
        """Rows that are gone leave what was posted; returns what had been typed into them."""
        removed: dict[str, str] = {}
        for formset in now.formsets:
            request.POST, typed = typed_anew(request.POST, formset, seen)
            removed |= typed
        return removed

    def _form(self, request: HttpRequest, row: Any, *data: Any) -> Shown:
        """The form for a row with its formsets: unbound, or filled with what was posted."""
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(*data, instance=row)
        formsets = [
            Formset(*data, instance=row, queryset=inline.get_queryset(request))
            for Formset, inline in self.get_formsets_with_inlines(request, row)
            if inline.has_change_permission(request, row)
        ]
        return Shown(form, formsets)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if getattr(request, "meanwhile", None) is None:
            return form
        stale = _("Nothing was saved: somebody else has changed this since you opened it.")
        return type(form.__name__, (HeldForm, form), {"stale": stale})

    def render_change_form(self, request: Any, context: Any, *args: Any, **kw: Any) -> Any:
        if kw.get("obj"):
            context[SEEN] = json.dumps(self._standing(request, context), separators=(",", ":"))
            context["meanwhile"] = getattr(request, "meanwhile", None)
        return super().render_change_form(request, context, *args, **kw)

    def _standing(self, request: Any, context: Any) -> Digests:
        """What the page shows. Of a form that came back: what it was compared with."""
        if hasattr(request, "standing"):
            return request.standing
        below = context["inline_admin_formsets"]
        editable = [each.formset for each in below if each.has_change_permission]
        return digests(Shown(context["adminform"].form, editable))
