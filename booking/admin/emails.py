"""What was mailed, what waits, and what was given up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from booking.admin.filters import CallFilter
from booking.admin.read_only import ReadOnly
from booking.desk import frame
from booking.models import Appointment, OutgoingEmail, Series
from booking.visits import sending_again
from conditions.admin.acting import ActsInTurn

WHEN = "D, M j, P"
SHOWN = ["about", "phone_link", "kind", "state", "made", "due", "sent", "tries", "last_error"]


def visible(request: HttpRequest) -> QuerySet[OutgoingEmail]:
    """Messages that the user may see."""
    return OutgoingEmail.objects.visible_to(frame.staff(request))


def series_link(series: Series) -> SafeString:
    """To the page of a series, by the name of who comes."""
    words = f"{series.name}, {series}" if series.name else str(series)
    return format_html('<a href="{}">{}</a>', reverse("desk:series_of", args=[series.pk]), words)


@require_POST
@frame.requires("change_appointment")
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Owe a message once more that was given up."""
    message = get_object_or_404(visible(request).select_related("appointment", "enquiry"), pk=pk)
    frame.attempt(
        request,
        lambda: sending_again.try_email_again(message=message, now=timezone.now()),
        _("The message is on its way again."),
    )
    return HttpResponseRedirect(reverse("admin:booking_outgoingemail_changelist"))


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(ReadOnly, ActsInTurn):
    """The outbox, to look at; what was given up can be sent again."""

    list_display = ["about", "phone_link", "kind", "state", "made", "tries", "last_error"]
    list_display_links = ["made"]
    fields = [*SHOWN]
    readonly_fields = [*SHOWN]
    list_filter = [CallFilter, "state", "kind"]
    list_select_related = ["appointment", "enquiry", "wish__appointment"]
    list_select_related += ["offer__entry__appointment"]
    show_full_result_count = False
    keeps_history = False

    def row_name(self, row: OutgoingEmail) -> str:
        """What it says, and to whom."""
        name = getattr(row.contact, "name", "")
        return f"{row.get_kind_display()}, {name}" if name else row.get_kind_display()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(try_again)
        own = [path("<int:pk>/again/", view, name="booking_outgoingemail_again")]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingEmail]:
        return visible(request).prefetch_related("series__visits")

    def get_list_display(self, request: HttpRequest) -> Any:
        clicks = ["send_again"] if frame.may(request, "change_appointment") else []
        return [*self.list_display, *clicks]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of none by itself; those to a user go with the user."""
        return obj is not None and obj.user_id is not None

    @admin.display(description=gettext_lazy("about"))
    def about(self, message: OutgoingEmail) -> SafeString:
        row = message.about
        if isinstance(row, Series):
            return series_link(row)
        address = reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])
        words = f"{row.name} {row}" if isinstance(row, Appointment) else row.name
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=gettext_lazy("telephone"))
    def phone_link(self, message: OutgoingEmail) -> SafeString | str:
        contact = message.contact
        return frame.phone_link(contact) if contact else ""

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def made(self, message: OutgoingEmail) -> str:
        return date_format(localtime(message.created_at), WHEN)

    @admin.display(description=gettext_lazy("goes out"))
    def due(self, message: OutgoingEmail) -> str:
        return date_format(localtime(message.due_at), WHEN)

    @admin.display(description=gettext_lazy("went out"))
    def sent(self, message: OutgoingEmail) -> str:
        return date_format(localtime(message.sent_at), WHEN) if message.sent_at else _("Not yet")

    @admin.display(description=gettext_lazy("tries"), ordering="attempts")
    def tries(self, message: OutgoingEmail) -> int:
        return message.attempts

    @admin.display(description=gettext_lazy("one click"))
    def send_again(self, message: OutgoingEmail) -> SafeString | str:
        if message.state != OutgoingEmail.State.GIVEN_UP or message.offer_id:
            return ""
        address = reverse("admin:booking_outgoingemail_again", args=[message.pk])
        return frame.list_button(address, _("Send again"))
