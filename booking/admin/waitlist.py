"""The earlier-time list: who waits, who was asked about which time, and what they said."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.admin import searching
from booking.admin.history import AuditedAdmin
from booking.admin.own_places import OwnTherapists
from booking.admin.read_only import ReadOnly
from booking.desk import finding, frame, person_data, wishes
from booking.models import Appointment, TimeOffer, WaitlistEntry

SHORT = "M j, P"  # lists have no room for more, and hold what is new
WISH = ["visit_link", "visit_type", "days", "parts", "therapist", "location", "until"]
WISH += ["confirmed_at", "source"]
CONTACT = ["who", "phone_link", "email_link"]
FIELDS: list[tuple[Any, Any]] = [
    (gettext_lazy("Patient"), {"fields": CONTACT}),
    (gettext_lazy("Wish"), {"fields": [*WISH, "state", "created_at"]}),
]


class LookedAt(ReadOnly, searching.SearchedAdmin, AuditedAdmin):
    """Rows that are found by the person whom they are about."""

    search_fields = ["name"]  # see `searching`
    search_help_text = gettext_lazy("Name, telephone number or part of it, e-mail, reference")
    show_full_result_count = False


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(LookedAt):
    """Who waits for a sooner time; the desk adds callers, changes what suits, takes people off."""

    list_display = ["who", "phone_link", "visit_link", "days", "parts", "asked", "state"]
    list_display += ["confirmed", "since"]
    list_filter = ["state", "visit_type"]
    ordering = ["-created_at"]
    fieldsets = FIELDS
    readonly_fields = [*CONTACT, *WISH, "state", "created_at"]
    change_form_template = "admin/booking/waitlistentry/change_form.html"

    def row_name(self, row: WaitlistEntry) -> str:
        return _("%(name)s, sooner") % {"name": row.contact.name}

    def get_urls(self) -> list[URLPattern]:
        views = {"close": wishes.end, "suits": wishes.change}
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"booking_waitlistentry_{name}",
            )
            for name, view in views.items()
        ]
        return own + super().get_urls()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return frame.may(request, "add_waitlistentry")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return wishes.add(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With the times that each was asked about: one query."""
        found = super().get_changelist_instance(request)
        visible = TimeOffer.objects.visible_to(frame.staff(request))
        offers = visible.with_standing(timezone.now())
        prefetch_related_objects(list(found.result_list), Prefetch("offers", offers))
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitlistEntry]:
        return WaitlistEntry.objects.visible_to(frame.staff(request)).with_details()

    def matching(self, typed: str) -> Q:
        visits = Appointment.objects.filter(finding.matching(typed))
        return finding.contact(typed) | Q(appointment__in=visits)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        wish = self.get_object(request, unquote(object_id))
        desk: dict[str, Any] = {}
        if wish is not None:
            offers = wish.offers.visible_to(frame.staff(request))
            desk = {
                "wish": wish,
                "offers": offers.with_details().with_standing(timezone.now()),
                "may_close": frame.may(request, "change_waitlistentry"),
                "may_erase": person_data.may(request),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **desk})

    @admin.display(description=gettext_lazy("patient"))
    def who(self, wish: WaitlistEntry) -> str:
        return wish.contact.name

    @admin.display(description=gettext_lazy("telephone"))
    def phone_link(self, wish: WaitlistEntry) -> SafeString | str:
        return frame.phone_link(wish.contact)

    @admin.display(description=gettext_lazy("e-mail"))
    def email_link(self, wish: WaitlistEntry) -> SafeString | str:
        return frame.email_link(wish.contact.email)

    @admin.display(description=gettext_lazy("visit now"))
    def visit_link(self, wish: WaitlistEntry) -> SafeString | str:
        visit = wish.appointment
        if visit is None:
            return _("None yet")
        address = reverse("admin:booking_appointment_change", args=[visit.pk])
        when = date_format(localtime(visit.starts_at), "D, M j, P")
        return format_html('<a href="{}">{}, {}</a>', address, when, visit.therapist.name)

    @admin.display(description=gettext_lazy("asked about"))
    def asked(self, wish: WaitlistEntry) -> str:
        """How many times, and the last one's answer."""
        offers = list(wish.offers.all())
        if not offers:
            return _("Nothing yet")
        when = date_format(localtime(offers[0].created_at), "M j, P")
        said = {"count": len(offers), "when": when, "answer": offers[0].answer}
        words = ngettext(
            "%(count)d time, %(when)s: %(answer)s",
            "%(count)d times, last %(when)s: %(answer)s",
            len(offers),
        )
        return words % said

    @admin.display(description=gettext_lazy("until"))
    def until(self, wish: WaitlistEntry) -> str:
        return date_format(localtime(wish.until), "D, M j, Y, P")

    @admin.display(description=gettext_lazy("confirmed"), ordering="confirmed_at")
    def confirmed(self, wish: WaitlistEntry) -> str:
        return date_format(localtime(wish.confirmed_at), SHORT) if wish.confirmed_at else ""

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def since(self, wish: WaitlistEntry) -> str:
        return date_format(localtime(wish.created_at), SHORT)

    @admin.display(description=gettext_lazy("days"))
    def days(self, wish: WaitlistEntry) -> str:
        return wish.days_in_words

    @admin.display(description=gettext_lazy("time of day"))
    def parts(self, wish: WaitlistEntry) -> str:
        return wish.parts_in_words


