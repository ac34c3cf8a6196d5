"""Photographs that staff upload: checked, cut square, and written anew in the sizes of the site.

`prepare` is pure: bytes go in, bytes come out. Nothing of the upload is kept but what the eye sees:
no name of the file, no place, no camera, no comment, no colour profile. Only what it has written is
ever stored, under names made of the content, for as long as a row has them.
"""

import hashlib
import re
from io import BytesIO
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from booking.models import Therapist
from booking.transactions import lock_therapists, retried

FORMATS = ["JPEG", "PNG", "WEBP"]
SIZES = (96, 192, 384)  # pixels, square; the largest is shown at half its size on a dense screen
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 25_000_000  # what a good telephone takes; decoded, four bytes each at most
QUALITY = 80
# Where a square is cut from a tall picture: a face is in its upper part.
FACE = (0.5, 0.3)

FOLDER = "photos"
FILE = re.compile(r"([0-9a-f]{32})-\d+\.webp")


class BadPhotograph(Exception):
    """The upload is no photograph that the site can show; its text says why, in plain words."""


class DigestConverter:
    """The name of a photograph in an address."""

    regex = "[0-9a-f]{32}"
    to_python = to_url = staticmethod(str)


class SizeConverter:
    """One of the sizes in an address, in pixels."""

    regex = "|".join(map(str, SIZES))
    to_python, to_url = staticmethod(int), staticmethod(str)


class Photograph(NamedTuple):
    """WebP by size in pixels, and a name made of nothing but their content."""

    name: str
    files: dict[int, bytes]


def prepare(upload: bytes) -> Photograph:
    """A JPEG, PNG or WebP of any name, cut to a square in every size.

    Raises BadPhotograph: another kind of file, too many or too few pixels (told from the header,
    before any is decoded), an animation, a file that breaks off.
    """
    square = _square(_open(upload))
    files = {size: _webp(square, size) for size in SIZES}
    return Photograph(hashlib.sha256(b"".join(files.values())).hexdigest()[:32], files)


def _open(upload: bytes) -> Image.Image:
    """The picture with its header read and its pixels not: what it claims to be is checked."""
    try:
        image = Image.open(BytesIO(upload), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a broken header makes pillow raise whatever it stumbles over
        raise BadPhotograph(
            _("This file is not a JPEG, PNG or WebP photograph, or it is damaged.")
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if min(image.size) < max(SIZES):
        raise BadPhotograph(
            _("This photograph is too small: it needs %(least)d pixels each way, at least.")
            % {"least": max(SIZES)}
        )
    # MPO is what many telephones write as JPEG: the photograph first, then a depth map or so.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise BadPhotograph(_("This picture moves. Choose a photograph that stands still."))
    return image


def _too_many_pixels() -> BadPhotograph:
    return BadPhotograph(
        _("This photograph is too large: it may have %(most)d million pixels, at most.")
        % {"most": MAX_PIXELS // 1_000_000}
    )


def _square(image: Image.Image) -> Image.Image:
    """The largest size: upright, in sRGB, pixels alone."""
    side = max(SIZES)
    image.draft(None, (side * 2, side * 2))  # JPEG: decoded smaller, where that loses nothing
    try:
        profile = image.info.get("icc_profile")
        upright = _opaque(ImageOps.exif_transpose(image))
        cut = ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS, centering=FACE)
    except Exception as error:  # as above: a file that breaks off, or lies about its inside
        raise BadPhotograph(
            _("This photograph is damaged: it cannot be read to its end.")
        ) from error
    # Pasted, not copied: what pillow keeps beside the pixels would be written with them.
    square = Image.new("RGB", cut.size)
    square.paste(_in_srgb(cut, profile))
    return square


def _opaque(image: Image.Image) -> Image.Image:
    """The picture on white where it was transparent, in eight bits for each channel."""
    if image.mode.startswith("I"):  # 16 bits of grey: `convert` alone would cut off the light ones
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers take them; a profile that cannot be used is left out."""
    if profile:
        try:
            return ImageCms.profileToProfile(  # type: ignore[return-value]
                image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def _webp(square: Image.Image, size: int) -> bytes:
    buffer = BytesIO()
    square.resize((size, size), Image.Resampling.LANCZOS).save(
        buffer, "WEBP", quality=QUALITY, method=6
    )
    return buffer.getvalue()


def path(name: str, size: int) -> str:
    """Where a size of a photograph lies, below MEDIA_ROOT."""
    return f"{FOLDER}/{name}-{size}.webp"


def read(name: str, size: int) -> bytes:
    """A stored size as WebP. Raises FileNotFoundError."""
    with default_storage.open(path(name, size)) as file:
        return file.read()


def change(therapist: Therapist, photograph: Photograph | None) -> None:
    """Give a therapist that photograph, or none; the caller saves the row in this transaction.

    What no row has any more goes once that is committed.
    """
    lock_everyone()
    if photograph:
        store(photograph)
    therapist.photo = photograph.name if photograph else ""
    transaction.on_commit(sweep, robust=True)


def store(photograph: Photograph) -> None:
    """Write the sizes that are not there yet; the same content always has the same name."""
    for size, content in photograph.files.items():
        if not default_storage.exists(path(photograph.name, size)):
            default_storage.save(path(photograph.name, size), ContentFile(content))


@retried
def sweep() -> None:
    """Remove the photographs that no therapist has; a file of another name is not ours."""
    lock_everyone()
    used = set(Therapist.objects.exclude(photo="").values_list("photo", flat=True))
    for file in stored():
        ours = FILE.fullmatch(file)
        if ours and ours[1] not in used:
            default_storage.delete(f"{FOLDER}/{file}")


def stored() -> list[str]:
    """Names of all files there are."""
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def lock_everyone() -> None:
    """Closes the race of an upload with a sweep: it would find the files of the same picture,
    write none, and lose them before its own row is there to be seen.
    """
    lock_therapists(Therapist.objects.values_list("pk", flat=True))
