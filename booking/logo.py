"""The clinic's logo: written anew in the heights of the site, stored, removed.

Only what is written here is ever stored, under names made of the content, for as long as the row
has it.
"""

from io import BytesIO

from django.db import transaction
from PIL import Image

from booking.models import Clinic
from booking.models.clinic import LOGO_HEIGHTS
from booking.transactions import retried
from conditions.images import uploads
from conditions.images.files import Folder
from conditions.images.uploads import Encoded

FILES = Folder("logo")
LEAST = LOGO_HEIGHTS[-1]
MOST_TIMES = 6  # one side over the other: names are written wide


class HeightConverter:
    """One of the heights in an address, in pixels."""

    regex = "|".join(map(str, LOGO_HEIGHTS))
    to_python, to_url = staticmethod(int), staticmethod(str)


def prepare(upload: bytes) -> Encoded:
    """An upload in every height, uncut. Raises BadPicture."""
    whole = uploads.pixels(upload, least=LEAST, wanted=LEAST, most_times=MOST_TIMES)
    widths = {height: round(whole.width * height / whole.height) for height in LOGO_HEIGHTS}
    return uploads.encoded(
        {height: uploads.webp(whole, (widths[height], height), exact=True) for height in widths}
    )


def change(clinic: Clinic, logo: Encoded | None) -> None:
    """Give the clinic that logo, or none; the caller saves the row in this transaction.

    What the row has no more goes once that is committed.
    """
    _alone()
    if logo:
        FILES.store(logo)
    clinic.logo = logo.name if logo else ""
    clinic.logo_width = Image.open(BytesIO(logo.files[LEAST])).width if logo else 0
    transaction.on_commit(sweep, robust=True)


@retried
def sweep() -> None:
    """Remove the logos that the row has not; a file of another name is not ours."""
    _alone()
    FILES.keep(set(Clinic.objects.exclude(logo="").values_list("logo", flat=True)))


def _alone() -> None:
    """Closes the race of an upload with a sweep: it would find the files of the same picture,
    write none, and lose them before its own row is there to be seen.
    """
    list(Clinic.objects.select_for_update().values_list("pk"))
