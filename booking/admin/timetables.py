"""A therapist's hours and time off: the next rows on the therapist's page, all in lists."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import wording
from booking.admin.absences import SPAN, AbsenceForm
from booking.admin.affecting import AffectsVisits
from booking.admin.history import AuditedAdmin
from booking.admin.leaves import SaysWhoIsHurt
from booking.admin.own_places import OfOwnPlaces, OwnTherapists, PicksOwnPlaces, visible
from booking.desk import frame
from booking.models import Therapist, TimeOff, WorkingHours
from conditions.admin.words import PlainFields

# Rows of each kind on a therapist's page, and how many more it takes at once. A form is refused
# from 1,000 fields on: 52 rows of hours with 9 fields and 52 of time off with 8 are 884.
SHOWN, ADDED = 40, 12
FROM_THE_FIRST = F("valid_from").asc(nulls_first=True)
LONGEST_KEY = 18  # digits that every database takes for a number


def clashes(typed: Sequence[WorkingHours], left: Iterable[WorkingHours]) -> list[str]:
    """In words, which hours that were typed overlap each other, or others of their therapist."""
    pairs = [*combinations(typed, 2), *product(typed, left)]
    found = [sorted(pair, key=_in_week) for pair in pairs if pair[0].overlaps(pair[1])]
    return [_clash(*pair) for pair in sorted(found, key=lambda pair: list(map(_in_week, pair)))]


def _in_week(rule: WorkingHours) -> tuple[Any, ...]:
    return rule.weekday, rule.opens


def _clash(one: WorkingHours, other: WorkingHours) -> str:
    words = _(
        "These hours overlap: %(one)s, and %(other)s. Change the times, or end one of them"
        " on the day before the other begins."
    )
    return words % {"one": _in_words(one), "other": _in_words(other)}


def _in_words(rule: WorkingHours) -> str:
    """A row as the page shows it: weekday, times, place, and the days on which it holds."""
    said = [f"{rule}, {rule.location}"]
    first, last = rule.valid_from, rule.valid_until
    said += [_("from %(day)s") % {"day": date_format(first)}] if first else []
    said += [_("until %(day)s") % {"day": date_format(last)}] if last else []
    return " ".join(said)


def others(therapist: Any, known: Iterable[Any]) -> QuerySet[WorkingHours]:
    """The therapist's hours but for those: also what no page shows, or a colleague has added."""
    rules = WorkingHours.objects.filter(therapist=therapist).select_related("location")
    return rules.exclude(pk__in=[pk for pk in known if pk])


class WorkingHoursFormSet(forms.models.BaseInlineFormSet):
    """A therapist's hours, judged together as they would stand: nobody is at two places at once."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):  # told first: what is not a time overlaps nothing
            return
        edited = [form for form in self.forms if form.has_changed()]
        typed = [form.instance for form in edited if not form.cleaned_data.get("DELETE")]
        left = others(self.instance.pk, [form.instance.pk for form in edited])
        if found := clashes(typed, left):
            raise forms.ValidationError(found)


class NextRows(PicksOwnPlaces, PlainFields, admin.TabularInline):
    """The next of a therapist's rows: those that have not ended, and no more than a form holds.

    On its way back the form has the rows that it was opened with, whatever comes first by now.
    """

    accessor: str  # of the therapist's rows, which is also how their fields begin
    soonest: Sequence[Any]
    max_num = SHOWN + ADDED

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        order = ["has_ended", *self.soonest, "pk"]
        place = Window(RowNumber(), partition_by="therapist", order_by=order)
        every: Any = super().get_queryset(request)
        rows = (
            every.visible_to(frame.staff(request)).with_ended(timezone.now()).annotate(place=place)
        )
        return rows.filter(Q(has_ended=False, place__lte=SHOWN) | Q(pk__in=self._posted(request)))

    def _posted(self, request: HttpRequest) -> list[int]:
        """Keys of the rows that a form was sent with."""
        key = re.compile(rf"{self.accessor}-[0-9]+-id")
        sent = [value for name, value in request.POST.items() if key.fullmatch(name)]
        return [int(pk) for pk in map(str, sent) if pk.isdecimal() and len(pk) <= LONGEST_KEY]


class WorkingHoursInline(NextRows):
    """Weekly hours in clinic time; lunch is the gap between two."""

    model = WorkingHours
    formset = WorkingHoursFormSet
    accessor = "working_hours"
    soonest = [FROM_THE_FIRST, "weekday", "opens"]
    ordering = ["weekday", "opens", FROM_THE_FIRST, "pk"]
    extra = 0


class TimeOffInline(NextRows):
    """Time off that is still to come, or not yet over."""

    model = TimeOff
    accessor = "time_off"
    soonest = ["starts_at"]
    extra = 1
    form = AbsenceForm
    fields = [*SPAN, "reason"]


class HasTimetables(admin.ModelAdmin):
    """Shows a therapist's next rows, and leads to the lists of those that the page leaves out."""

    inlines = [TimeOffInline, WorkingHoursInline]
    timetables = ["all_time_off", "all_working_hours"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_fields(request, obj), *(self.timetables if obj else [])]

    @admin.display(description=gettext_lazy("Time off"))
    def all_time_off(self, therapist: Therapist) -> str:
        return self._left_out(therapist.time_off)

    @admin.display(description=gettext_lazy("Working hours"))
    def all_working_hours(self, therapist: Therapist) -> str:
        return self._left_out(therapist.working_hours)

    def _left_out(self, rows: Any) -> str:
        ended = Count("pk", filter=Q(has_ended=True))
        found = rows.with_ended(timezone.now()).aggregate(every=Count("pk"), ended=ended)
        context = {
            "therapist": rows.instance,
            "list": f"admin:booking_{rows.model._meta.model_name}_changelist",
            "ended": found["ended"],
            "coming": found["every"] - found["ended"],
            "shown": SHOWN,
        }
        return render_to_string("admin/booking/includes/left_out.html", context)


