"""Text areas that keep text as it is."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.forms import CharField

from conditions.admin.blank_rows import BlankRows


class PlainTextField(CharField):
    """Browsers end lines with CR LF: without this every saving would count as a change."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if value else value)


PLAIN_TEXT: dict[type[models.Field], dict[str, Any]] = {
    models.TextField: {"form_class": PlainTextField}
}


class StackedInline(BlankRows, admin.StackedInline):
    """Rows of a part. In the admin's tables fields have no label, and on phones no example."""

    formfield_overrides = PLAIN_TEXT | {
        models.CharField: {"widget": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}
    }
