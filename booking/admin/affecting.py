"""Shows whoever saves what a visit hangs on (hours, time off, a closure, a place, a visit type) the
visits that it hurts: before the saving, which asks, and after it.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.db import router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.calendars import hurt
from booking.calendars.doubts import Doubt, untrue
from booking.desk import absence, frame, looking
from booking.desk.visits_list import first_of
from booking.models import Appointment
from booking.visits import affecting
from conditions.admin.saving import HeldForm

# The buttons of the page that asks; the first one says which visits it showed.
SAVE, BACK = "save_and_list", "go_back"
OWN = {SAVE, BACK, "csrfmiddlewaretoken"}
Untrue = Mapping[Appointment, list[Doubt]]


class Words(NamedTuple):
    """What the page that asks is called, and its button that says yes."""

    title: str | Promise
    yes: str | Promise


SAVING = Words(gettext_lazy("Save this?"), gettext_lazy("Save and list them"))
DELETING = Words(gettext_lazy("Delete this?"), gettext_lazy("Delete and list them"))


class AffectsVisits(admin.ModelAdmin):
    """Asks before a saving or deletion by which booked visits would stop being true, and leads to
    all such visits after any.

    To know them it does so, looks, and takes it back. What was typed goes along in hidden fields,
    so that nothing is kept between the two posts, and the second is compared and checked as any
    is. A file cannot go along: the page that asks says that it has to be chosen again.
    """

    def changeform_view(
        self,
        request: Any,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        act = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method != "POST" or BACK in request.POST:
            return act()
        return self._ask_first(request, act, SAVING)

    def delete_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        act = partial(super().delete_view, request, object_id, extra_context)
        if request.method != "POST":
            return act()
        if BACK in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self._ask_first(request, act, DELETING)

    def _ask_first(self, request: Any, act: Callable[[], Any], words: Words) -> Any:
        posted, request.unsaid = request.POST, []
        with transaction.atomic(using=router.db_for_write(self.model)):
            before = request.untrue_before = _untrue(request)
            response = act()
            would_be = _new(before, getattr(request, "untrue", {}))
            known = posted.get(SAVE) == _digest(would_be)
            if would_be and not known:
                transaction.set_rollback(True, using=router.db_for_write(self.model))
        if would_be and not known:
            return _ask(request, posted, would_be, words)
        for say in vars(request).pop("unsaid"):
            say()
        return response

    def message_user(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Says so when it is known that the saving stands."""
        say = partial(super().message_user, request, *args, **kwargs)
        if hasattr(request, "unsaid"):
            request.unsaid.append(say)
        else:
            say()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if BACK not in request.POST or issubclass(form, HeldForm):
            return form
        words = _("Nothing was saved. What you typed is still here: change it, then save.")
        return type(form.__name__, (HeldForm, form), {"stale": words})

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return self._after(request, super().response_add(request, obj, *args, **kwargs))

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._after(request, super().response_change(request, obj))

    def response_delete(self, request: HttpRequest, *args: Any) -> Any:
        return self._after(request, super().response_delete(request, *args))

    def _after(self, request: Any, response: Any) -> Any:
        """It is done: remember what is not true now, and lead there.

        Whom a closure or time off hurts is noted; where it is one, to the screen of that.
        """
        request.untrue = _untrue(request)
        affecting.note(request.untrue)
        count = len(request.untrue)
        if not count:
            return response
        address = _where_dealt_with(_new(getattr(request, "untrue_before", {}), request.untrue))
        found = ngettext(
            "%(count)d booked visit is no longer true as it was told.",
            "%(count)d booked visits are no longer true as they were told.",
            count,
        ) % {"count": count}
        link = '{} <a href="{}">{}</a>'
        words = format_html(link, found, address, _("See them and call."))
        self.message_user(request, words, messages.WARNING)
        staying = {"_continue", "_addanother", "_popup"} & set(request.POST)
        return response if staying else HttpResponseRedirect(address)


def _where_dealt_with(new: Untrue) -> str:
    """The screen of the one absence that this saving hurts visits by, else the list of them all."""
    doubts = [doubt for found in new.values() for doubt in found]
    absences = hurt.named_in(doubts)
    if len(absences) == 1 and all(hurt.named_in([doubt]) for doubt in doubts):
        return absence.address_of(*absences.pop())
    return reverse("admin:booking_appointment_to_deal_with")


def _untrue(request: HttpRequest) -> Untrue:
    """What the user may see of visits that are not true as the rows are now; four queries."""
    if not frame.may(request, "view_appointment"):
        return {}
    visible = Appointment.objects.visible_to(frame.staff(request))
    return untrue(visible, timezone.now())


def _new(before: Untrue, after: Untrue) -> dict[Appointment, list[Doubt]]:
    """What is not so after, and was before: by visit, whatever else was not so of it already."""
    known = {(visit, doubt.code) for visit, doubts in before.items() for doubt in doubts}
    found = {
        visit: [doubt for doubt in doubts if (visit, doubt.code) not in known]
        for visit, doubts in after.items()
    }
    return {visit: doubts for visit, doubts in found.items() if doubts}


def _digest(found: Untrue) -> str:
    """Which visits were shown, and for what: others, come up meanwhile, are asked about again.

    In words: a new row is not saved under the number that it had in the saving taken back.
    """
    shown = [f"{visit.pk} {doubt.words}" for visit, doubts in found.items() for doubt in doubts]
    return hashlib.sha256("\n".join(sorted(shown)).encode()).hexdigest()[:12]


def _ask(request: HttpRequest, posted: QueryDict, found: Untrue, words: Words) -> HttpResponse:
    looking.saw_visits(request, found)
    context = {
        **first_of(found),
        "typed": [
            (name, value) for name, values in posted.lists() if name not in OWN for value in values
        ],
        "save": SAVE,
        "back": BACK,
        "affected": _digest(found),
        "yes": words.yes,
        "file_left": bool(request.FILES),
    }
    return frame.show(request, "save_and_list.html", str(words.title), context)
