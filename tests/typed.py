"""What a browser would send back of a form that it was shown."""

from html.parser import HTMLParser
from typing import Any

UNSENT = {"submit", "button", "image", "reset", "file"}


class _Form(HTMLParser):
    """Fields of the form with an id or an action, as they stand."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.found: dict[str, list[str]] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "form":
            self.inside = self.form_id in (given.get("id"), given.get("action"))
        elif not self.inside:
            return
        elif tag == "input" and name and given.get("type", "text") not in UNSENT:
            ticked = given.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in given:
                unnamed = "on" if ticked else ""  # of a box whose value nobody named
                self.found.setdefault(name, []).append(given.get("value", unnamed) or "")
        elif tag == "textarea":
            self.area = name
            self.found[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.found.setdefault(self.select, []).append(given.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data):
        if self.area:
            self.found[self.area][0] += data


def fields_of(response: Any, form_id: str) -> dict[str, list[str]]:
    """Name and values of each field that the form would send, untouched. The form is named by its
    id, or by its action.
    """
    parser = _Form(form_id)
    parser.feed(response.content.decode())
    # HTML drops the line break right after a <textarea>.
    return {
        name: [value.removeprefix("\n") for value in parser.found[name]] for name in parser.found
    }
