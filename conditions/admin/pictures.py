"""Pictures on the forms of the rows that show them: chosen, described, put in order, removed."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conditions import pictures
from conditions.admin import signing
from conditions.admin.blank_rows import BlankRows, RowForm
from conditions.admin.history import AuditedAdmin
from conditions.admin.uploads import UploadField
from conditions.images.rows import Picture
from conditions.models import HomePicture

FIELDS: list[Any] = ["shown", "upload", "alt", "credit", "order", "file"]
MOST = 12  # on one page: each is decoded as the form is saved


class StoredFile(forms.CharField):
    """The picture that the form showed. What is posted is compared with it, and never stored."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class PictureForm(RowForm):
    """A picture with its words. A row that has none yet needs an upload."""

    file = StoredFile(required=False)
    upload = UploadField(
        prepare=pictures.prepare,
        label=gettext_lazy("Choose a picture"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, 360 pixels each way or more, best 1,280 wide. Place, date and "
            "camera are taken out. If this page comes back with an error, choose it again: "
            "browsers do not keep a file."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["upload"] = self.instance.file

    def clean_file(self) -> str:
        """Of a row that is there: its own."""
        return self.instance.file if self.instance.pk else self.cleaned_data["file"]

    def need_upload(self) -> None:
        """Whether there is a picture is asked of a row that is to be saved, not of one that
        somebody else has removed.
        """
        if not (self.instance.pk or self.cleaned_data.get("upload") or self.errors):
            self.add_error("upload", _("Choose a picture."))

    def save(self, commit: bool = True) -> Picture:
        if chosen := self.cleaned_data.get("upload"):
            pictures.give(self.instance, chosen)
            pictures.sweep_later()
        return super().save(commit)


class HomePictureForm(PictureForm):
    """A picture on a form of its own."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.need_upload()
        return data


class PictureFormSet(forms.BaseInlineFormSet):
    """The pictures of one row."""

    def clean(self) -> None:
        super().clean()
        rows: list[Any] = self.extra_forms
        for form in rows:
            if form.has_changed():
                form.need_upload()

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        super().delete_existing(obj, commit)
        pictures.sweep_later()


class ShowsPicture:
    """Shows a stored picture, small."""

    readonly_fields: Any = ["shown"]

    @admin.display(description=gettext_lazy("Picture"))
    def shown(self, row: Picture) -> str:
        return render_to_string("admin/conditions/picture.html", {"row": row}) if row.pk else "–"


class PictureInline(BlankRows, ShowsPicture, admin.StackedInline):
    """Below the row whose page shows them."""

    form = PictureForm
    formset = PictureFormSet
    fields = FIELDS
    max_num = MOST
    verbose_name = gettext_lazy("picture")
    verbose_name_plural = gettext_lazy("pictures")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        limits = {"absolute_max": MOST, "validate_max": True}
        return super().get_formset(request, obj, **limits | kwargs)


class ReviewersPictureInline(PictureInline):
    """Pictures that stand on a list of pages, which nobody reads and signs as a whole: they are
    public at once, so a reviewer alone puts them there, changes them or takes them away.
    """

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return signing.is_reviewer(request) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return signing.is_reviewer(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return signing.is_reviewer(request) and super().has_delete_permission(request, obj)


def inline(
    kind: type[Picture], *more: str, its: type[PictureInline] = PictureInline
) -> type[PictureInline]:
    """The pictures of one kind, with the fields that it has beside those of all."""
    about = {"model": kind, "fields": [*FIELDS, *more]}
    return type(f"{kind.__name__}Inline", (its,), about)


class HasPictures(admin.ModelAdmin):
    """Files go with the rows that are deleted, and with a saving that is taken back."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changeform_view(request, *args, **kwargs)
        if request.FILES and response.status_code == HTTPStatus.OK:
            pictures.sweep()
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        pictures.sweep_later()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        pictures.sweep_later()


@admin.register(HomePicture)
class HomePictureAdmin(ShowsPicture, HasPictures, AuditedAdmin):
    form = HomePictureForm
    fields = FIELDS
    list_display = ["alt", "credit", "order"]
