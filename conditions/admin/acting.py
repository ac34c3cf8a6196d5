"""What is done with rows from a list, or by deleting them, is done with the rows that were shown.

A list and a confirmation carry a digest of each row on them. A row that somebody has changed
since is left as it is and named; what would be deleted is shown again.
"""

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db import router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from conditions.admin.addresses import KnownFilters
from conditions.admin.meanwhile import Digests, digest, parse

SEEN = "seen"  # the hidden field
TOGETHER = "together"  # what is deleted with the rows


class ActsInTurn(KnownFilters):
    """Actions and deletions touch no row that is not as the page showed it."""

    def row_versions(self, rows: Iterable[Any]) -> Digests:
        """A digest of each row, by its key."""
        return {
            str(row.pk): digest([str(getattr(row, field.attname)) for field in row._meta.fields])
            for row in rows
        }

    # From a list

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if context.get("action_form") and "cl" in context:
            context[SEEN] = _dumped(self.row_versions(context["cl"].result_list))
        return response

    def response_action(self, request: Any, queryset: QuerySet) -> Any:  # type: ignore[override]
        """Of rows that changed: the action passes them by, a deletion asks again."""
        deleting = "delete_selected" in request.POST.getlist("action")
        if deleting and "post" not in request.POST:  # the page to come shows them as they are
            return self._with_seen(request, super().response_action(request, queryset))
        with transaction.atomic(using=router.db_for_write(self.model)):
            chosen = self._locked(request, queryset)
            changed = _differing(request, self._shown(request, chosen, deleting))
            left = [row.pk for row in chosen if str(row.pk) not in changed]
            if changed:
                self._name(request, [row for row in chosen if str(row.pk) in changed])
            if changed and deleting:
                request.POST = _unconfirmed(request.POST)
            elif changed and not left:
                return HttpResponseRedirect(request.get_full_path())
            else:
                queryset = queryset.filter(pk__in=left)
            response = super().response_action(request, queryset)
        return self._with_seen(request, response)

    def _locked(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        """The rows that were chosen. Closes the race with a saving: what is compared stays true
        until it is acted on.
        """
        if request.POST.get("select_across", "0") == "0":
            queryset = queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        keys = sorted(queryset.values_list("pk", flat=True))
        rows = self.model._base_manager.select_for_update(no_key=True)
        list(rows.filter(pk__in=keys).order_by("pk").values_list("pk"))
        return list(queryset.all())

    def _shown(self, request: HttpRequest, rows: list[Any], deleting: bool) -> Digests:
        """What a page about these rows shows; of a deletion also what goes with them."""
        versions = self.row_versions(rows)
        if deleting:
            versions[TOGETHER] = _together(self.get_deleted_objects(rows, request)[0])
        return versions

    def _name(self, request: HttpRequest, rows: list[Any]) -> None:
        names = ", ".join(f"“{row}”" for row in rows) or _("what would be deleted with it")
        text = _(
            "Nothing was done with %(names)s: somebody has changed it since this page was shown,"
            " or the page did not show it. Look at it first."
        )
        self.message_user(request, text % {"names": names}, messages.ERROR)

    def _with_seen(self, request: HttpRequest, response: Any) -> Any:
        context = getattr(response, "context_data", None) or {}
        if "deletable_objects" in context:
            versions = self.row_versions(context["queryset"])
            versions[TOGETHER] = _together(context["deletable_objects"][0])
            context[SEEN] = _dumped(versions)
        return response

    # One row

    def delete_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            stale = self._is_stale(request, object_id)
            if stale:
                request.POST = QueryDict()
            response = super().delete_view(request, object_id, extra_context)
        if stale:
            response.status_code = HTTPStatus.CONFLICT
        return response

    def _is_stale(self, request: HttpRequest, object_id: str) -> bool:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_delete_permission(request, row):
            return False
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=row.pk))
        row.refresh_from_db()
        changed = _differing(request, self._shown(request, [row], deleting=True))
        if changed:
            self._name(request, [row])
        return bool(changed)

    def render_delete_form(self, request: HttpRequest, context: Any) -> Any:
        versions = self.row_versions([context["object"]])
        versions[TOGETHER] = _together(context["deleted_objects"])
        return super().render_delete_form(request, context | {SEEN: _dumped(versions)})


def _differing(request: HttpRequest, now: Digests) -> set[str]:
    """Those rows that are not as the page said that it showed them; one not said counts too."""
    seen = parse(request.POST.get(SEEN, ""))
    return {key for key, version in now.items() if seen.get(key) != version}


def _together(listed: Any) -> str:
    return digest(sorted(_flat(listed)))


def _flat(listed: Any) -> Iterator[str]:
    for each in listed:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield str(each)


def _unconfirmed(data: QueryDict) -> QueryDict:
    left = data.copy()
    del left["post"]
    return left


def _dumped(versions: Digests) -> str:
    return json.dumps(versions, separators=(",", ":"))