@admin.register(TimeOffer)
class TimeOfferAdmin(LookedAt):
    """Every question that was asked, and its answer."""

    list_display = ["asked", "who", "when", "therapist", "stands", "until", "answered"]
    list_filter = ["state", ("therapist", OwnTherapists)]
    ordering = ["-created_at"]
    fields = ["who", "phone_link", "wish", "when", "therapist", "visit_type", "location", "stands"]
    fields += ["created_at", "expires_at", "answered_at"]
    readonly_fields = ["who", "phone_link", "when", "wish", "stands"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeOffer]:
        visible = TimeOffer.objects.visible_to(frame.staff(request))
        return visible.with_details().with_standing(timezone.now())

    def matching(self, typed: str) -> Q:
        visits = Appointment.objects.filter(finding.matching(typed))
        wishes = WaitlistEntry.objects.filter(finding.contact(typed) | Q(appointment__in=visits))
        return Q(entry__in=wishes)

    @admin.display(description=gettext_lazy("who was asked"))
    def who(self, offer: TimeOffer) -> str:
        return offer.name

    @admin.display(description=gettext_lazy("telephone"))
    def phone_link(self, offer: TimeOffer) -> SafeString | str:
        return frame.phone_link(offer.entry.contact)

    @admin.display(description=gettext_lazy("time"), ordering="starts_at")
    def when(self, offer: TimeOffer) -> str:
        return date_format(localtime(offer.starts_at), "D, M j, Y, P")

    @admin.display(description=gettext_lazy("asked"), ordering="created_at")
    def asked(self, offer: TimeOffer) -> str:
        return date_format(localtime(offer.created_at), SHORT)

    @admin.display(description=gettext_lazy("answer until"), ordering="expires_at")
    def until(self, offer: TimeOffer) -> str:
        return date_format(localtime(offer.expires_at), SHORT)

    @admin.display(description=gettext_lazy("answered"), ordering="answered_at")
    def answered(self, offer: TimeOffer) -> str:
        return date_format(localtime(offer.answered_at), SHORT) if offer.answered_at else ""

    @admin.display(description=gettext_lazy("answer"), ordering="stands")
    def stands(self, offer: TimeOffer) -> str:
        return offer.answer

    @admin.display(description=gettext_lazy("wish"))
    def wish(self, offer: TimeOffer) -> SafeString:
        address = reverse("admin:booking_waitlistentry_change", args=[offer.entry_id])
        words = _("%(name)s, sooner") % {"name": offer.entry.contact.name}
        return format_html('<a href="{}">{}</a>', address, words)
