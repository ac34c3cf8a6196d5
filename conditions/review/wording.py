"""The words of a rendered page, line by line, and how they differ from an earlier reading."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import NamedTuple

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADINGS | {
    *("article", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "li"),
    *("nav", "ol", "p", "section", "summary", "table", "td", "th", "tr", "ul"),
}
MARKS = {"li": "- "} | dict.fromkeys(HEADINGS, "# ")
EMPTY = {"area", "br", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
# What signing changes is no text to be signed, nor is the number of a source or a mark.
LEFT_OUT = {"review", "notice", "unsigned"}


class Line(NamedTuple):
    """One line of a text. How: "same", "new", or "gone" since the earlier reading."""

    how: str
    text: str


def lines(html: str) -> list[str]:
    """The words of the page's article, a line for each heading, paragraph and item of a list.

    Headings begin with "# ", items with "- ".
    """
    reader = _Reader()
    reader.feed(html)
    return reader.found


def compared(before: Sequence[str] | None, now: Sequence[str]) -> list[Line]:
    """The lines as they are now, with those that are gone where they stood; all the same without
    an earlier reading.
    """
    if before is None:
        return [Line("same", text) for text in now]
    return list(_compared(before, now))


def _compared(before: Sequence[str], now: Sequence[str]) -> Iterator[Line]:
    steps = SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    for how, first, end, start, stop in steps:
        if how == "equal":
            yield from (Line("same", text) for text in now[start:stop])
        else:
            yield from (Line("gone", text) for text in before[first:end])
            yield from (Line("new", text) for text in now[start:stop])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words, self.mark = "", ""
        self.inside = False
        self.skipped: list[str] = []  # open tags of what is left out

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "article"
        classes = (dict(attributes).get("class") or "").split()
        if self.skipped or tag == "sup" or LEFT_OUT & set(classes):
            self.skipped += [tag] * (tag not in EMPTY)
        elif tag in BLOCKS:
            self.end_line()
            self.mark = MARKS.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            self.skipped.pop()
        elif tag in BLOCKS:
            self.end_line()
        self.inside = self.inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipped:
            self.words += data

    def end_line(self) -> None:
        """The end of a line."""
        text = " ".join(self.words.split())
        if text:
            self.found.append(f"{self.mark}{text}")
        self.words, self.mark = "", ""
