"""What was signed, kept word for word, so that a reviewer sees what has changed since."""

from typing import Any

from django.db import models


class SignatureQuerySet(models.QuerySet["Signature"]):
    def last_lines(self, row: Any) -> list[str] | None:
        """The lines that the last signature of a row stands under; None before the first."""
        found = self.filter(model=row._meta.model_name, slug=row.slug).order_by("pk")
        return found.values_list("lines", flat=True).last()


class Signature(models.Model):
    """One signing of one row: its text as the reviewer read it, line by line."""

    model = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80)
    reviewed_by = models.CharField(max_length=200)
    reviewed_licence = models.CharField(max_length=100)
    reviewed_on = models.DateField()
    lines = models.JSONField()

    objects = SignatureQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # nobody edits it
        indexes = [models.Index(fields=["model", "slug"], name="conditions_signature_of_a_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.slug}: {self.reviewed_by}, {self.reviewed_on}"
