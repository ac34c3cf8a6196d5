"""Pictures to upload."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

RED, WHITE, BLUE = (200, 30, 30), (255, 255, 255), (30, 30, 200)
ORIENTATION, GPS = 0x0112, 0x8825


def picture(kind="JPEG", size=(500, 500), colour=RED, mode="RGB", **options) -> bytes:
    """A file of one colour."""
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG."""
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def png_header(width: int, height: int, bits: int = 8) -> bytes:
    """A PNG that claims a size, begins its pixels and has not one."""
    header = struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"\0\0\1\0IDAT"


def deep_png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A PNG of one colour with 16 bits for each channel, which Pillow itself does not write."""
    line = b"\0" + struct.pack(">HHH", *colour) * width
    header = png_header(width, height, 16).removesuffix(b"\0\0\1\0IDAT")
    return header + chunk(b"IDAT", zlib.compress(line * height)) + chunk(b"IEND", b"")


def with_everything(kind: str) -> bytes:
    """A picture, taller than wide when upright, that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # lies on its side
    exif[0x010F] = "Camera of Rosa"
    exif.get_ifd(GPS)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "icc_profile": profile, "dpi": (72, 72)}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", "Camera of Rosa")
        options["pnginfo"] = words
    if kind == "JPEG":
        options["comment"] = b"Camera of Rosa"
    if kind == "WEBP":
        options["xmp"] = b"<x:xmpmeta>Camera of Rosa</x:xmpmeta>"
    lying = Image.new("RGB", (1000, 500), RED)
    lying.paste(BLUE, (0, 0, 500, 500))  # the left half, which is the upper one when upright
    buffer = BytesIO()
    lying.save(buffer, kind, **options)
    return buffer.getvalue()


def near(colour, expected, tolerance=12) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(colour, expected, strict=True))


def upload(content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, kind)
