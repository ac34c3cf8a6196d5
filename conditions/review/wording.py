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
PICTURES = {"img": "alt", "svg": "aria-label"}  # each with the attribute that says what it shows
EMPTY = {"area", "br", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
# What signing changes is no text to be signed, nor is the number of a source or a mark, nor what
# stands beside the text: free times, which pass, and its headings once more.
LEFT_OUT = {"signature", "notice", "unsigned", "aside"}


class Line(NamedTuple):
    """One line of a text. How: "same", "new", or "gone" since the earlier reading."""

    how: str
    text: str


def lines(html: str) -> list[str]:
    """The words of the page's article, a line for each heading, paragraph and item of a list.

    Headings begin with "# ", items with "- "; what a picture shows stands in brackets, and so does
    where a link to another site leads.
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
        self.leads_to = ""  # where an open link leads, on another site

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "article"
        told = {name: value or "" for name, value in attributes}
        if self.skipped or tag == "sup" or LEFT_OUT & set(told.get("class", "").split()):
            self.words = self.words.rstrip()  # the space before a mark goes with it
            self.skipped += [tag] * (tag not in EMPTY)
        elif tag in BLOCKS:
            self.end_line()
            self.mark = MARKS.get(tag, "")
        elif tag in PICTURES:
            self.end_line()
            self.add_aside(told.get(PICTURES[tag], ""))
            self.end_line()
        elif tag == "a" and told.get("href", "").startswith("http"):
            self.leads_to = told["href"]

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            self.skipped.pop()
        elif tag in BLOCKS:
            self.end_line()
        elif tag == "a":
            self.add_aside(self.leads_to)
            self.leads_to = ""
        self.inside = self.inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipped:
            self.words += data

    def add_aside(self, text: str) -> None:
        """What a reader gets without seeing it."""
        if text and self.inside:
            self.words += f" [{text}]"

    def end_line(self) -> None:
        """The end of a line."""
        text = " ".join(self.words.split())
        if text:
            self.found.append(f"{self.mark}{text}")
        self.words, self.mark = "", ""
