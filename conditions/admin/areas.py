"""Parts of the body."""

from django.contrib import admin

from conditions.admin.held import DeletedOneByOne, PartAdmin
from conditions.admin.pictures import HasPictures, ReviewersPictureInline, inline
from conditions.models import AreaPicture, BodyArea


@admin.register(BodyArea)
class BodyAreaAdmin(DeletedOneByOne, HasPictures, PartAdmin):
    """One that something belongs to is not deleted: its warnings would stand on every page."""

    list_display = ["title", "lead", "order"]
    search_fields = ["title", "lead"]
    inlines = [inline(AreaPicture, its=ReviewersPictureInline)]

    def has_to_stay(self, row: BodyArea) -> bool:
        return row.is_used()
