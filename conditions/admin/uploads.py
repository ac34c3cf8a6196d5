"""The field of a form that takes a picture."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from conditions.images.uploads import MAX_BYTES, BadPicture, Encoded

ACCEPTED = "image/jpeg,image/png,image/webp"


class UploadField(forms.FileField):
    """An upload that becomes what `prepare` makes of it, or an error in plain words.

    Its initial value is the name of the picture that is there already.
    """

    widget = forms.FileInput(attrs={"accept": ACCEPTED})

    def __init__(self, *, prepare: Callable[[bytes], Encoded], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prepare = prepare

    def clean(self, data: Any, initial: Any = None) -> Encoded | None:
        upload: UploadedFile | None = super().clean(data)
        if not upload:
            return None
        if (upload.size or 0) > MAX_BYTES:  # before it is read
            raise forms.ValidationError(
                _("This file is too large: it may have %(most)d MB, at most.")
                % {"most": MAX_BYTES // 1024**2}
            )
        upload.seek(0)  # it may have been read to be compared
        try:
            return self.prepare(upload.read())
        except BadPicture as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Not by the picture that is there already, as a double click sends it."""
        changed = super().has_changed(initial, data)
        if not (changed and initial):
            return changed
        try:
            chosen = self.clean(data)
        except forms.ValidationError:
            return True
        return chosen is None or chosen.name != initial

    def prepare_value(self, value: Any) -> Any:
        """A stored picture in words: its name says nothing."""
        return _("a picture") if value and isinstance(value, str) else value
