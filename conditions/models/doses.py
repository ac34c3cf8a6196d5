"""How much of an exercise, as data. `conditions.pages.dose` makes one sentence of it."""

from functools import reduce
from operator import and_, or_

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# A dose says at least one of these.
AMOUNTS = ["repetitions_min", "duration_seconds", "hold_seconds", "hold_breaths"]
RANGES = {
    "repetitions": ("repetitions_min", "repetitions_max"),
    "hold": ("hold_seconds", "hold_seconds_max"),
    "breaths": ("hold_breaths", "hold_breaths_max"),
    "weeks": ("weeks", "weeks_max"),
}
OFTEN = ["times_a_day", "days_a_week", "weeks"]
DOSE_NUMBERS = [*AMOUNTS, "sets", "rest_seconds", *OFTEN]
DOSE_FIELDS = [*DOSE_NUMBERS, *(high for _low, high in RANGES.values()), "per"]


def is_null(field: str) -> Q:
    return Q(**{f"{field}__isnull": True})


def _range(low: str, high: str) -> Q:
    """Either no upper end, or a lower end that is smaller."""
    return is_null(high) | Q(**{f"{high}__gt": F(low), f"{low}__isnull": False})


SAYS_HOW_MUCH = reduce(or_, (~is_null(field) for field in AMOUNTS))
SAYS_NOTHING = reduce(and_, (is_null(field) for field in DOSE_FIELDS if field != "per"), Q(per=""))


class Dosed(models.Model):
    """A row with a dose. An empty field means: no source gives a number."""

    class Per(models.TextChoices):
        SIDE = "side", _("Each side")
        DIRECTION = "direction", _("Each direction")

    hold_seconds = models.PositiveSmallIntegerField(_("hold, seconds"), null=True, blank=True)
    hold_seconds_max = models.PositiveSmallIntegerField(
        _("hold at most, seconds"), null=True, blank=True, help_text=_("For a range: 5 to 10")
    )
    hold_breaths = models.PositiveSmallIntegerField(
        _("hold, breaths"), null=True, blank=True, help_text=_("Instead of seconds")
    )
    hold_breaths_max = models.PositiveSmallIntegerField(
        _("hold at most, breaths"), null=True, blank=True, help_text=_("For a range: 3 to 5")
    )
    repetitions_min = models.PositiveSmallIntegerField(_("repetitions"), null=True, blank=True)
    repetitions_max = models.PositiveSmallIntegerField(
        _("repetitions at most"), null=True, blank=True, help_text=_("For a range: 3 to 5")
    )
    sets = models.PositiveSmallIntegerField(_("sets"), null=True, blank=True)
    rest_seconds = models.PositiveSmallIntegerField(
        _("rest between sets, seconds"), null=True, blank=True
    )
    duration_seconds = models.PositiveSmallIntegerField(
        _("keep going for, seconds"), null=True, blank=True
    )
    per = models.CharField(
        _("counted for"), max_length=9, choices=Per, blank=True, help_text=_("Empty: once")
    )
    times_a_day = models.PositiveSmallIntegerField(_("times a day"), null=True, blank=True)
    days_a_week = models.PositiveSmallIntegerField(_("days a week"), null=True, blank=True)
    weeks = models.PositiveSmallIntegerField(_("weeks"), null=True, blank=True)
    weeks_max = models.PositiveSmallIntegerField(
        _("weeks at most"), null=True, blank=True, help_text=_("For a range: 6 to 8")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=_range(*RANGES["repetitions"]),
                name="conditions_%(class)s_repetitions_range",
                violation_error_message=_("The highest number of repetitions is above the lowest."),
            ),
            models.CheckConstraint(
                condition=_range(*RANGES["hold"]) & _range(*RANGES["breaths"]),
                name="conditions_%(class)s_hold_range",
                violation_error_message=_("The longest hold is above the shortest."),
            ),
            models.CheckConstraint(
                condition=_range(*RANGES["weeks"]),
                name="conditions_%(class)s_weeks_range",
                violation_error_message=_("The highest number of weeks is above the lowest."),
            ),
            models.CheckConstraint(
                condition=is_null("hold_seconds") | is_null("hold_breaths"),
                name="conditions_%(class)s_hold_has_one_measure",
                violation_error_message=_("Give a hold in seconds or in breaths, not in both."),
            ),
            models.CheckConstraint(
                condition=is_null("rest_seconds") | Q(sets__isnull=False, sets__gt=1),
                name="conditions_%(class)s_rest_is_between_sets",
                violation_error_message=_("A rest is between sets: give two sets or more."),
            ),
            models.CheckConstraint(
                condition=is_null("days_a_week") | Q(days_a_week__lte=7),
                name="conditions_%(class)s_week_has_seven_days",
            ),
            *[
                models.CheckConstraint(
                    condition=is_null(field) | Q(**{f"{field}__gt": 0}),
                    name=f"conditions_%(class)s_{field}_positive",
                )
                for field in DOSE_NUMBERS
            ],
            models.CheckConstraint(
                condition=Q(per__in=["", "side", "direction"]),
                name="conditions_%(class)s_known_per",
            ),
        ]

    @property
    def has_dose(self) -> bool:
        """Whether it says how much."""
        return any(getattr(self, field) for field in AMOUNTS)

    @property
    def says_how_often(self) -> bool:
        """Whether it says on how many days, or how many times on one."""
        return bool(self.days_a_week or self.times_a_day)
