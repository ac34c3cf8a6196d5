"""Appointments: find them, see all about one; every change goes through a service."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from booking.admin import searching
from booking.admin.filters import MailFilter, NewFilter, WhenFilter
from booking.admin.history import AuditedAdmin, changes
from booking.admin.own_places import OwnTherapists
from booking.desk import (
    affected,
    callers,
    cancellation,
    cancelling,
    contact,
    estimates,
    frame,
    moves,
    news,
    statuses,
    undo,
)
from booking.earlier import waitlist
from booking.models import Appointment, Estimate, TimeOffer, WaitlistEntry
from booking.models.appointment import NEEDS
from booking.models.series import numbered
from booking.transactions import locked
from booking.visits import corrections

VIEWS = [
    ("day/", RedirectView.as_view(pattern_name="desk:day", query_string=True), "day"),
    ("seen/", news.mark_seen, "seen"),
    ("to-deal-with/", affected.to_deal_with, "to_deal_with"),
    ("to-deal-with/tell/", affected.tell_all, "tell_all"),
    ("twice/", affected.twice, "twice"),
    ("<int:pk>/keep/", affected.keep, "keep"),
    ("<int:pk>/tell/", affected.tell, "tell"),
    ("cancel-many/", cancelling.cancel_many, "cancel_many"),
    ("estimates/", estimates.owed, "estimates"),
    ("<int:pk>/estimate/<slug:answer>/", estimates.say_given, "estimate"),
    ("<int:pk>/status/<slug:status>/", statuses.set_status, "status"),
    ("<int:pk>/cancel/", cancellation.cancel, "cancel"),
    ("<int:pk>/undo/", undo.undo, "undo"),
    ("<int:pk>/move/", moves.move, "move"),
    ("<int:pk>/contact/", contact.correct, "contact"),
    ("<int:pk>/send-again/", contact.send_again, "send_again"),
]
EDITED = ["booked_by", *NEEDS, "note"]  # the rest has pages of its own
LATEST = 5  # changes on the card


def _numbered(visit: Appointment) -> Appointment | None:
    """A visit of a series with its number in it."""
    return numbered(Appointment.objects.filter(pk=visit.pk)).first() if visit.series_id else None


def _estimate(visit: Appointment) -> str:
    """How far the estimate of what it costs is, where one is owed."""
    found = Estimate.objects.filter(appointment=visit).first()
    if found is None:
        return ""
    if found.given_at is None:
        return gettext("Due %(day)s") % {"day": date_format(found.due_on, "D, M j")}
    return gettext("Given %(day)s") % {"day": date_format(localtime(found.given_at), "D, M j, P")}


def _wishes(request: HttpRequest, visit: Appointment) -> QuerySet[WaitlistEntry]:
    """When a sooner time was wished for, and what was offered."""
    visible = TimeOffer.objects.visible_to(frame.staff(request))
    offers = visible.select_related("therapist").with_standing(timezone.now())
    return visit.wishes.select_related("appointment").prefetch_related(Prefetch("offers", offers))


@admin.register(Appointment)
class AppointmentAdmin(searching.SearchedAdmin, AuditedAdmin):
    """Needs and the private note are edited here; the rest has pages of its own."""

    list_display = [
        "when",
        "patient",
        "phone_link",
        "therapist_name",
        "status_said",
        "source",
        "coming",
    ]
    list_filter = [WhenFilter, NewFilter, "status", MailFilter, ("therapist", OwnTherapists)]
    list_filter += ["visit_type"]
    list_select_related = ["therapist", "visit_type"]
    list_per_page = 50
    search_fields = ["name"]  # see `searching`
    search_help_text = _("Name, telephone number or part of it, e-mail, reference")
    ordering = ["-starts_at"]
    history_nobody = _("Online")
    history_parts = [Estimate]
    show_full_result_count = False
    change_form_template = "admin/booking/appointment/change_form.html"
    fields = [*EDITED]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(address, self.admin_site.admin_view(view), name=f"booking_appointment_{name}")
            for address, view, name in VIEWS
        ]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return Appointment.objects.visible_to(frame.staff(request))

    def row_name(self, row: Appointment) -> str:
        return row.name

    def get_list_display(self, request: HttpRequest) -> Any:
        clicks = ["clicks"] if frame.may(request, "set_appointment_status") else []
        return [*self.list_display, *clicks]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # for nobody: what happened stays on record

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return callers.book(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        visit, now = self.get_object(request, unquote(object_id)), timezone.now()
        desk: dict[str, Any] = {}
        if visit is not None:
            clicks = statuses.clicks(request, visit, now)
            desk = {
                **clicks,
                "visit": visit,
                "estimate": _estimate(visit),
                "changes": changes(visit, self.history_parts, LATEST),
                "nobody": self.history_nobody,
                "numbered": _numbered(visit),
                **frame.kept(request),
                "show_save_and_add_another": False,
                "show_save_and_continue": False,
                "emails": visit.emails.all() if clicks["may_change"] else [],
                "may_wait": frame.may(request, "add_waitlistentry")
                and waitlist.may_join(visit, now),
                "withheld": visit.staff_changes.filter(withheld=True).order_by("-sequence"),
                "wishes": (
                    _wishes(request, visit) if frame.may(request, "view_waitlistentry") else []
                ),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **desk})

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to its card, where what was saved stands."""
        return HttpResponseRedirect(reverse("admin:booking_appointment_change", args=[obj.pk]))

    def lock(self, row: Any) -> None:
        locked(row)  # the therapist first, as every service does: no deadlock

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in form.changed_data}
        corrections.correct(appointment=obj, changes=said, now=timezone.now())

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, visit: Appointment) -> str:
        return date_format(localtime(visit.starts_at), "D, M j, Y, P")

    @admin.display(description=_("patient"), ordering="name")
    def patient(self, visit: Appointment) -> SafeString:
        return render_to_string("admin/booking/includes/list_patient.html", {"visit": visit})

    @admin.display(description=_("status"), ordering="status")
    def status_said(self, visit: Appointment) -> str:
        return visit.status_said

    @admin.display(description=_("therapist"), ordering="therapist__name")
    def therapist_name(self, visit: Appointment) -> str:
        return visit.therapist.name

    @admin.display(description=_("said they will come"), ordering="confirmed_at")
    def coming(self, visit: Appointment) -> str:
        return date_format(localtime(visit.confirmed_at), "M j") if visit.confirmed_at else ""

    @admin.display(description=_("telephone"))
    def phone_link(self, visit: Appointment) -> SafeString | str:
        return frame.phone_link(visit)

    @admin.display(description=_("one click"))
    def clicks(self, visit: Appointment) -> SafeString:
        context = {"visit": visit, "buttons": statuses.offered(visit, timezone.now())}
        return render_to_string("admin/booking/includes/list_clicks.html", context)
