"""Parts of the body."""

from django.contrib import admin

from conditions.admin.held import DeletedOneByOne, PartAdmin
from conditions.admin.pictures import HasPictures, inline
from conditions.models import AreaPicture, BodyArea


@admin.register(BodyArea)
class BodyAreaAdmin(DeletedOneByOne, HasPictures, PartAdmin):
    """One that something belongs to is not deleted: its warnings would stand on every page."""

    list_display = ["title", "lead", "order"]
    search_fields = ["title", "lead"]
    inlines = [inline(AreaPicture)]

    def has_to_stay(self, row: BodyArea) -> bool:
        return row.is_used()
