"""Who writes and who signs off."""

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Content, Slugged, SluggedQuerySet, kinds_of


@auditlog.register()
class Author(Slugged):
    """Who wrote a page."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(
        _("role"), max_length=120, help_text=_("For example: patient education writer")
    )
    writes_since = models.PositiveSmallIntegerField(
        _("writes medical content since"), null=True, blank=True, help_text=_("Year")
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def pages(self) -> list[Content]:
        """The pages that name them."""
        return [
            page for kind in kinds_of(Content) for page in kind._default_manager.filter(author=self)
        ]

    def is_signed_off(self) -> bool:
        return bool(self.pk) and any(page.is_signed_off() for page in self.pages())


class ReviewerQuerySet(models.QuerySet):
    def get_by_natural_key(self, username: str):
        return self.get(**{f"user__{get_user_model().USERNAME_FIELD}": username})


@auditlog.register()
class Reviewer(models.Model):
    """A clinician on the staff who may approve content. Name and licence are copied on approval."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reviewer",
        verbose_name=_("staff user"),
    )
    name = models.CharField(_("name"), max_length=120)
    credentials = models.CharField(
        _("credentials"), max_length=80, help_text=_("For example: PT, DPT")
    )
    licence = models.CharField(
        _("licence"), max_length=100, help_text=_("State and number, as on the licence")
    )

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}"

    def natural_key(self) -> tuple[str, ...]:
        return self.user.natural_key()

    natural_key.dependencies = [settings.AUTH_USER_MODEL]  # type: ignore[attr-defined]
