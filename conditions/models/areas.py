"""Parts of the body: what conditions, warnings and exercises belong to."""

from collections.abc import Iterable
from typing import Any

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Slugged, SluggedQuerySet, State


@auditlog.register()
class BodyArea(Slugged):
    """One part of the body. Its lead words stand in "if you have … and:" over its warnings."""

    prose = ["title", "lead"]
    edited_parts = ["pictures"]

    title = models.CharField(_("title"), max_length=60, help_text=_("For example: Head and neck"))
    lead = models.CharField(
        _("its pain, within a sentence"),
        max_length=60,
        help_text=_("Fills the gap in “Call 911 if you have … and:”. For example: neck pain"),
    )
    is_whole_body = models.BooleanField(
        _("the whole body"),
        default=False,
        help_text=_(
            "Its warnings also stand where no part of the body is known, as before a booking "
            "that came from no page."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]
        verbose_name = _("body area")
        verbose_name_plural = _("body areas")

    def __str__(self) -> str:
        return self.title

    def is_signed_off(self) -> bool:
        signed = [each for each in self._shown_by() if hasattr(each, "published")]
        return any(rows.filter(state=State.APPROVED).exists() for rows in signed)

    def is_used(self) -> bool:
        """Whether anything belongs to it. Without it, a warning of its own would be everybody's."""
        return any(rows.exists() for rows in self._shown_by())

    def _shown_by(self) -> list[Any]:
        """Managers of what belongs to it, of all kinds; its pictures are its own."""
        below: Any = self._meta.related_objects
        names = [
            each.get_accessor_name()
            for each in below
            if each.related_model.part_of != each.field.name
        ]
        return [getattr(self, name) for name in names] if self.pk else []


def share(some: Iterable[BodyArea], others: Iterable[BodyArea]) -> bool:
    """Whether two sets of areas have a part of the body in common: the whole body has all."""
    mine, theirs = set(some), set(others)
    return bool(mine & theirs) or any(area.is_whole_body for area in mine | theirs)
