"""Who treats, where and when: therapists with hours and time off, closures, places, visit types."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from booking import wording
from booking.admin.absences import SPAN, AbsenceForm
from booking.admin.affecting import AffectsVisits
from booking.admin.history import AuditedAdmin
from booking.admin.leaves import SaysWhoIsHurt
from booking.admin.own_places import OfAllPlaces, OfOwnPlaces, works_everywhere
from booking.admin.portraits import HasPortrait
from booking.admin.timetables import HasTimetables
from booking.models import (
    Closure,
    Location,
    LocationPicture,
    Therapist,
    TimeOff,
    VisitType,
    WorkingHours,
)
from booking.visits import reminders
from conditions.admin.pickers import PicksByArea
from conditions.admin.pictures import HasPictures, inline

FACTS = ["licence", "school", "treats_since", "interests", "own_words", "bio", "treats"]
MANAGED = ["active", "name", "slug", "credentials", "languages", "gender", *FACTS, "order", "user"]


@admin.register(Therapist)
class TherapistAdmin(
    OfOwnPlaces, PicksByArea, HasTimetables, HasPortrait, AffectsVisits, AuditedAdmin
):
    """Hours and time off; the front desk changes time off and pauses, managers the rest."""

    list_display = ["name", "credentials", "active", "online_booking"]
    history_parts = [TimeOff, WorkingHours]
    fields = ["online_booking", *MANAGED]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = [] if self.has_add_permission(request) else MANAGED
        return ["portrait", *self.timetables, *own]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {"slug": ["name"]} if self.has_add_permission(request) else {}


@admin.register(Closure)
class ClosureAdmin(OfAllPlaces, SaysWhoIsHurt, AffectsVisits, AuditedAdmin):
    """Days on which nobody treats."""

    list_display = ["name", "when", "patients"]
    form = AbsenceForm
    readonly_fields = ["patients"]
    ordering = ["-starts_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*(["patients"] if obj else []), "name", *SPAN]

    @admin.display(description=gettext_lazy("When"), ordering="starts_at")
    def when(self, closure: Closure) -> str:
        return wording.span(closure.starts_at, closure.ends_at)


@admin.register(Location)
class LocationAdmin(OfOwnPlaces, HasPictures, AffectsVisits, AuditedAdmin):
    """Where the clinic treats; another place is opened by whoever works at all of them."""

    deletes_several = False
    list_display = ["name", "address", "travel_minutes"]
    history_parts = [LocationPicture]
    inlines = [inline(LocationPicture)]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    prepopulated_fields = {"slug": ["name"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and works_everywhere(request)


@admin.register(VisitType)
class VisitTypeAdmin(OfAllPlaces, AffectsVisits, AuditedAdmin):
    deletes_several = False
    list_display = ["name", "minutes", "active", "online", "price", "reminder_hours"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: VisitType, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "reminder_hours" in form.changed_data:
            reminders.follow(obj, timezone.now())
