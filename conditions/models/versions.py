"""What tells every process that public pages have changed."""

from django.db import models
from django.db.models import F

ONLY = 1  # the primary key of the one row


class ContentVersionQuerySet(models.QuerySet["ContentVersion"]):
    def current(self) -> int:
        """The version of all that public pages show; 0 before the first change. One query."""
        return self.filter(pk=ONLY).values_list("number", flat=True).first() or 0

    def bump(self) -> None:
        """Say that public pages show something else now: after the change, or along with it."""
        self.bulk_create([self.model(pk=ONLY, number=0)], ignore_conflicts=True)
        self.filter(pk=ONLY).update(number=F("number") + 1)


class ContentVersion(models.Model):
    """One row. Its number grows with each change that a public page may show."""

    number = models.PositiveBigIntegerField(default=0)

    objects = ContentVersionQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # nobody edits it
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=ONLY), name="conditions_contentversion_one_row"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
