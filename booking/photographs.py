"""Photographs of therapists: cut square, written anew in the sizes of the site, stored, removed.

Only what is written here is ever stored, under names made of the content, for as long as a row
has them.
"""

from django.db import transaction
from PIL import Image, ImageOps

from booking.models import Therapist
from booking.transactions import lock_therapists, retried
from conditions.images import uploads
from conditions.images.files import Folder
from conditions.images.uploads import Encoded

SIZES = (96, 192, 384)  # pixels, square; the largest is shown at half its size on a dense screen
# Where a square is cut from a tall picture: a face is in its upper part.
FACE = (0.5, 0.3)
FILES = Folder("photos")


class DigestConverter:
    """The name of a photograph in an address."""

    regex = "[0-9a-f]{32}"
    to_python = to_url = staticmethod(str)


class SizeConverter:
    """One of the sizes in an address, in pixels."""

    regex = "|".join(map(str, SIZES))
    to_python, to_url = staticmethod(int), staticmethod(str)


def prepare(upload: bytes) -> Encoded:
    """An upload cut to a square in every size. Raises BadPicture."""
    side = max(SIZES)
    whole = uploads.pixels(upload, least=side, wanted=side)
    square = ImageOps.fit(whole, (side, side), Image.Resampling.LANCZOS, centering=FACE)
    return uploads.encoded({size: uploads.webp(square, (size, size)) for size in SIZES})


def change(therapist: Therapist, photograph: Encoded | None) -> None:
    """Give a therapist that photograph, or none; the caller saves the row in this transaction.

    What no row has any more goes once that is committed.
    """
    lock_everyone()
    if photograph:
        FILES.store(photograph)
    therapist.photo = photograph.name if photograph else ""
    transaction.on_commit(sweep, robust=True)


@retried
def sweep() -> None:
    """Remove the photographs that no therapist has; a file of another name is not ours."""
    lock_everyone()
    FILES.keep(set(Therapist.objects.exclude(photo="").values_list("photo", flat=True)))


def lock_everyone() -> None:
    """Closes the race of an upload with a sweep: it would find the files of the same picture,
    write none, and lose them before its own row is there to be seen.
    """
    lock_therapists(Therapist.objects.values_list("pk", flat=True))
