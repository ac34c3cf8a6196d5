"""A reviewer who rewords what stands on signed pages may sign it there in the same saving.

The form names these pages, each to be read, and says by a digest how each was. What is signed is
what was named: another page, or one that changed since, brings the form back.
"""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from conditions.admin import signing
from conditions.admin.history import AuditedAdmin
from conditions.admin.meanwhile import Digests, parse
from conditions.admin.saving import HeldForm
from conditions.admin.signing import is_reviewer
from conditions.models import Reviewed, Slugged, State
from conditions.models.base import kinds_of
from conditions.review import approval
from conditions.review.parts import pages_showing

TICK = "signs_as_saved"
NAMED = "named_pages"  # the hidden field


class StandsOtherwise(Exception):
    """The form did not name these pages as they are; the row would stand on all of `pages`."""

    def __init__(self, unread: list[Reviewed], pages: list[Reviewed]) -> None:
        super().__init__(", ".join(f"“{page}”" for page in unread))
        self.pages = pages


class SignsWhereItStands(AuditedAdmin):
    """Offers a tick beside the pages on which a row stands. Whoever signs nothing is not asked."""

    def changeform_view(self, request: Any, *args: Any, **kw: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kw)
        except (StandsOtherwise, approval.UnsignedParts, approval.NoEmergencyLine) as why:
            request.not_signed = why_unsaved(why)
            request.stands_on = getattr(why, "pages", None)
        request.POST = request.POST.copy()
        del request.POST[TICK]  # read anew, ticked anew
        response = super().changeform_view(request, *args, **kw)
        if response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.CONFLICT
        return response

    def get_form(self, request: HttpRequest, *args: Any, **kw: Any) -> Any:
        form = super().get_form(request, *args, **kw)
        why = getattr(request, "not_signed", "")
        return type(form.__name__, (HeldForm, form), {"stale": why}) if why else form

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change and TICK in request.POST and is_reviewer(request):
            pages = _named(request)
            lines = {_key(page): signing.lines(request, page) for page in pages}
            request.stood = versions(pages), lines
        super().save_model(request, obj, form, change)

    def sign_as_saved(self, request: Any, form: Any, formsets: Any, pages: list[Reviewed]) -> bool:
        """Sign what was saved, if that was ticked, with the text of the pages that show it now.

        Raises StandsOtherwise, and as `approval.approve` does: then nothing may be saved.
        """
        changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        if not changed or not hasattr(request, "stood"):
            return False
        stood, _lines = request.stood
        named = parse(request.POST.get(NAMED, ""))
        unread = [page for page in pages if named.get(_key(page), "") != stood.get(_key(page))]
        if unread:
            raise StandsOtherwise(unread, pages)
        self._sign(request, form.instance, pages)
        return True

    def _sign(self, request: Any, row: Slugged, pages: list[Reviewed]) -> None:
        reviewer: Any = approval.reviewer_of(request.user)
        _versions, before = request.stood
        own = [row] if isinstance(row, Reviewed) else []
        as_signed = [page for page in pages if signing.is_as_signed(page, before[_key(page)])]
        texts = [(each, signing.lines(request, each)) for each in [*own, *as_signed]]
        approval.sign_where_it_stands(
            row=row, reviewer=reviewer, on=timezone.localdate(), texts=texts
        )
        text = _("You signed “%(row)s” where it stands: %(pages)s.")
        told = {"row": row, "pages": ", ".join(map(str, pages))}
        self.message_user(request, text % told, messages.SUCCESS)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kw: Any) -> Any:
        row = kw.get("obj")
        if row and is_reviewer(request) and self.has_change_permission(request, row):
            pages = getattr(request, "stands_on", None) or pages_showing([row])
            context |= {
                "stands_on": pages,
                NAMED: json.dumps(versions(pages), separators=(",", ":")),
                "is_ticked": TICK in request.POST,
                "unticked": without_tick(row),
            }
        return super().render_change_form(request, context, *args, **kw)


def without_tick(row: Slugged) -> str:
    """What becomes of the pages on which a row stands once it is saved unsigned."""
    if not isinstance(row, Reviewed):
        return "stand"
    return "leave" if row.is_signed_off() else "wait"


def versions(pages: Iterable[Reviewed]) -> Digests:
    """How each of these pages is, by its kind and key; so many queries whatever their number."""
    kinds: dict[type[Reviewed], list[Reviewed]] = {}
    for page in pages:
        kinds.setdefault(type(page), []).append(page)
    return {
        f"{_name(kind)}-{pk}": version
        for kind, rows in kinds.items()
        for pk, version in approval.versions(rows).items()
    }


def why_unsaved(why: Exception) -> str:
    """Why a row was not saved that was to be signed."""
    if isinstance(why, StandsOtherwise):
        text = _("Nothing was saved: the form did not show that it stands like this on %s.")
        return text % why
    if isinstance(why, approval.UnsignedParts):
        return _("Nothing was saved, since nobody has signed %s: sign that first.") % why
    return _("Nothing was saved: there is no public emergency line.")


def _named(request: HttpRequest) -> list[Reviewed]:
    """The pages that the form says it named, as they are now: those that are signed still."""
    keys = parse(request.POST.get(NAMED, ""))
    signed = []
    for kind in kinds_of(Reviewed):
        known = {each.partition("-")[2] for each in keys if each.startswith(f"{_name(kind)}-")}
        rows = kind._default_manager.filter(state=State.APPROVED) if known else []
        signed += [row for row in rows if str(row.pk) in known]
    return signed


def _key(page: Reviewed) -> str:
    return f"{_name(type(page))}-{page.pk}"


def _name(kind: type[Reviewed]) -> str:
    return str(kind._meta.model_name)
