"""What a page says, for tests that compare it."""

import re
from html.parser import HTMLParser


class _Text(HTMLParser):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.tag, self.depth, self.found = wanted, None, 0, []

    def handle_starttag(self, tag, attributes):
        classes = (dict(attributes).get("class") or "").split()
        if not self.depth and (self.wanted == tag or self.wanted in classes):
            self.found.append("")
            self.tag = tag
        if self.tag == tag:
            self.depth += 1

    def handle_endtag(self, tag):
        if self.depth and tag == self.tag:
            self.depth -= 1
            if not self.depth:
                self.tag = None

    def handle_data(self, data):
        if self.depth:
            self.found[-1] += data


def texts(response, wanted: str) -> list[str]:
    """The words inside every element of a class or tag, spaces made single."""
    return texts_in(response.content.decode(), wanted)


def texts_in(html: str, wanted: str) -> list[str]:
    """The same, of HTML that is no answer."""
    parser = _Text(wanted)
    parser.feed(html)
    return [" ".join(text.split()) for text in parser.found]


def said(response) -> list[str]:
    """The messages at the top of the page."""
    return [str(message) for message in response.context["messages"]]


def tight(html: str) -> str:
    """HTML with one space for each run of white space, and none beside a tag.

    How templates are indented, and what takes their spaces out, is no matter to what a page says.
    """
    return re.sub(r" ?(<[^>]*?) ?> ?", r"\1>", re.sub(r"[ \t\r\n]+", " ", html))


class Words(HTMLParser):
    """What a reader of the HTML sees, and the addresses it can reach."""

    def __init__(self, html):
        super().__init__()
        self.words, self.addresses, self.tags = [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        if self.lasttag not in ("style", "title"):
            self.words += data.split()
