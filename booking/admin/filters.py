"""Which appointments the list shows."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.calendars import hours
from booking.models import OutgoingEmail, Source


class NewFilter(admin.SimpleListFilter):
    """Booked since yesterday began, and by whom."""

    title = _("new since yesterday")
    parameter_name = "new"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("any", _("Online or front desk")), *Source.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        if self.value() is None:
            return None
        new = queryset.new_since_yesterday(timezone.now())
        return new.filter(source=self.value()) if self.value() in Source.values else new


class WhenFilter(admin.SimpleListFilter):
    """Which days, in clinic time."""

    title = _("day")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("coming", _("Today and later")),
            ("past", _("Before today")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        first = hours.today(timezone.now())
        today, tomorrow, after = (hours.day_start(first + timedelta(days=n)) for n in range(3))
        asked = {
            "today": {"starts_at__gte": today, "starts_at__lt": tomorrow},
            "tomorrow": {"starts_at__gte": tomorrow, "starts_at__lt": after},
            "coming": {"starts_at__gte": today},
            "past": {"starts_at__lt": today},
        }.get(self.value() or "")
        return queryset.filter(**asked) if asked else None


class MailFilter(admin.SimpleListFilter):
    """Visits about which a message did not arrive."""

    title = _("e-mail")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("given-up", _("Given up")), ("none", _("No address"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        if self.value() == "none":
            return queryset.filter(email="")
        if self.value() == "given-up":
            return queryset.filter(Exists(OutgoingEmail.objects.lost_of_visit()))
        return None


class CallFilter(admin.SimpleListFilter):
    """Messages that could not be sent, about what is still to come."""

    title = _("what to do")
    parameter_name = "to"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("call", _("Call them"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return queryset.to_telephone(timezone.now()) if self.value() == "call" else None
