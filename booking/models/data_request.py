"""That somebody asked what is kept of them, or to have it erased: that it was done, and by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _


class DataRequest(models.Model):
    """One copy or erasure. Of the person nothing: only how many rows it was about, and, of what was
    erased, what a backup of before is searched by (`records/erased`).
    """

    class Kind(models.TextChoices):
        COPIED = "copied", _("Copy made")
        ERASED = "erased", _("Erased")

    kind = models.CharField(_("what was done"), max_length=10, choices=Kind)
    made_at = models.DateTimeField(_("when"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    visits = models.PositiveIntegerField(_("visits"), default=0)
    wishes = models.PositiveIntegerField(_("earlier-time wishes"), default=0)
    questions = models.PositiveIntegerField(_("questions"), default=0)
    # Of an erasure: records of care, which the law tells to keep. They are not among `visits`.
    kept = models.PositiveIntegerField(_("visits that had to be kept"), default=0)

    rows = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("copy or erasure")
        verbose_name_plural = _("copies and erasures")
        default_permissions = ("view",)
        permissions = [("answer_datarequest", _("Can copy or erase what is kept of a person"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["copied", "erased"]), name="booking_datarequest_known_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {date_format(localtime(self.made_at), 'D, M j, Y')}"
