"""The picture that goes with a link in a message: the clinic's name, in its colour.

Drawn here, in the style of the exercises' figures, and in the letters of the site's headings.
"""

import functools
import textwrap
import unicodedata
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from booking.brand import colours, palettes
from booking.models import Clinic

STATIC = palettes.SHEETS.parent
SIZE = (1200, 630)  # what the large cards of messengers show whole
FINE = 2  # drawn twice as large: pillow's lines have no soft edges
MARGIN = 80
NAME_SIZES = {0: 1, 1: 104, 2: 92, 3: 76, 4: 60}  # by lines
LETTERS = {1: 13, 2: 15, 3: 18, 4: 24}  # in a line of that size

LINE_SIZE = 31
NO_LETTER = "\uffff"  # of no typeface: what is drawn like it is missing

Point = tuple[float, float]
Font = ImageFont.FreeTypeFont
# The bird dog's end pose on a ground of 220 by 130: (width, far from the eye, points).
TORSO: list[Point] = [(72, 60), (91, 64), (110, 65), (130, 64), (150, 62)]
LIMBS: list[tuple[int, bool, list[Point]]] = [
    (3, True, [(6, 132), (222, 132)]),
    (9, False, [(72, 60), (45, 46), (16, 34)]),
    (12, False, [(150, 62), (188, 56), (226, 50)]),
    (22, False, TORSO),
    (8, False, [(72, 60), (44, 50)]),
    (13, False, [(150, 62), (150, 124), (196, 126)]),
    (10, False, [(72, 60), (72, 94), (72, 124)]),
]
HEAD = (44, 50, 13)
FIGURE_AT, FIGURE_SCALE = (725, 312), 1.8


# There is one card, and drawing it takes 80 ms of CPU: who asks for it again and again would
# otherwise keep a process from answering patients.
@functools.lru_cache(maxsize=1)
def png(name: str, line: str, style: str, colour: str) -> bytes:
    """The card with a clinic's name and one line below it, 1200 by 630 pixels."""
    shades = colours.light(colour)
    image = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), shades["brand"])
    draw = ImageDraw.Draw(image)
    _figure(draw, shades)
    _words(draw, drawable(name, style), line, style, shades)
    small = image.resize(SIZE, Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def version(clinic: Clinic) -> str:
    """Another one for each name, style and colour: what the card's address ends with."""
    return sha256("\n".join([clinic.name, clinic.style, clinic.colour]).encode()).hexdigest()[:8]


def drawable(name: str, style: str) -> str:
    """A name without the words of which the typeface lacks a letter: none is better than a wrong
    one.
    """
    font = _font(style, LINE_SIZE)
    missing = bytes(font.getmask(NO_LETTER))
    words = unicodedata.normalize("NFC", name).split()
    return " ".join(
        word for word in words if not any(bytes(font.getmask(letter)) == missing for letter in word)
    )


def lines_of(name: str) -> list[str]:
    """A name in the fewest lines that hold it, four at most."""
    for count, letters in LETTERS.items():
        lines = textwrap.wrap(name, letters)
        if len(lines) <= count:
            return lines
    return textwrap.wrap(name, LETTERS[4], max_lines=4, placeholder="…")


def _font(style: str, size: int) -> Font:
    """The letters of a style's headings; a web font's file allows the basic layout alone."""
    file = STATIC / palettes.font(style)
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _fitting(lines: list[str], style: str, size: int) -> int:
    """The size, or a smaller one in which the widest line stays on the card."""
    room = (SIZE[0] - 2 * MARGIN) * FINE
    widest = max([_font(style, size).getlength(line) for line in lines], default=0)
    return size if widest <= room else int(size * room / widest)


def _words(
    draw: ImageDraw.ImageDraw, name: str, line: str, style: str, shades: colours.Shades
) -> None:
    lines = lines_of(name)
    size = _fitting(lines, style, NAME_SIZES[len(lines)] * FINE)
    draw.multiline_text(
        (MARGIN * FINE, (MARGIN - 10) * FINE),
        "\n".join(lines),
        fill=shades["on-brand"],
        font=_font(style, size),
        spacing=size // 8,
    )
    draw.text(
        (MARGIN * FINE, (SIZE[1] - MARGIN) * FINE),
        line,
        fill=shades["tint"],
        font=_font(style, LINE_SIZE * FINE),
        anchor="ls",
    )


def _figure(draw: ImageDraw.ImageDraw, shades: colours.Shades) -> None:
    near, far = shades["tint"], colours.mix(shades["tint"], shades["brand"], 0.4)
    for width, is_far, points in LIMBS:
        _stroke(draw, [_place(point) for point in points], width, far if is_far else near)
    _dot(draw, _place(HEAD[:2]), HEAD[2] * FIGURE_SCALE * FINE, near)


def _place(point: Point) -> Point:
    """Where a point of the figure lies on the fine ground."""
    return (
        (FIGURE_AT[0] + point[0] * FIGURE_SCALE) * FINE,
        (FIGURE_AT[1] + point[1] * FIGURE_SCALE) * FINE,
    )


def _stroke(draw: ImageDraw.ImageDraw, points: list[Point], width: int, colour: str) -> None:
    """A line with round joints and ends."""
    across = width * FIGURE_SCALE * FINE
    draw.line(points, fill=colour, width=round(across))
    for point in points:
        _dot(draw, point, across / 2, colour)


def _dot(draw: ImageDraw.ImageDraw, middle: Point, radius: float, colour: str) -> None:
    (left, top), across = (middle[0] - radius, middle[1] - radius), 2 * radius
    draw.ellipse((left, top, left + across, top + across), fill=colour)
