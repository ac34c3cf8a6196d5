"""A logo's clear parts stay clear, where it can be seen on light and dark pages."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from booking import logo as logos
from tests.pictures import picture

CLEAR = (0, 0, 0, 0)
TEAL, INK, CHALK = (42, 157, 143), (18, 22, 30), (250, 250, 248)
CORNER, MIDDLE = (1, 1), (40, 24)  # of the height of 48 pixels


def drawn(colour, kind="PNG", mode="RGBA", hidden=CLEAR):
    """A disc on nothing, as a program for drawing writes it: soft at its edge."""
    large = Image.new("RGBA", (960, 576), hidden)
    ImageDraw.Draw(large).ellipse((240, 48, 720, 528), fill=(*colour, 255))
    file = BytesIO()
    large.resize((320, 192), Image.Resampling.LANCZOS).convert(mode).save(file, kind)
    return file.getvalue()


def stored(upload, height=48):
    return Image.open(BytesIO(logos.prepare(upload).files[height]))


def pixels(image):
    return list(image.get_flattened_data())


@pytest.mark.parametrize("height", [48, 96])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_stays_so(kind, height):
    image = stored(drawn(TEAL), height)
    scale = height // 48

    assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (80 * scale, height))
    assert image.getpixel(CORNER)[3] == 0
    red, green, blue, alpha = image.getpixel((40 * scale, 24 * scale))
    assert max(abs(one - two) for one, two in zip((red, green, blue), TEAL, strict=True)) <= 2
    assert alpha == 255


def test_soft_edges_have_the_logos_colour_and_bring_no_white_onto_a_dark_page():
    soft = [red for red, _, _, alpha in pixels(stored(drawn(TEAL))) if 40 < alpha < 215]

    assert (len(soft) > 20, max(soft) < 100) == (True, True)  # mixed with white it is 150


def test_a_palette_with_one_clear_colour_stays_clear():
    image = Image.new("P", (300, 120), 0)
    image.putpalette([255, 0, 255, *TEAL])
    image.paste(1, (100, 20, 200, 100))
    file = BytesIO()
    image.save(file, "PNG", transparency=0)
    found = stored(file.getvalue())

    assert (found.getpixel(CORNER)[3], found.getpixel((60, 24))[3]) == (0, 255)


def test_what_clear_pixels_hide_is_not_kept():
    secret = drawn(TEAL, hidden=(255, 0, 255, 0))
    colours = {pixel[:3] for pixel in pixels(stored(secret, 96)) if pixel[3] == 0}

    assert (255, 0, 255) not in colours


@pytest.mark.parametrize(
    ("ink", "beneath"), [(INK, (255, 255, 255)), (CHALK, (0, 0, 0))], ids=["dark", "light"]
)
def test_one_that_some_pages_would_hide_gets_a_ground(ink, beneath):
    image = stored(drawn(ink)).convert("RGBA")

    assert image.getpixel(CORNER) == (*beneath, 255)


@pytest.mark.parametrize("upload", [picture("PNG", (300, 120)), drawn(TEAL, mode="RGB")])
def test_one_without_clear_parts_has_none(upload):
    assert stored(upload).mode == "RGB"
