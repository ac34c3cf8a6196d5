"""Rows of a list change places by buttons, which post: no script is needed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.db import router, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from conditions.admin.ordering import ORDER, has_order

STEPS = {"move_up": -1, "move_down": 1}  # by the name of the button


class MovesInList(admin.ModelAdmin):
    """A list that stands in the order of its rows has "Up" and "Down" in each.

    A place is no word of a row: moving one takes no signature. Whoever may not change one of the
    rows that get another place moves none.
    """

    def siblings(self, row: Any) -> list[Any]:
        """The rows among which this one has its place, in their order."""
        return list(self.model._default_manager.all())

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        shown = list(super().get_list_display(request))
        if not self._has_places(request):
            return shown
        first, *others = [name for name in shown if name != ORDER]
        return [first, "place", *others]  # where a phone shows it

    @admin.display(description=_("order"))
    def place(self, row: Any) -> str:
        return render_to_string("admin/conditions/place.html", {"row": row})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        pressed = [name for name in STEPS if name in request.POST]
        if not (pressed and self._has_places(request)):
            return super().changelist_view(request, extra_context)
        name = pressed[0]
        with transaction.atomic(using=router.db_for_write(self.model)):
            self._move(request, request.POST[name], STEPS[name])
        return HttpResponseRedirect(request.get_full_path())

    def _has_places(self, request: HttpRequest) -> bool:
        """Whether the list is in the order of its rows, and whoever asks may change some."""
        in_order = has_order(self.model) and ORDER_VAR not in request.GET
        return in_order and self.has_change_permission(request)

    def _move(self, request: HttpRequest, key: str, step: int) -> None:
        """Past the one that the list shows before or after it; the first goes no higher."""
        # Closes the race between two movings: places that are read stay so until they are written.
        every = self.model._base_manager.select_for_update(no_key=True)
        list(every.order_by("pk").values_list("pk"))
        shown = list(self.get_changelist_instance(request).get_queryset(request))
        row = next((each for each in shown if str(each.pk) == key), None)
        if row is None:
            return
        rows = self.siblings(row)
        beside = [each for each in shown if each in rows]
        to = beside.index(row) + step
        if 0 <= to < len(beside):
            self._number(request, past(rows, row, beside[to], step))

    def _number(self, request: HttpRequest, rows: list[Any]) -> None:
        """Write the places that change, unless one of the rows is held for somebody else."""
        moved = [(row, place) for row, place in zip(rows, places(rows), strict=True)]
        moved = [(row, place) for row, place in moved if row.order != place]
        held = [row for row, _place in moved if not self.has_change_permission(request, row)]
        if held:
            text = _("Nothing was moved: only a reviewer may give “%s” another place.")
            self.message_user(request, text % held[0], messages.ERROR)
            return
        for row, place in moved:
            row.order = place
            row.save(update_fields=[ORDER])


def past(rows: list[Any], row: Any, other: Any, step: int) -> list[Any]:
    """The rows with one of them right before another, or after it."""
    left = [each for each in rows if each != row]
    left.insert(left.index(other) + max(step, 0), row)
    return left


def places(rows: list[Any]) -> list[int]:
    """A number for each: no two share one, and those that fit stay."""
    found: list[int] = []
    for number in sorted(row.order for row in rows):
        found.append(max(number, found[-1] + 1) if found else number)
    return found
