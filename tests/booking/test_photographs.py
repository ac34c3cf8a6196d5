"""Uploads: what is refused and in which words, and what is left of a photograph."""

from io import BytesIO

import pytest
from PIL import Image

from booking import photographs
from conditions.images.uploads import BadPicture
from tests.pictures import (
    BLUE,
    ORIENTATION,
    RED,
    WHITE,
    near,
    picture,
    png_header,
    with_everything,
)

NO_PICTURE = "This file is not a JPEG, PNG or WebP picture, or it is damaged."
TOO_LARGE = "This picture is too large: it may have 25 million pixels, at most."
TOO_SMALL = "This picture is too small: it needs 384 pixels each way, at least."
MOVES = "This picture moves. Choose one that stands still."
DAMAGED = "This picture is damaged: it cannot be read to its end."


def refusal(upload: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        photographs.prepare(upload)
    return str(caught.value)


def shown(upload: bytes, size: int = 384) -> Image.Image:
    return Image.open(BytesIO(photographs.prepare(upload).files[size]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_size_is_a_square_webp_of_the_same_picture(kind):
    files = photographs.prepare(picture(kind, size=(900, 500))).files
    opened = {size: Image.open(BytesIO(content)) for size, content in files.items()}

    assert {size: (image.format, image.size) for size, image in opened.items()} == {
        96: ("WEBP", (96, 96)),
        192: ("WEBP", (192, 192)),
        384: ("WEBP", (384, 384)),
    }
    assert [near(image.getpixel((40, 40)), RED) for image in opened.values()] == [True] * 3


def test_the_same_picture_has_the_same_name_and_another_has_another():
    one, again, other = (
        photographs.prepare(picture(colour=colour)).name for colour in (RED, RED, BLUE)
    )

    assert (one == again, one == other, len(one)) == (True, False, 32)


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"no picture at all",
        picture("GIF"),
        picture("TIFF"),
        picture("BMP"),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        picture("WEBP")[:-20],
        png_header(500, 500)[:20],
    ],
)
def test_what_is_no_photograph_by_its_content_is_refused(upload):
    assert refusal(upload) == NO_PICTURE


@pytest.mark.parametrize("size", [(5001, 5000), (12_000, 12_000), (60_000, 60_000)])
def test_too_many_pixels_are_refused_by_the_header_alone(size):
    """There is nothing to decode in these files: whoever tried would call them damaged."""
    assert refusal(png_header(*size)) == TOO_LARGE


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused():
    bomb = picture("PNG", size=(12_000, 12_000), mode="1", colour=0)

    assert (len(bomb) < 40_000, refusal(bomb)) == (True, TOO_LARGE)


def test_as_many_pixels_as_allowed_are_read():
    """The control of the two above: within the cap, the same kind of file is decoded."""
    allowed = picture("PNG", size=(5000, 5000), mode="1", colour=1)

    assert near(shown(allowed).getpixel((9, 9)), WHITE)
    assert refusal(png_header(5000, 5000)) == DAMAGED


def test_too_few_pixels_are_refused():
    assert refusal(picture(size=(383, 2000))) == TOO_SMALL


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind):
    frames = [Image.new("RGB", (400, 400), colour) for colour in (RED, BLUE)]
    buffer = BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100)

    assert refusal(buffer.getvalue()) == MOVES


def test_a_telephones_jpeg_with_a_second_picture_inside_shows_the_first():
    frames = [Image.new("RGB", (400, 400), colour) for colour in (RED, BLUE)]
    buffer = BytesIO()
    frames[0].save(buffer, "MPO", save_all=True, append_images=frames[1:])

    assert near(shown(buffer.getvalue()).getpixel((9, 9)), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_file_that_breaks_off_is_refused(kind):
    noise, buffer = Image.effect_noise((500, 500), 80).convert("RGB"), BytesIO()
    noise.save(buffer, kind)
    whole = buffer.getvalue()

    assert refusal(whole[: len(whole) // 2]) == DAMAGED
    assert photographs.prepare(whole)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_left(kind):
    upload = with_everything(kind)
    assert b"Camera of Rosa" in upload
    assert Image.open(BytesIO(upload)).getexif()[ORIENTATION] == 6

    files = photographs.prepare(upload).files
    told = {
        size: (
            dict(image.getexif()),
            sorted(set(image.info) - {"loop", "background", "timestamp", "duration"}),
            [name for name in (b"EXIF", b"ICCP", b"XMP ", b"Rosa") if name in content],
        )
        for size, content in files.items()
        for image in [Image.open(BytesIO(content))]
    }

    assert told == {size: ({}, [], []) for size in photographs.SIZES}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_is_turned_upright(kind):
    upright = shown(with_everything(kind))

    assert near(upright.getpixel((192, 20)), BLUE, 30)
    assert near(upright.getpixel((192, 370)), RED, 30)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("L", 90, (90, 90, 90)),
    ],
)
def test_other_kinds_of_jpeg_keep_their_colours(mode, colour, expected):
    assert near(shown(picture(mode=mode, colour=colour)).getpixel((9, 9)), expected)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (*RED, 0), WHITE),
        ("RGBA", (*RED, 255), RED),
        ("LA", (90, 0), WHITE),
        ("P", 0, (0, 0, 0)),
        ("1", 1, WHITE),
        ("I;16", 25_700, (100, 100, 100)),
    ],
)
def test_other_kinds_of_png_keep_their_colours_on_white(mode, colour, expected):
    assert near(shown(picture("PNG", mode=mode, colour=colour)).getpixel((9, 9)), expected)


def test_a_palette_with_a_see_through_colour_stands_on_white():
    upload = picture("PNG", mode="P", colour=0, transparency=0)

    assert near(shown(upload).getpixel((9, 9)), WHITE)


def test_a_profile_that_is_broken_is_left_out():
    assert near(shown(picture(icc_profile=b"no profile")).getpixel((9, 9)), RED)
