"""Pictures that staff upload: checked, and written anew.

Pure: bytes go in, pixels and bytes come out. Nothing of the upload is kept but what the eye sees:
no name of the file, no place, no camera, no comment, no colour profile, nothing that was hung on.
"""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from threading import Lock
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

FORMATS = ["JPEG", "PNG", "WEBP"]
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 25_000_000  # what a good telephone takes; decoded, four bytes each at most
# Its decoder holds each pixel four times over. Hardly a camera writes WebP.
MAX_PIXELS_OF = {"WEBP": 16_000_000}
MOST_TIMES = 3  # one side over the other: what is longer is no picture, and cannot be made small
ENOUGH = 1.5  # pixels for each one that is wanted: more of them cost memory, and are not seen
QUALITY = 80
# Closes the race of several uploads for the memory: a process unpacks one picture at a time.
ONE_AT_A_TIME = Lock()


class BadPicture(Exception):
    """The upload is no picture that the site can show; its text says why, in plain words."""


class Encoded(NamedTuple):
    """WebP by width in pixels, and a name made of nothing but their content."""

    name: str
    files: dict[int, bytes]


def pixels(
    upload: bytes,
    *,
    least: int,
    wanted: int,
    most_times: int = MOST_TIMES,
    see_through: bool = False,
) -> Image.Image:
    """A JPEG, PNG or WebP of any name: upright, in sRGB, and nothing beside its pixels.

    What is transparent comes back white, or as RGBA where `see_through` is wanted. Each side of the
    upload has to have `least` pixels. What is much larger than `wanted` comes back smaller, no side
    below that; one side may be `most_times` the other. Raises BadPicture: another kind of file, too
    many or too few pixels (told from the header, before any is decoded), an animation, a file that
    breaks off.
    """
    with ONE_AT_A_TIME:
        image = _open(upload, least, most_times)
        try:
            return _drawn(image, wanted, see_through)
        except Exception as error:  # a file that breaks off, or lies about its inside
            raise BadPicture(_("This picture is damaged: it cannot be read to its end.")) from error


def webp(image: Image.Image, size: tuple[int, int], *, exact: bool = False) -> bytes:
    """The picture in that size, as WebP; `exact` keeps the edges of letters, and costs bytes."""
    buffer = BytesIO()
    small = image.resize(size, Image.Resampling.LANCZOS)
    small.save(buffer, "WEBP", quality=QUALITY, method=6, lossless=exact)
    return buffer.getvalue()


def height_of(file: bytes) -> int:
    """Pixels, as the file's header says."""
    return Image.open(BytesIO(file), formats=["WEBP"]).height


def encoded(files: Mapping[int, bytes]) -> Encoded:
    """The files of one picture under the name that their content gives it."""
    return Encoded(hashlib.sha256(b"".join(files.values())).hexdigest()[:32], dict(files))


def _open(upload: bytes, least: int, most_times: int) -> Image.Image:
    """The picture with its header read and its pixels not: what it claims to be is checked."""
    try:
        image = Image.open(BytesIO(upload), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a broken header makes pillow raise whatever it stumbles over
        raise BadPicture(
            _("This file is not a JPEG, PNG or WebP picture, or it is damaged.")
        ) from error
    most = MAX_PIXELS_OF.get(image.format or "", MAX_PIXELS)
    if image.width * image.height > most:
        raise _too_many_pixels(most)
    if min(image.size) < least:
        raise BadPicture(
            _("This picture is too small: it needs %(least)d pixels each way, at least.")
            % {"least": least}
        )
    if max(image.size) > most_times * min(image.size):
        raise BadPicture(
            _("This picture is too long: one side may be %(most)d times the other, at most.")
            % {"most": most_times}
        )
    # MPO is what many telephones write as JPEG: the photograph first, then a depth map or so.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise BadPicture(_("This picture moves. Choose one that stands still."))
    return image


def _too_many_pixels(most: int = MAX_PIXELS) -> BadPicture:
    return BadPicture(
        _("This picture is too large: it may have %(most)d million pixels, at most.")
        % {"most": most // 1_000_000}
    )


def _drawn(image: Image.Image, wanted: int, see_through: bool) -> Image.Image:
    image.draft(None, (wanted * 2, wanted * 2))  # JPEG: decoded smaller, where that loses nothing
    profile = image.info.get("icc_profile")
    upright = _reduced(_plain(image), wanted)
    ImageOps.exif_transpose(upright, in_place=True)  # where it stands, without a second one
    layer = _layer(upright) if see_through else None
    flat = _in_srgb(layer.convert("RGB") if layer else _opaque(upright), profile)
    # Pasted, not copied: what pillow keeps beside the pixels would be written with them.
    clean = Image.new("RGB", flat.size)
    clean.paste(flat)
    if layer:
        clean.putalpha(layer.getchannel("A"))
    return clean


def _layer(image: Image.Image) -> Image.Image | None:
    """The picture with how clear it is; None where nothing of it is."""
    if image.mode not in ("RGBA", "LA") or image.getextrema()[-1] == (255, 255):
        return None
    layer = image.convert("RGBA")
    # Nobody sees what colours a wholly clear pixel has: those of the upload are not kept.
    return Image.alpha_composite(Image.new("RGBA", layer.size, (255, 255, 255, 0)), layer)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode whose pixels can be put together without mixing what is transparent."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I")
    if image.has_transparency_data:
        return image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _reduced(image: Image.Image, wanted: int) -> Image.Image:
    """Whole squares of pixels put together: what follows has a few million of them at most."""
    factor = int(min(image.size) / (wanted * ENOUGH))
    return image.reduce(factor) if factor > 1 else image


def _opaque(image: Image.Image) -> Image.Image:
    """The picture on white where it was transparent, in eight bits for each channel."""
    if image.mode == "I":  # `convert` alone would cut off the light ones
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode not in ("RGBA", "LA"):
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers take them; a profile that cannot be used is left out."""
    if profile:
        try:
            return ImageCms.profileToProfile(  # type: ignore[return-value]
                image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")
