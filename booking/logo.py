"""The clinic's logo: written anew in the heights of the site, stored, removed.

Only what is written here is ever stored, under names made of the content, for as long as the row
has it.
"""

from functools import partial
from io import BytesIO

from django.db import transaction
from PIL import Image

from booking.brand import colours, palettes
from booking.models import Clinic
from booking.models.clinic import LOGO_HEIGHTS
from booking.transactions import retried
from conditions.images import uploads
from conditions.images.files import Folder
from conditions.images.uploads import Encoded

FILES = Folder("logo")
LEAST = LOGO_HEIGHTS[-1]
MOST_TIMES = 6  # one side over the other: names are written wide
LEAST_SEEN = 2  # contrast, on the ground of a page; a logo needs no more (WCAG 2.2, 1.4.3)
MOST_FAINT = 0.25  # of a logo may be fainter, and it is still known
GROUNDS = {  # of the top of a page, which has no colour of the clinic's own
    colours.whole(scheme["paper"])
    for style in palettes.STYLES
    for scheme in palettes.palette(style, palettes.COLOUR)
}

Ink = list[int]  # how many pixels there are of each grey from 0 to 255


class HeightConverter:
    """One of the heights in an address, in pixels."""

    regex = "|".join(map(str, LOGO_HEIGHTS))
    to_python, to_url = staticmethod(int), staticmethod(str)


def prepare(upload: bytes) -> Encoded:
    """An upload in every height, uncut. Raises BadPicture."""
    drawn = uploads.pixels(
        upload, least=LEAST, wanted=LEAST, most_times=MOST_TIMES, see_through=True
    )
    whole = _seen_everywhere(drawn)
    widths = {height: round(whole.width * height / whole.height) for height in LOGO_HEIGHTS}
    return uploads.encoded(
        {height: uploads.webp(whole, (widths[height], height), exact=True) for height in widths}
    )


def _seen_everywhere(logo: Image.Image) -> Image.Image:
    """A logo with clear parts as it is, where it is seen on light and dark pages; else on white or
    black, whichever it stands out from.
    """
    if logo.mode != "RGBA":
        return logo
    seen = logo.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
    ink = logo.convert("RGB").convert("L").histogram(mask=seen)
    if all(_faint(ink, ground) <= MOST_FAINT * sum(ink) for ground in GROUNDS):
        return logo
    beneath = min([colours.WHITE, colours.BLACK], key=partial(_faint, ink))
    return Image.alpha_composite(Image.new("RGBA", logo.size, beneath), logo).convert("RGB")


def _faint(ink: Ink, ground: str) -> int:
    """How many pixels do not stand out from a ground."""
    return sum(
        count
        for grey, count in enumerate(ink)
        if count and colours.contrast("#" + f"{grey:02x}" * 3, ground) < LEAST_SEEN
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
