"""The clinic's name and look, changed on a form of its own."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import logo as logos
from booking.admin.one_row import OneRowAdmin
from booking.admin.own_places import OfAllPlaces
from booking.models import Clinic
from booking.models.clinic import ONLY, of_settings
from conditions.admin.history import AuditedAdmin
from conditions.admin.uploads import UploadField

SHOWN = ["name", "style", "colour", "pool", "shown"]


class ClinicForm(forms.ModelForm):
    """The row, with a logo to choose and one to take away."""

    of_row = ["new_logo"]  # for the comparison of two savings: the row's own is not editable

    new_logo = UploadField(
        prepare=logos.prepare,
        label=gettext_lazy("New logo"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, 96 pixels each way or more. It stands in place of the name at the"
            " top of each page, so it should show the name. What is transparent stays so, unless"
            " the logo could not be seen on light or on dark screens: then white or black is put"
            " beneath it. If this page comes back with an error, choose it again: browsers do not"
            " keep a file."
        ),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)

    class Meta:
        model = Clinic
        fields = ["name", "style", "colour", "pool"]
        widgets = {
            "style": forms.RadioSelect,
            "pool": forms.RadioSelect,
            "colour": forms.TextInput(attrs={"type": "color"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "new_logo" in self.fields:
            self.initial["new_logo"] = self.instance.logo

    @property
    def changed_data(self) -> list[str]:
        """Where there is no logo, removing it changes nothing."""
        kept = set() if self.instance.logo else {"remove_logo"}
        return [name for name in super().changed_data if name not in kept]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_logo") and data.get("remove_logo"):
            self.add_error("remove_logo", _("Choose a new logo or remove the old one, not both."))
        return data


@admin.register(Clinic)
class ClinicAdmin(OneRowAdmin, OfAllPlaces, AuditedAdmin):
    """The one row, with its logo."""

    form = ClinicForm
    readonly_fields = ["shown"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new row begins as the site shows itself without one."""
        shown = of_settings()
        return {"name": shown.name, "style": shown.style, "colour": shown.colour}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().changeform_view(request, *args, **kwargs)
        if request.FILES and response.status_code == HTTPStatus.OK:
            logos.sweep()  # the files of a saving that was taken back
        return response

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Who only looks chooses no logo."""
        own = ["new_logo", "remove_logo"] if self.has_change_permission(request, obj) else []
        return [*SHOWN, *own]

    @admin.display(description=gettext_lazy("Logo"))
    def shown(self, row: Clinic) -> str:
        return render_to_string("includes/logo.html", {"row": row}) if row.logo else "–"

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        obj.pk = ONLY
        chosen = form.cleaned_data.get("new_logo")
        if chosen or form.cleaned_data.get("remove_logo"):
            logos.change(obj, chosen)
        super().save_model(request, obj, form, change)
