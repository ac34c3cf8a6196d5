"""Editors' text: Markdown without HTML, with citations as `[@slug]` and boxes to tick as `[ ]`."""

import re
from collections.abc import Sequence
from typing import Any

from django.template import loader
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from conditions.pages.reading import Reading

CITATION = re.compile(r"\[@([a-z0-9-]+)\]")
CITED = "conditions/_citation.html"
BOX = "[ ] "  # opens an item of a list that readers tick off
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")


def _citation_rule(state: StateInline, silent: bool) -> bool:
    found = CITATION.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        if state.pending.strip():  # the number stands close to its word, not to another number
            state.pending = state.pending.rstrip()
        state.push("citation", "", 0).meta = {"slug": found[1]}
    state.pos = found.end()
    return True


def _citation(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    return cite(tokens[index].meta["slug"], env["reading"])


def _link_open(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    href = str(tokens[index].attrGet("href") or "")
    env["links"].append(env["reading"].may_link(href))
    return self.renderToken(tokens, index, options, env) if env["links"][-1] else ""


def _link_close(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return self.renderToken(tokens, index, options, env) if env["links"].pop() else ""


MARKDOWN = MarkdownIt("zero", {"html": False}).enable(
    ["emphasis", "escape", "link", "list", "newline"]
)
MARKDOWN.inline.ruler.before("link", "citation", _citation_rule)
MARKDOWN.add_render_rule("citation", _citation)
MARKDOWN.add_render_rule("link_open", _link_open)
MARKDOWN.add_render_rule("link_close", _link_close)


def render(text: str, reading: Reading) -> SafeString:
    """HTML of an editor's text, in paragraphs.

    HTML in the text is shown as typed. A link to a page that is not public becomes plain text.
    """
    env = {"reading": reading, "links": []}
    html = MARKDOWN.render(text, env).strip()
    # Safe: markdown-it, with HTML off, escapes whatever the editor typed.
    return mark_safe(html.replace(f"<li>{BOX}", '<li class="box">'))


def cite(slug: str, reading: Reading) -> SafeString:
    """The number of a source as a link to it, or nothing for a source that does not exist.

    The list of sources leads back to the first mention: the browser itself to every other one.
    """
    number, is_first = reading.cite(slug)
    said = {"number": number, "first": is_first}
    return mark_safe(loader.render_to_string(CITED, said).strip() if number else "")


def plain(text: str) -> str:
    """The words alone: no citations, no link addresses, no emphasis, one line."""
    words = LINK.sub(r"\1", re.sub(rf"\s*{CITATION.pattern}", "", text))
    return " ".join(words.replace("*", "").replace(BOX, "").split())
