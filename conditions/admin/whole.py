"""No approved page goes on without a part that it showed: it loses its signature with the part."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin.standing import SignsWhereItStands
from conditions.models import Reviewed, Slugged
from conditions.review import approval, verdicts
from conditions.review.parts import below, pages_showing


class KeepsPagesWhole(SignsWhereItStands):
    """Whoever deletes a row, or moves it to another page, takes the signature of approved pages
    that showed it; so does whoever takes the source from a verdict, which leaves its page.
    """

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        request.shown_on, request.left_out = pages_showing([obj]), verdicts.left_out()
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        showed_removed = pages_showing(removed_rows(formsets))
        super().save_related(request, form, formsets, change)
        now = pages_showing([form.instance])
        without = [page for page in request.shown_on if page not in now]
        without += [use.condition for use in verdicts.left_out() if use not in request.left_out]
        whole = [page for page in now if page not in without]
        request.is_signed = self.sign_as_saved(request, form, formsets, whole)
        self.lose_signatures(request, [*without, *([] if request.is_signed else showed_removed)])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        elsewhere = left_without([obj])
        super().delete_model(request, obj)
        self.lose_signatures(request, elsewhere)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        elsewhere = left_without(list(queryset))
        super().delete_queryset(request, queryset)
        self.lose_signatures(request, elsewhere)

    def render_delete_form(self, request: HttpRequest, context: Any) -> Any:
        leaving = left_without([context["object"]])
        return super().render_delete_form(request, context | {"leaving": leaving})

    def lose_signatures(self, request: HttpRequest, rows: Iterable[Reviewed]) -> None:
        """Take the signature of these rows and of the pages that show them, and say so."""
        for row in rows:
            self.tell_lost(request, approval.lose_signature(content=row))

    def tell_lost(self, request: HttpRequest, lost: Iterable[Reviewed]) -> None:
        for each in lost:
            text = _("“%s” is no longer approved: a clinician has to read it again.")
            self.message_user(request, text % each, messages.WARNING)


def removed_rows(formsets: Any) -> list[Slugged]:
    """Rows that are removed on the form of another."""
    return [
        form.instance
        for formset in formsets
        for form in getattr(formset, "deleted_forms", [])
        if isinstance(form.instance, Slugged)
    ]


def left_without(rows: list[Any], with_below: bool = True) -> list[Reviewed]:
    """Approved pages that show one of these rows, or what goes with it, and are not among them."""
    shown = [*rows, *below(rows)] if with_below else rows
    return [page for page in pages_showing(shown) if page not in rows]
