"""What the clinic is called and how it looks: one row, which a manager changes without a deploy."""

from typing import Any

from auditlog.registry import auditlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.brand import palettes

ONLY = 1  # the primary key of the one row
LOGO_HEIGHTS = (48, 96)  # pixels of its files: as it is shown, and for fine screens
HEX_DIGITS = "0123456789abcdef"
MOST_WIDE = 160  # pixels on a page: a phone's header has a menu beside it


def check_one_line(text: str) -> None:
    """Raises ValidationError: the name stands in subject lines and titles."""
    if not text.isprintable():
        raise ValidationError(_("Write the name on one line."))


class Style(models.TextChoices):
    """How letters and corners look; the colours of paper and text go with it."""

    CALM = "calm", _("Calm: serif headings, fine corners, cool paper")
    WARM = "warm", _("Warm: sans headings, round corners, warm paper")


class Has(models.TextChoices):
    """Whether the clinic has something that pages speak of; nobody has said is no answer."""

    UNSAID = "", _("Not said: the page tells people to ask")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def current(self) -> "Clinic":
        """The clinic as it is shown now: as the settings say where no row is, or its look cannot
        be read. One query. It is not for saving.
        """
        row = self.first()
        if row is None:
            return of_settings()
        row.style, row.colour = row.shown_look
        return row


@auditlog.register()
class Clinic(models.Model):
    """One row. Telephone, country and zone are settings: error pages need them without a
    database, where name and look are those of the settings too.
    """

    name = models.CharField(
        _("name"),
        max_length=200,
        validators=[check_one_line],
        help_text=_("In titles, at the top of each page, in e-mails and calendar files."),
    )
    style = models.CharField(_("style"), max_length=10, choices=Style, default=Style.CALM)
    colour = models.CharField(
        _("color"),
        max_length=7,
        help_text=_(
            "Of buttons and links; the shades for light and dark screens follow from it. One that"
            " is too light to read is refused, and a near one named."
        ),
    )
    pool = models.CharField(
        _("therapy pool"),
        max_length=3,
        choices=Has,
        default=Has.UNSAID,
        blank=True,
        help_text=_("Said on the page about exercise in water."),
    )
    # The content names the files; both are filled in by `booking.logo.change`.
    logo = models.CharField(_("logo"), max_length=32, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)  # of the largest file

    objects = ClinicQuerySet.as_manager()

    class Meta:
        verbose_name = _("name and look")
        verbose_name_plural = _("name and look")
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="booking_clinic_one_row"),
            models.CheckConstraint(condition=~Q(name=""), name="booking_clinic_has_a_name"),
            models.CheckConstraint(
                condition=Q(style__in=palettes.STYLES), name="booking_clinic_known_style"
            ),
            models.CheckConstraint(
                condition=Q(pool__in=Has.values), name="booking_clinic_known_pool"
            ),
            # "#" is left where all digits are taken from its end. A tool that opens SQLite's file
            # without Django knows no regular expressions.
            models.CheckConstraint(
                condition=Q(
                    Exact(Length("colour"), Value(7)),
                    Exact(Func(F("colour"), Value(HEX_DIGITS), function="RTRIM"), Value("#")),
                ),
                name="booking_clinic_hex_colour",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a colour with which something could not be read."""
        if self.style not in palettes.STYLES:
            return  # the field itself says so
        try:
            self.colour = palettes.check(self.style, self.colour)
        except palettes.Refused as error:
            raise ValidationError({"colour": str(error)}) from error

    @property
    def shown_look(self) -> tuple[str, str]:
        """Style and colour of its pages: its own, or of the settings what cannot be read of them.

        A look that could be read when it was chosen may not after a release with other tokens.
        """
        looks = [(self.style, self.colour), (self.style, settings.CLINIC_COLOR)]
        last = (settings.CLINIC_STYLE, settings.CLINIC_COLOR)
        return next((look for look in looks if palettes.is_readable(*look)), last)

    @property
    def logo_size(self) -> tuple[int, int]:
        """Width and height on a page, in its pixels."""
        low, high = LOGO_HEIGHTS
        width = min(MOST_WIDE, self.logo_width * low / high)
        return round(width), round(width * high / (self.logo_width or 1))

    @property
    def logo_small(self) -> str:
        """The address of the file for coarse screens."""
        return reverse("booking:logo", args=[self.logo, LOGO_HEIGHTS[0]])

    @property
    def logo_address(self) -> str:
        """The address of the largest file."""
        return reverse("booking:logo", args=[self.logo, LOGO_HEIGHTS[-1]])


def of_settings(**more: Any) -> Clinic:
    """The clinic as its settings say, with which the row begins. No query."""
    first = {"name": settings.CLINIC_NAME, "style": settings.CLINIC_STYLE}
    return Clinic(**first, colour=settings.CLINIC_COLOR, **more)
