"""What helps to keep pain from coming back."""

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from conditions.models.base import SluggedQuerySet
from conditions.models.page_parts import PagePart


@auditlog.register()
class PreventionTip(PagePart):
    """One tip, shown on every condition and article that names it."""

    prose = ["title", "text"]
    is_clinical = True

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), help_text=_("Plain text; cite a source as [@short-name]."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]
        verbose_name = _("prevention tip")
        verbose_name_plural = _("prevention tips")

    def __str__(self) -> str:
        return self.title
