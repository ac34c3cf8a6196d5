"""Who treats, where and when: therapists with hours and time off, closures, places, visit types."""

from datetime import timedelta
from itertools import combinations
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking.admin.affecting import AffectsVisits
from booking.admin.history import AuditedAdmin
from booking.admin.portraits import HasPortrait
from booking.models import Closure, Location, Therapist, TimeOff, VisitType, WorkingHours
from booking.visits import reminders

LONG_AGO = timedelta(days=31)
# One field with a label of its own, clinic time; the admin's pair of fields has none.
MOMENT = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
MOMENTS: Any = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MOMENT}}
MANAGED = ["active", "name", "slug", "credentials", "languages", "gender", "bio", "order", "user"]


class WorkingHoursFormSet(forms.models.BaseInlineFormSet):
    """A therapist's hours, judged together as they would stand: nobody is at two places at once."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):  # told first: what is not a time overlaps nothing
            return
        edited = [form for form in self.forms if form.has_changed()]
        typed = [form.instance for form in edited if not form.cleaned_data.get("DELETE")]
        known = {form.instance.pk for form in edited}
        # From the database: a colleague may have added hours since this page was opened.
        left = [rule for rule in self.get_queryset() if rule.pk not in known]
        rules = sorted([*typed, *left], key=lambda rule: (rule.weekday, rule.opens))
        clashes = [
            _clash(one, other)
            for one, other in combinations(rules, 2)
            if one.overlaps(other) and (one in typed or other in typed)
        ]
        if clashes:
            raise forms.ValidationError(clashes)


def _clash(one: WorkingHours, other: WorkingHours) -> str:
    words = _(
        "These hours overlap: %(one)s, and %(other)s. Change the times, or end one of them"
        " on the day before the other begins."
    )
    return words % {"one": _in_words(one), "other": _in_words(other)}


def _in_words(rule: WorkingHours) -> str:
    """A row as the page shows it: weekday, times, place, and the days on which it holds."""
    said = [f"{rule} {rule.location}"]
    first, last = rule.valid_from, rule.valid_until
    said += [_("from %(day)s") % {"day": date_format(first)}] if first else []
    said += [_("until %(day)s") % {"day": date_format(last)}] if last else []
    return " ".join(said)


class WorkingHoursInline(admin.TabularInline):
    """Weekly hours in clinic time; lunch is the gap between two."""

    model = WorkingHours
    formset = WorkingHoursFormSet
    extra = 0


class TimeOffInline(admin.TabularInline):
    """Time off; what ended more than a month ago is out of the way."""

    model = TimeOff
    extra = 1
    formfield_overrides = MOMENTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeOff]:
        return super().get_queryset(request).filter(ends_at__gte=timezone.now() - LONG_AGO)


@admin.register(Therapist)
class TherapistAdmin(HasPortrait, AffectsVisits, AuditedAdmin):
    """Hours and time off; the front desk changes time off and pauses, managers the rest."""

    list_display = ["name", "credentials", "active", "online_booking"]
    inlines = [TimeOffInline, WorkingHoursInline]
    history_parts = [TimeOff, WorkingHours]
    fields = ["online_booking", *MANAGED]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["portrait", *([] if self.has_add_permission(request) else MANAGED)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {"slug": ["name"]} if self.has_add_permission(request) else {}


@admin.register(Closure)
class ClosureAdmin(AffectsVisits, AuditedAdmin):
    """Days on which nobody treats."""

    list_display = ["name", "starts_at", "ends_at"]
    formfield_overrides = MOMENTS
    ordering = ["-starts_at"]


@admin.register(Location)
class LocationAdmin(AffectsVisits, AuditedAdmin):
    list_display = ["name", "address", "travel_minutes"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    prepopulated_fields = {"slug": ["name"]}


@admin.register(VisitType)
class VisitTypeAdmin(AffectsVisits, AuditedAdmin):
    list_display = ["name", "minutes", "active", "online", "price", "reminder_hours"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: VisitType, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "reminder_hours" in form.changed_data:
            reminders.follow(obj, timezone.now())
