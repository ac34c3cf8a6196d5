"""Kinds of pain, as sources speak of them."""

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from conditions.models.base import SluggedQuerySet
from conditions.models.page_parts import PagePart


@auditlog.register(m2m_fields={"areas"})
class PainKind(PagePart):
    """A kind of pain. A source speaks of one; the page of a condition speaks of some.

    What is said of it stands on pages of its own parts of the body, and on no other.
    """

    prose = ["title"]

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    title = models.CharField(
        _("title"),
        max_length=120,
        help_text=_("As it is read within a sentence: long-lasting neck pain"),
    )
    areas = models.ManyToManyField(
        "conditions.BodyArea",
        related_name="pain_kinds",
        verbose_name=_("body areas"),
        help_text=_(
            "What sources say of this pain stands on pages of these parts of the body alone. "
            "The whole body goes with every page."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]
        verbose_name = _("kind of pain")
        verbose_name_plural = _("kinds of pain")

    def __str__(self) -> str:
        return self.title
