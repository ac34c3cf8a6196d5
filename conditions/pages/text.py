"""Editors' text: Markdown without HTML, with citations as `[@slug]`."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from conditions.pages.reading import Reading

CITATION = re.compile(r"\[@([a-z0-9-]+)\]")
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


@lru_cache(maxsize=4096)
def _parsed(text: str, inline: bool) -> list[Token]:
    return MARKDOWN.parseInline(text) if inline else MARKDOWN.parse(text)


def render(text: str, reading: Reading, *, inline: bool = False) -> SafeString:
    """HTML of an editor's text; `inline` for one line, without a paragraph around it.

    HTML in the text is shown as typed. A link to a page that is not public becomes plain text.
    """
    env = {"reading": reading, "links": []}
    # Safe: markdown-it, with HTML off, escapes whatever the editor typed.
    html = MARKDOWN.renderer.render(_parsed(text, inline), MARKDOWN.options, env)
    return mark_safe(html.strip())


def cite(slug: str, reading: Reading) -> SafeString:
    """The number of a source as a link to it, or nothing for a source that does not exist.

    The list of sources leads back to the first mention: the browser itself to every other one.
    Names are short: a page cites sixty times, and has one flight of packets.
    """
    number, first = reading.cite(slug)
    if not number:
        return SafeString("")
    return format_html(
        '<sup><a href="#s{}"{} aria-label="{}">{}</a></sup>',
        number,
        format_html(' id="c{}"', number) if first else "",
        _("Source %(number)s") % {"number": number},
        number,
    )


def plain(text: str) -> str:
    """The words alone: no citations, no link addresses, no emphasis, one line."""
    words = LINK.sub(r"\1", re.sub(rf"\s*{CITATION.pattern}", "", text))
    return " ".join(words.replace("*", "").split())
