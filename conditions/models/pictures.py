"""Photographs and drawings of pages. Each kind names the row on whose page it stands.

A table for each, so that a picture always has one owner, and goes with it.
"""

from typing import Any

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from conditions.images.rows import Picture
from conditions.models.base import Slugged, SluggedQuerySet
from conditions.models.exercises import Exercise


class PagePicture(Slugged, Picture):
    """A part of a page: public with it, and signed with it."""

    prose = ["alt"]

    objects = SluggedQuerySet.as_manager()

    class Meta(Picture.Meta):
        abstract = True

    @classmethod
    def public(cls) -> models.QuerySet[Any]:
        page: Any = cls._meta.get_field(cls.part_of).related_model
        pages = getattr(page.objects, "published", page.objects.all)()
        return cls._default_manager.filter(**{f"{cls.part_of}__in": pages})

    def is_signed_off(self) -> bool:
        return getattr(self, self.part_of).is_signed_off()


def owner(model: str) -> models.ForeignKey:
    """The page on which a picture stands."""
    return models.ForeignKey(model, models.CASCADE, related_name="pictures")


@auditlog.register()
class ConditionPicture(PagePicture):
    """Stands where the page says what the condition is, and beside its name in lists."""

    part_of = "condition"
    condition = owner("conditions.Condition")


@auditlog.register()
class ArticlePicture(PagePicture):
    """Stands above the article's sections, and beside its name in lists."""

    part_of = "article"
    article = owner("conditions.Article")


@auditlog.register()
class ExercisePicture(PagePicture):
    """Stands on the exercise's page; on its cards too if an editor says so."""

    part_of = "exercise"
    exercise = owner("conditions.Exercise")
    replaces_drawing = models.BooleanField(
        _("instead of the drawing"),
        default=False,
        help_text=_("On the page of the exercise, on every card and on the printed sheet."),
    )


@auditlog.register()
class AreaPicture(PagePicture):
    """Stands over the area's exercises in the list of all, small: public once one of them is."""

    part_of = "area"
    area = owner("conditions.BodyArea")

    @classmethod
    def public(cls) -> models.QuerySet[Any]:
        listed = Exercise.objects.published().values("area")
        return cls._default_manager.filter(area__in=listed)


@auditlog.register()
class HomePicture(Slugged, Picture):
    """Stands on the home page, whose words nobody signs: public once it is saved."""

    objects = SluggedQuerySet.as_manager()

    class Meta(Picture.Meta):
        verbose_name = _("picture of the home page")
        verbose_name_plural = _("pictures of the home page")
