"""Pictures to upload."""

from io import BytesIO

from PIL import Image

RED, WHITE, BLUE = (200, 30, 30), (255, 255, 255), (30, 30, 200)


def picture(kind="JPEG", size=(500, 500), colour=RED, mode="RGB", **options) -> bytes:
    """A file of one colour."""
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()
