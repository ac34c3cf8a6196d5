"""Pictures of pages: made of an upload, given to a row, removed when no row has them any more.

Only what is written here is ever stored, under names made of the content.
"""

from django.db import models, transaction
from PIL import Image

from conditions.images import uploads
from conditions.images.files import Folder
from conditions.images.rows import WIDTHS, Picture, kinds_of_picture
from conditions.images.uploads import Encoded
from conditions.models import ContentVersion

FILES = Folder("pictures")
LEAST = WIDTHS[0]


class FileConverter:
    """The name of a picture and one of the widths, in an address."""

    regex = rf"[0-9a-f]{{32}}-(?:{'|'.join(map(str, WIDTHS))})"
    to_python = to_url = staticmethod(str)


def prepare(upload: bytes) -> Encoded:
    """An upload in each of the site's widths that it fills. Raises BadPicture."""
    whole = uploads.pixels(upload, least=LEAST, wanted=max(WIDTHS))
    sizes = [(width, _height(whole, width)) for width in WIDTHS if width <= whole.width]
    return uploads.encoded({size[0]: uploads.webp(whole, size) for size in sizes})


def _height(image: Image.Image, width: int) -> int:
    return round(image.height * width / image.width)


def give(row: Picture, picture: Encoded) -> None:
    """Make it the row's picture; the caller saves the row in this transaction."""
    _alone()
    FILES.store(picture)
    row.file, row.width = picture.name, max(picture.files)
    row.height = uploads.height_of(picture.files[row.width])


def is_public(name: str) -> bool:
    """Whether a page that visitors may see shows the picture. One query."""
    first, *others = [_named(kind.public().filter(file=name)) for kind in kinds_of_picture()]
    return first.union(*others).exists()


@transaction.atomic
def sweep() -> None:
    """Remove the files that no row has."""
    _alone()
    FILES.keep({name for kind in kinds_of_picture() for name in _files(kind)})


def sweep_later() -> None:
    """Remove what no row has any more, once that is committed."""
    transaction.on_commit(sweep, robust=True)


def _named(rows: models.QuerySet) -> models.QuerySet:
    return rows.order_by().values_list("file")


def _files(kind: type[Picture]) -> models.QuerySet:
    return kind._default_manager.values_list("file", flat=True)


def _alone() -> None:
    """Closes the race of an upload with a sweep: it would find the files of the same picture,
    write none, and lose them before its own row is there to be seen. The version of all pages is
    the one row that both write.
    """
    ContentVersion.objects.bump()
