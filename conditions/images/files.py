"""Where the files of pictures lie: folders below MEDIA_ROOT that hold what the site has written."""

import re
from collections.abc import Container
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from conditions.images.uploads import Encoded

FILE = re.compile(r"([0-9a-f]{32})-\d+\.webp")


class Folder(NamedTuple):
    """One kind of picture; a file is named by its picture's content and its width."""

    name: str

    def path(self, picture: str, width: int) -> str:
        return f"{self.name}/{picture}-{width}.webp"

    def read(self, picture: str, width: int) -> bytes:
        """A stored width as WebP. Raises FileNotFoundError."""
        with default_storage.open(self.path(picture, width)) as file:
            return file.read()

    def store(self, picture: Encoded) -> None:
        """Write the widths that are not there yet; the same content always has the same name."""
        for width, content in picture.files.items():
            if not default_storage.exists(self.path(picture.name, width)):
                default_storage.save(self.path(picture.name, width), ContentFile(content))

    def stored(self) -> list[str]:
        """Names of all files there are."""
        return default_storage.listdir(self.name)[1] if default_storage.exists(self.name) else []

    def keep(self, used: Container[str]) -> None:
        """Remove the files of all other pictures; a file of another name is not ours."""
        for file in self.stored():
            ours = FILE.fullmatch(file)
            if ours and ours[1] not in used:
                default_storage.delete(f"{self.name}/{file}")
