"""What `load_content` has loaded, so that it never overwrites an editor."""

from django.db import models


class LoadedRow(models.Model):
    """One fixture row that was loaded: what the file said, and what the row looked like after."""

    model = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80)
    file_digest = models.CharField(max_length=64)
    row_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "slug"], name="conditions_loadedrow_one_per_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.slug}"
