"""Uploads for pages: what is refused and in which words, and what is left of a picture."""

import subprocess
import sys
import threading
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from conditions import pictures
from conditions.images import uploads
from tests.pictures import (
    BLUE,
    ORIENTATION,
    RED,
    WHITE,
    deep_png,
    near,
    picture,
    png_header,
    with_everything,
)

NO_PICTURE = "This file is not a JPEG, PNG or WebP picture, or it is damaged."
TOO_LARGE = "This picture is too large: it may have 25 million pixels, at most."
TOO_SMALL = "This picture is too small: it needs 360 pixels each way, at least."
TOO_LONG = "This picture is too long: one side may be 3 times the other, at most."
MOVES = "This picture moves. Choose one that stands still."
DAMAGED = "This picture is damaged: it cannot be read to its end."
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"


def moving() -> bytes:
    frames, buffer = [Image.new("RGB", (400, 400), colour) for colour in (RED, BLUE)], BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


REFUSED = {
    "nothing": (b"", NO_PICTURE),
    "a drawing that can hold a script": (SVG, NO_PICTURE),
    "the same, packed": (b"\x1f\x8b" + SVG, NO_PICTURE),
    "a page": (HTML, NO_PICTURE),
    "another kind of picture": (picture("GIF"), NO_PICTURE),
    "a page, then a picture": (HTML + picture(), NO_PICTURE),
    "a PDF, then a picture": (b"%PDF-1.7\n" + picture(), NO_PICTURE),
    "an archive, then a picture": (b"PK\x03\x04" + picture("PNG"), NO_PICTURE),
    "a GIF's head on a picture": (b"GIF89a/*" + picture(), NO_PICTURE),
    "a bomb by its head alone": (png_header(60_000, 60_000), TOO_LARGE),
    "a strip": (png_header(12_000, 400), TOO_LONG),
    "a dot": (picture(size=(1, 1)), TOO_SMALL),
    "a picture that is all claim": (png_header(900, 900), DAMAGED),
    "a picture that breaks off": (with_everything("JPEG")[:3000], DAMAGED),
    "a film": (moving(), MOVES),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_for_a_page_is_refused_in_plain_words(case):
    upload, words = REFUSED[case]
    with pytest.raises(uploads.BadPicture) as refused:
        pictures.prepare(upload)

    assert str(refused.value) == words


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused():
    bomb = picture("PNG", size=(12_000, 12_000), mode="1", colour=0)
    with pytest.raises(uploads.BadPicture) as refused:
        pictures.prepare(bomb)

    assert (len(bomb) < 40_000, str(refused.value)) == (True, TOO_LARGE)


def test_a_webp_may_have_fewer_pixels_as_unpacking_it_takes_more_memory():
    with pytest.raises(uploads.BadPicture) as refused:
        pictures.prepare(picture("WEBP", size=(4001, 4000)))

    assert str(refused.value) == TOO_LARGE.replace("25", "16")


def opened(upload: bytes) -> dict[int, Image.Image]:
    files = pictures.prepare(upload).files
    return {width: Image.open(BytesIO(content)) for width, content in files.items()}


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((1600, 900), {360: (360, 202), 720: (720, 405), 1280: (1280, 720)}),
        ((4000, 6000), {360: (360, 540), 720: (720, 1080), 1280: (1280, 1920)}),
        ((800, 500), {360: (360, 225), 720: (720, 450)}),
        ((400, 1200), {360: (360, 1080)}),
    ],
)
def test_a_picture_keeps_its_proportions_and_never_grows(size, sizes):
    found = opened(picture(size=size))

    assert {width: image.size for width, image in found.items()} == sizes
    assert {image.format for image in found.values()} == {"WEBP"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_camera_and_words_are_gone_and_it_stands_upright(kind):
    files = pictures.prepare(with_everything(kind)).files
    image = Image.open(BytesIO(files[360]))
    told = [name for name in (b"EXIF", b"ICCP", b"XMP ", b"Rosa") if name in files[360]]

    assert Image.open(BytesIO(with_everything(kind))).getexif()[ORIENTATION] == 6
    assert (dict(image.getexif()), told, image.size) == ({}, [], (360, 720))
    assert near(image.getpixel((180, 20)), BLUE, 30)
    assert near(image.getpixel((180, 700)), RED, 30)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_picture_with_something_hung_on_the_picture_alone_is_left(kind):
    """Telephones hang films on photographs, so that such a file is no reason to refuse it."""
    alone = pictures.prepare(picture(kind))

    assert pictures.prepare(picture(kind) + b"PK\x03\x04" + HTML) == alone
    assert [content for content in alone.files.values() if b"script" in content] == []


@pytest.mark.parametrize(
    ("upload", "expected"),
    [
        ({"mode": "I;16", "colour": 25_700}, (100, 100, 100)),
        ({"mode": "RGBA", "colour": (*RED, 0)}, WHITE),
        ({"size": (4000, 4000), "mode": "RGBA", "colour": (*RED, 0)}, WHITE),
        ({"size": (4000, 4000), "mode": "LA", "colour": (90, 255)}, (90, 90, 90)),
        ({"size": (4000, 4000), "mode": "I;16", "colour": 25_700}, (100, 100, 100)),
        ({"mode": "P", "colour": 0, "transparency": 0}, WHITE),
        ({"kind": "JPEG", "mode": "CMYK", "colour": (0, 255, 255, 0)}, (255, 0, 0)),
    ],
)
def test_grey_and_transparent_pictures_keep_their_colours_on_white(upload, expected):
    assert near(opened(picture(**{"kind": "PNG"} | upload))[360].getpixel((9, 9)), expected)


def test_a_png_of_sixteen_bits_a_channel_keeps_its_colours():
    assert near(opened(deep_png(500, 500, (51_400, 7_710, 7_710)))[360].getpixel((9, 9)), RED)


# By what Linux says of the process itself: `resource` counts what started it, too.
MEASURE = """
import re, sys
from pathlib import Path
from conditions.images import uploads

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

upload = sys.stdin.buffer.read()
before = peak()
uploads.pixels(upload, least=360, wanted=1280)
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("upload", "most"),
    [
        ({"kind": "PNG", "size": (5000, 5000), "mode": "RGBA", "colour": (*RED, 9)}, 260),
        ({"kind": "PNG", "size": (8640, 2884)}, 260),
        ({"kind": "JPEG", "size": (2884, 8640)}, 260),
        ({"kind": "WEBP", "size": (4000, 4000)}, 300),
        ({"kind": "WEBP", "size": (4000, 4000), "mode": "RGBA", "colour": (*RED, 9)}, 300),
        ({"kind": "PNG", "size": (5000, 5000), "mode": "I;16", "colour": 25_700}, 260),
    ],
    ids=["transparent", "wide", "tall", "WebP", "transparent WebP", "16 bits"],
)
def test_the_largest_picture_takes_so_many_megabytes_and_no_more(upload, most):
    told = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=picture(**upload),
        capture_output=True,
        check=True,
        cwd=settings.BASE_DIR,
    )

    assert int(told.stdout) // 1024 <= most


def test_one_picture_is_unpacked_at_a_time():
    done = threading.Event()

    def work():
        pictures.prepare(picture())
        done.set()

    thread = threading.Thread(target=work)
    with uploads.ONE_AT_A_TIME:
        thread.start()
        waited = not done.wait(1)
    thread.join()

    assert (waited, done.is_set()) == (True, True)
