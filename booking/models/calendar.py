"""Where and when the clinic treats: locations, hours, time off, closures."""

from datetime import date, datetime, time
from typing import Self
from urllib.parse import urlencode

from auditlog.registry import auditlog
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from booking import wording
from booking.models.staff_places import of_places
from booking.models.therapists import Therapist

MOST_TRAVEL_MINUTES = 4 * 60
MIDNIGHT = time.min  # as a closing time: the end of the day
FIRST_YEAR, LAST_YEAR = 2000, 2200  # the calendar's own last evening has no moment in UTC


class LocationQuerySet(models.QuerySet["Location"]):
    """Questions about places."""

    def visible_to(self, user: PermissionsMixin) -> "LocationQuerySet":
        """Those at which a user of the staff works."""
        return self.filter(of_places(user, "pk"))


@auditlog.register(exclude_fields=["working_hours", "appointments", "pictures"])
class Location(models.Model):
    """Where the clinic treats."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    street = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    region = models.CharField(_("state"), max_length=50, blank=True)
    postal_code = models.CharField(_("ZIP code"), max_length=20, blank=True)
    access = models.TextField(
        blank=True, help_text=_("How to get in without steps, lift, nearest stop.")
    )
    parking = models.TextField(blank=True)
    by_car = models.TextField(blank=True, help_text=_("The way here, for who drives."))
    by_bus = models.TextField(_("by bus or train"), blank=True)
    on_foot = models.TextField(blank=True)
    travel_minutes = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(MOST_TRAVEL_MINUTES)],
        help_text=_(
            "Minutes that a therapist needs between a visit here and one at another location."
            " Of two locations the longer counts."
        ),
    )
    phone = models.CharField(
        max_length=40, blank=True, help_text=_("Only if it differs from the clinic's.")
    )
    map_url = models.URLField(
        _("map link"),
        blank=True,
        help_text=_("Where “Directions” leads. Empty: a map that finds the address."),
    )

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Postal address on one line."""
        town = " ".join(part for part in [self.region, self.postal_code] if part)
        return ", ".join(part for part in [self.street, self.city, town] if part)

    @property
    def directions_url(self) -> str:
        """Where a tap shows the way here: a phone opens it in its own app of maps."""
        asked = urlencode({"api": 1, "destination": self.address})
        return self.map_url or f"https://www.google.com/maps/dir/?{asked}"

    @property
    def in_full(self) -> str:
        """Name and address, as a message about a visit tells them."""
        return f"{self.name}, {self.address}"


class Weekday(models.IntegerChoices):
    """As `datetime.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def _true_where(**holds: object) -> Case:
    return Case(When(**holds, then=Value(True)), default=Value(False))


class WorkingHoursQuerySet(models.QuerySet):
    """Questions about weekly rules."""

    def visible_to(self, user: PermissionsMixin) -> "WorkingHoursQuerySet":
        """Those at the places of a user of the staff. Not whether they may see them."""
        return self.filter(of_places(user, "location"))

    def on(self, day: date) -> "WorkingHoursQuerySet":
        """Those that hold on a clinic day."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        left = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        return self.filter(begun, left, weekday=day.weekday())

    def with_ended(self, now: datetime) -> "WorkingHoursQuerySet":
        """Each with `has_ended`: whether its last day is over."""
        return self.annotate(has_ended=_true_where(valid_until__lt=timezone.localdate(now)))


@auditlog.register()
class WorkingHours(models.Model):
    """A weekly rule in clinic time; lunch is the gap between two of them."""

    therapist = models.ForeignKey(Therapist, models.CASCADE, related_name="working_hours")
    location = models.ForeignKey(Location, models.PROTECT, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(help_text=_("00:00 is midnight, when the day ends."))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Last day on which it holds.")
    )

    objects = WorkingHoursQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT),
                name="booking_workinghours_closes_after_opens",
                violation_error_message=_("Closing must be after opening."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="booking_workinghours_weekday_exists"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="booking_workinghours_until_not_before_from",
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        opens, closes = time_format(self.opens, "P"), time_format(self.closes, "P")
        return f"{self.get_weekday_display()}, {opens} – {closes}"

    def overlaps(self, other: "WorkingHours") -> bool:
        """Whether a moment of some day lies in both: nobody works at two places at once."""
        first = max(self.valid_from or date.min, other.valid_from or date.min)
        last = min(self.valid_until or date.max, other.valid_until or date.max)
        same_time = other.closes_after(self.opens) and self.closes_after(other.opens)
        return self.weekday == other.weekday and same_time and first <= last

    def closes_after(self, wall: time) -> bool:
        """Whether it closes later in the day than that."""
        return self.closes == MIDNIGHT or wall < self.closes


class IntervalQuerySet(models.QuerySet):
    """Rows with `starts_at` and `ends_at`, half-open."""

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """Rows that share a moment with [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def with_ended(self, now: datetime) -> "IntervalQuerySet":
        """Each with `has_ended`: whether it is over."""
        return self.annotate(has_ended=_true_where(ends_at__lte=now))


def years_in_words() -> str:
    """Which years an absence may lie in, as an error of a form."""
    years = {"first": FIRST_YEAR, "last": LAST_YEAR}
    return str(_("Enter a year from %(first)s to %(last)s.") % years)


class Absence(models.Model):
    """A dated interval without visits."""

    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    objects = IntervalQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            )
        ]

    def clean(self) -> None:
        for field in ("starts_at", "ends_at"):
            value = getattr(self, field)
            if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
                raise ValidationError({field: years_in_words()})
            if value and (value.second or value.microsecond):
                raise ValidationError({field: _("Enter whole minutes.")})


class TimeOffQuerySet(IntervalQuerySet):
    """Questions about time off."""

    def visible_to(self, user: PermissionsMixin) -> "TimeOffQuerySet":
        """That of the therapists whom a user of the staff has to do with. Not whether they may."""
        return self.filter(therapist__in=Therapist.objects.visible_to(user).order_by().values("pk"))


@auditlog.register()
class TimeOff(Absence):
    """When one therapist is away. May lie over booked visits, which the desk then deals with."""

    therapist = models.ForeignKey(Therapist, models.CASCADE, related_name="time_off")
    reason = models.CharField(
        max_length=100, blank=True, help_text=_("For staff; patients do not see it.")
    )

    objects = TimeOffQuerySet.as_manager()  # type: ignore[misc]  # the plugin's own limit

    class Meta(Absence.Meta):
        verbose_name_plural = _("time off")

    def __str__(self) -> str:
        return wording.span(self.starts_at, self.ends_at)


@auditlog.register()
class Closure(Absence):
    """When the whole clinic is closed, such as a public holiday."""

    name = models.CharField(max_length=100, help_text=_("Patients see it, such as Thanksgiving."))

    def __str__(self) -> str:
        return self.name


@auditlog.register()
class OnlineBooking(models.Model):
    """The clinic's switch: one row, or none while nobody has touched it."""

    paused = models.BooleanField(
        default=False,
        help_text=_("Patients see no times and are asked to call; the desk can still book."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("online booking")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="booking_onlinebooking_one_row")
        ]

    def __str__(self) -> str:
        return str(_("paused") if self.paused else _("open"))
