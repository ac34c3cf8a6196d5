"""A therapist's photograph: chosen, looked at, removed."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import photographs
from booking.models import Therapist
from conditions.admin.uploads import UploadField


class PortraitForm(forms.ModelForm):
    """A therapist with a photograph to choose, and one to take away."""

    of_row = ["photograph"]  # for the comparison of two savings: the row's own is not editable

    photograph = UploadField(
        prepare=photographs.prepare,
        label=gettext_lazy("New photograph"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, 384 pixels each way or more. It is cut to a square, and place, "
            "date and camera are taken out. Patients see it on the team's pages. If this page "
            "comes back with an error, choose it again: browsers do not keep a file."
        ),
    )
    remove_photograph = forms.BooleanField(
        label=gettext_lazy("Remove the photograph"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["photograph"] = self.instance.photo

    @property
    def changed_data(self) -> list[str]:
        """Where there is no photograph, removing it changes nothing."""
        kept = set() if self.initial["photograph"] else {"remove_photograph"}
        return [name for name in super().changed_data if name not in kept]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("photograph") and data.get("remove_photograph"):
            self.add_error(
                "remove_photograph", _("Choose a new photograph or remove the old one, not both.")
            )
        return data


class HasPortrait(admin.ModelAdmin):
    """Who may change the therapist may change the photograph; others see it."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = PortraitForm if self._may_choose(request) else forms.ModelForm
        return super().get_form(request, obj, change, **{"form": form} | kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        own = ["photograph", "remove_photograph"] if self._may_choose(request) else []
        return [*(self.fields or []), "portrait", *own]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changeform_view(request, *args, **kwargs)
        if request.FILES and response.status_code == HTTPStatus.OK:
            photographs.sweep()  # the files of a saving that was taken back
        return response

    @admin.display(description=gettext_lazy("Photograph"))
    def portrait(self, row: Therapist) -> str:
        context = {"therapist": row, "size": 96, "alt": _("As patients see it")}
        return render_to_string("booking/includes/portrait.html", context) if row.name else "–"

    def save_model(self, request: HttpRequest, obj: Therapist, form: Any, change: bool) -> None:
        chosen = form.cleaned_data.get("photograph")
        if chosen or form.cleaned_data.get("remove_photograph"):
            photographs.change(obj, chosen)
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Therapist) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(photographs.sweep, robust=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(photographs.sweep, robust=True)

    def _may_choose(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)
