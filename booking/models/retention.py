"""How long what is known of patients is kept: one row, which a manager changes."""

from datetime import datetime, timedelta
from typing import Any

from auditlog.registry import auditlog
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

ONLY = 1  # the primary key of the one row
YEAR = 12
DAYS = 365.25 / YEAR  # of a month
LONGEST = 100 * YEAR
# Records of care that are erased too early cannot be had back, and laws ask for years of them.
LEAST_OF_CARE = YEAR
# Nobody wipes out soon at whom they looked: the database itself keeps a year of it.
LEAST_OF_LOOKS = YEAR
PERIODS = ["care", "missed", "questions", "wishes", "emails", "history", "looks"]
LEAST = dict.fromkeys(PERIODS, 1) | {"care": LEAST_OF_CARE, "looks": LEAST_OF_LOOKS}


class RetentionQuerySet(models.QuerySet["Retention"]):
    def current(self) -> "Retention":
        """The periods as they hold; those of a new clinic where no row is. One query."""
        return self.first() or Retention()


def _months(label: Any, default: int, help_text: Any, least: int = 1) -> Any:
    """A field for a number of months."""
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        help_text=help_text,
        validators=[MinValueValidator(least), MaxValueValidator(LONGEST)],
    )


@auditlog.register()
class Retention(models.Model):
    """Months after which `purge` erases each kind of row; the privacy page says the same."""

    care = _months(
        _("visits that took place"),
        7 * YEAR,
        _(
            "Months after the visit. The law of your state says for how long records of care must"
            " be kept, often longer for children: ask your counsel."
        ),
        LEAST_OF_CARE,
    )
    missed = _months(_("visits that were cancelled or missed"), YEAR, _("Months after their time."))
    questions = _months(_("questions from the website"), YEAR, _("Months after the answer."))
    wishes = _months(_("wishes for an earlier time"), 3, _("Months after they end."))
    emails = _months(_("that an e-mail was sent"), 3, _("Months after what it is about."))
    history = _months(
        _("who changed what, besides visits"),
        7 * YEAR,
        _("Months after the change. What was changed of a visit goes with the visit."),
    )
    looks = _months(
        _("which of us looked at whose visit"),
        6 * YEAR,
        _("Months after the look. Six years are usual in the United States: ask your counsel."),
        LEAST_OF_LOOKS,
    )

    objects = RetentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("how long we keep it")
        verbose_name_plural = _("how long we keep it")
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="booking_retention_one_row"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": least for name, least in LEAST.items()}),
                name="booking_retention_some_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def before(self, name: str, now: datetime) -> datetime:
        """The instant before which a kind of row has been kept long enough."""
        return now - timedelta(days=getattr(self, name) * DAYS)

    def in_words(self, name: str) -> str:
        """A period: whole years as such, else months."""
        months = getattr(self, name)
        if months % YEAR:
            return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
        years = months // YEAR
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What is kept, and for how long, in words."""
        fields = [field for field in self._meta.concrete_fields if field.name in PERIODS]
        return [(str(field.verbose_name), self.in_words(field.name)) for field in fields]