class EndedFilter(admin.SimpleListFilter):
    """What is over, or what is not."""

    title = gettext_lazy("when")
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("no", _("Now or to come")), ("yes", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        asked = {"yes": True, "no": False}.get(self.value() or "")
        if asked is None:
            return None
        return queryset.with_ended(timezone.now()).filter(has_ended=asked)


class TimetableAdmin(OfOwnPlaces, AffectsVisits, AuditedAdmin):
    """All rows of a kind, one page each; the therapist's page leads here, and adds rows."""

    list_filter = [EndedFilter, ("therapist", OwnTherapists)]
    list_select_related = ["therapist"]
    list_per_page = 50
    readonly_fields = ["therapist"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One by one: a page that asks about a thousand rows would meet the limit of fields."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # not on the front page: reached from the therapist

    def lock(self, row: Any) -> None:
        """The therapist too, as the therapist's page does: of two rows saved at once that overlap,
        the second is compared with the first.
        """
        list(Therapist.objects.select_for_update(no_key=True).filter(pk=row.therapist_id))
        super().lock(row)


class WorkingHoursForm(forms.ModelForm):
    """One rule, which overlaps no other of its therapist."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors or not self.has_changed():
            return data
        row = self.instance
        rule = WorkingHours(pk=row.pk, therapist_id=row.therapist_id, **data)
        if found := clashes([rule], others(row.therapist_id, [row.pk])):
            raise forms.ValidationError(found)
        return data


@admin.register(WorkingHours)
class WorkingHoursAdmin(TimetableAdmin):
    form = WorkingHoursForm
    list_display = ["__str__", "location", "valid_from", "valid_until", "therapist"]
    list_select_related = ["therapist", "location"]
    ordering = [F("valid_from").desc(nulls_last=True), "weekday", "opens"]


@admin.register(TimeOff)
class TimeOffAdmin(SaysWhoIsHurt, TimetableAdmin):
    """Also entered here, of one therapist on a day: where the day's sheet leads."""

    list_display = ["when", "reason", "therapist", "patients"]
    form = AbsenceForm
    ordering = ["-starts_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*(["patients"] if obj else []), "therapist", *SPAN, "reason"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["patients", "therapist"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "therapist":
            options["queryset"] = visible(request, Therapist).filter(active=True)
        return super().formfield_for_foreignkey(db_field, request, **options)

    @admin.display(description=gettext_lazy("When"), ordering="starts_at")
    def when(self, row: TimeOff) -> str:
        return wording.span(row.starts_at, row.ends_at)
