"""Who looked at whom, for managers: by a person or by a member of staff, to read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.admin.own_places import OwnColleagues
from booking.admin.waitlist import LookedAt
from booking.desk import finding, frame, looking
from booking.desk.find import KEY
from booking.models import Appointment, Look, WaitlistEntry
from booking.models.staff_places import of_places
from booking.records import looks
from booking.records.people import person_of

Kind = Look.Kind
# What staff know pages as; of the others their kind says it.
PAGES = {
    "desk:day": gettext_lazy("Day"),
    "desk:board": gettext_lazy("Day"),
    "desk:week": gettext_lazy("Week"),
    "desk:paper": gettext_lazy("Printed"),
    "desk:calls": gettext_lazy("Call list"),
    "desk:visit": gettext_lazy("Details beside the day"),
    "desk:find": gettext_lazy("Found"),
    "desk:people": gettext_lazy("Found while typing"),
    "desk:person": gettext_lazy("All visits of a person"),
    "desk:person_copy": gettext_lazy("All that we keep of them"),
    "desk:person_erase": gettext_lazy("Erase them"),
    "desk:wish_copy": gettext_lazy("All that we keep of them"),
    "desk:wish_erase": gettext_lazy("Erase them"),
    "desk:question_copy": gettext_lazy("All that we keep of them"),
    "desk:question_erase": gettext_lazy("Erase them"),
    "desk:to_do": gettext_lazy("To do"),
}
ENDS = {
    "changelist": gettext_lazy("List"),
    "change": gettext_lazy("Details"),
    "history": gettext_lazy("Who changed what"),
}
CHANGE = "admin:booking_{}_change"
LINKS = {
    Kind.VISIT: CHANGE.format("appointment"),
    Kind.WISH: CHANGE.format("waitlistentry"),
    Kind.OFFER: CHANGE.format("timeoffer"),
    Kind.EMAIL: CHANGE.format("outgoingemail"),
    Kind.QUESTION: CHANGE.format("enquiry"),
    Kind.CHANGE: "admin:auditlog_logentry_change",
    Kind.SERIES: "desk:series_of",
}


class PersonFilter(admin.SimpleListFilter):
    """Looks at one person: whoever has the visit in the address."""

    title = gettext_lazy("whom")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        key = request.GET.get(self.parameter_name)
        return [(key, _("One person"))] if key else []

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        if not (key := self.value()):
            return None
        visit = Appointment.objects.filter(pk=key).first() if KEY.fullmatch(key) else None
        return queryset.filter(looks.of_person(person_of(visit))) if visit else queryset.none()


@admin.register(Look)
class LookAdmin(LookedAt):
    """Written as pages are shown; nobody changes it. For whoever works at all places."""

    list_display = ["when", "who", "whom", "where"]
    list_display_links = ["when"]
    list_filter = [PersonFilter, ("by", OwnColleagues)]
    list_select_related = ["by"]
    list_per_page = 50
    keeps_history = False
    ordering = ["-at", "-pk"]
    fields = ["when", "who", "whom", "where"]
    readonly_fields = ["when", "who", "whom", "where"]
    search_help_text = gettext_lazy("A patient's name, telephone number, e-mail, reference")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """None for who works at some places alone: days and lists are of all."""
        return super().get_queryset(request).filter(of_places(frame.staff(request)))

    def matching(self, typed: str) -> Q:
        visits = Appointment.objects.filter(finding.matching(typed)).order_by()
        wishes = WaitlistEntry.objects.filter(finding.contact(typed)).order_by()
        series = visits.filter(series__isnull=False)
        return (
            Q(kind=Kind.VISIT, key__in=visits.values("pk"))
            | Q(kind=Kind.SERIES, key__in=series.values("series"))
            | Q(kind=Kind.WISH, key__in=wishes.values("pk"))
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With the visits that were looked at: one query."""
        found = super().get_changelist_instance(request)
        keys = {look.key for look in found.result_list if look.kind == Kind.VISIT}
        visits = Appointment.objects.in_bulk(keys)
        for look in found.result_list:
            look.visit = visits.get(look.key) if look.kind == Kind.VISIT else None
        looking.saw_visits(request, visits.values())
        return found

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, look: Look) -> str:
        return date_format(localtime(look.at), "D, M j, Y, P")

    @admin.display(description=gettext_lazy("who"), ordering="by")
    def who(self, look: Look) -> str:
        return str(look.by) if look.by else _("Somebody who has left")

    @admin.display(description=gettext_lazy("at whom"))
    def whom(self, look: Look) -> SafeString | str:
        """A visit by its name, for as long as it is there; what else by its number."""
        if look.kind == Kind.LIST:
            return ""
        if look.kind == Kind.DAY:
            day = datetime.strptime(str(look.key), looking.DAY)
            return date_format(day, "D, M j, Y")
        visit = getattr(look, "visit", None)
        words = visit.name if visit else f"{look.get_kind_display()} {look.key}"
        try:
            address = reverse(LINKS[Kind(look.kind)], args=[look.key])
        except NoReverseMatch:
            return words
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=gettext_lazy("page"), ordering="page")
    def where(self, look: Look) -> str:
        """What the page is called, of rows with the rows' own name."""
        if look.page in PAGES:
            return str(PAGES[look.page])
        start, _line, end = look.page.rpartition("_")
        kind = Kind(looking.ROWS.get(start, look.kind)).label
        return f"{kind}: {ENDS[end]}" if end in ENDS else str(kind)
