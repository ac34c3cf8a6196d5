"""What our own drawings are made of."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, register_namespace

SVG = "{http://www.w3.org/2000/svg}"
register_namespace("", "http://www.w3.org/2000/svg")  # written as it was read


def colours(drawing: Element) -> Iterator[str]:
    """Every colour that something in it is filled or drawn with."""
    for each in drawing.iter():
        yield from (each.attrib[name] for name in ("fill", "stroke") if name in each.attrib)


def tags(drawing: Element) -> set[str]:
    """The kinds of elements in it, itself included."""
    return {each.tag.removeprefix(SVG) for each in drawing.iter()}
