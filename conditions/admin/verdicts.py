"""Which treatments a condition's page shows, what it says of each, and for which kinds of pain."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conditions.admin import examples
from conditions.admin.blank_rows import RowForm
from conditions.admin.held import PartAdmin
from conditions.admin.pickers import PicksByArea, PicksInRows
from conditions.admin.plain_text import StackedInline
from conditions.models import ConditionTreatment, PainKind


class VerdictForm(RowForm):
    class Meta:
        help_texts = examples.VERDICT

    def save(self, commit: bool = True) -> Any:
        self.instance.say_anew(self.changed_data)
        return super().save(commit)


class ConditionTreatmentInline(PicksInRows, StackedInline):
    model = ConditionTreatment
    form = VerdictForm
    fields = [("treatment", "group"), "verdict", "order"]
    verbose_name = _("treatment on this page")
    verbose_name_plural = _("treatments on this page")


@admin.register(PainKind)
class PainKindAdmin(PicksByArea, PartAdmin):
    """A kind of pain that an approved page speaks of is changed by a reviewer."""

    list_display = ["title", "order"]
    list_filter = ["areas"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
