"""What every picture on a page says of itself, whichever app's row it belongs to."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

WIDTHS = (360, 720, 1280)  # pixels; a page is 640 wide, and a dense screen shows twice as many


class Picture(models.Model):
    """A photograph or drawing, as the site wrote it anew: `file` names it by its content.

    A kind of picture adds the row on whose page it stands, by the name `pictures`.
    """

    # Shown and never typed: `conditions.pictures.give` fills it in.
    file = models.CharField(_("file"), max_length=32, db_index=True)
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    alt = models.CharField(
        _("what it shows"),
        max_length=250,
        help_text=_("Say it for people who cannot see it: “A woman lies on her back, knees bent.”"),
    )
    credit = models.CharField(
        _("credit"),
        max_length=120,
        blank=True,
        help_text=_("Who took or drew it, and its license: “Photo: Ann Lee, CC BY 4.0”."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file=""), name="%(app_label)s_%(class)s_has_a_file"
            ),
            models.CheckConstraint(
                condition=~Q(alt=""), name="%(app_label)s_%(class)s_says_what_it_shows"
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        """The address of its largest file."""
        return self.address(self.width)

    def address(self, width: int) -> str:
        """Where the file of that width answers."""
        return reverse("conditions:picture", args=[f"{self.file}-{width}"])

    @classmethod
    def public(cls) -> models.QuerySet[Any]:
        """The rows that visitors may see."""
        return cls._default_manager.all()

    @property
    def widths(self) -> list[int]:
        """Of its files, the smallest first."""
        return [width for width in WIDTHS if width <= self.width]

    @property
    def smallest(self) -> str:
        return self.address(self.widths[0])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.address(width)} {width}w" for width in self.widths)


def kinds_of_picture() -> list[type[Picture]]:
    """Every kind, of all apps."""
    return [model for model in apps.get_models() if issubclass(model, Picture)]
