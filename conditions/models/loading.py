"""What `load_content` has loaded, so that it never overwrites an editor."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class LoadedRow(models.Model):
    """One fixture row that was loaded: what the file said, and what the row looked like after."""

    model = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80)
    file_digest = models.CharField(max_length=64)
    # A digest of each field as it was loaded: a field that a later version adds is no edit.
    values = models.JSONField(default=dict)
    # A reviewer has chosen the clinic's own text over what this file says.
    kept = models.BooleanField(default=False)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "slug"], name="conditions_loadedrow_one_per_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.slug}"


class NewerText(models.Model):
    """What a shipped file says now of a row that is signed: a reviewer takes it or keeps ours."""

    model = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80)
    fields = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        default_permissions = ()  # the loader writes it
        constraints = [
            models.UniqueConstraint(
                fields=["model", "slug"], name="conditions_newertext_one_per_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.slug}"
