"""Rows below a form can be added without a script."""

from typing import Any

from django.contrib.admin.options import InlineModelAdmin
from django.forms import ModelForm
from django.http import HttpRequest

from conditions.admin.ordering import ORDER
from conditions.admin.words import PlainFields


class RowForm(ModelForm):
    """A blank row stays blank when its place alone changes, as others are moved past it."""

    def has_changed(self) -> bool:
        changed = set(self.changed_data)
        return bool(changed if self.instance.pk else changed - {ORDER})


class BlankRows(PlainFields, InlineModelAdmin):
    """One row stands there blank; a new page is offered as many as it is likely to need."""

    form: Any = RowForm
    extra = 1
    extra_on_new_page = 1

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return self.extra if obj else self.extra_on_new_page
