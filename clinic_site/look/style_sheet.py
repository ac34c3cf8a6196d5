"""The style sheets inside every page: one answer shows a page, in the first flight of packets.

The first holds the tokens of the clinic's style and colour, a second or third what some pages need
beyond it: a file of its own would keep a telephone waiting for two more ways to the server. What a
page holds is known when it is made, and the content policy of that answer names its hashes: no page
needs `unsafe-inline`, and none gets the hash of another sheet, whichever process answers, and
whatever has changed since.
"""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from booking.brand import palettes
from booking.brand.colours import Shades
from booking.views.identity import clinic_of

ROOT = re.compile(r"(?<=:root\{)[^}]*")
TOKEN = re.compile(r"--([\w-]+):[^;}]+")
FONT = re.compile(r"(?<=url\()\.\./fonts/[\w-]+\.woff2(?=\))")


def minified(css: str) -> str:
    """The rules alone, without comments and needless space. For a sheet whose strings hold none
    of `{};,:>`, which a test keeps true.
    """
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = " ".join(rules.split())
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", r"\1", rules).replace(";}", "}")


SHEETS = {file.stem: minified(file.read_text()) for file in palettes.SHEETS.glob("*.css")}
USUAL = SHEETS["site"]


def in_page(request: Any) -> SafeString:
    """The sheet for the page that answers a request, whose policy names its hash from then on."""
    clinic = clinic_of(request)
    return _held(request, sheet(clinic.style, clinic.colour))


def further(request: Any, name: str) -> SafeString:
    """A sheet for some pages, by the name of its file; the policy names its hash as well."""
    return _held(request, SHEETS[name])


def _held(request: Any, text: str) -> SafeString:
    request.style_hashes = [*getattr(request, "style_hashes", ()), hash_of(text)]
    return mark_safe(text)  # a file of ours, with colours that were checked


def sheet(style: str, colour: str) -> str:
    """The sheet of a clinic: the usual one with the tokens and the letters of its own."""
    schemes = iter(palettes.palette(style, colour))
    filled = ROOT.sub(lambda block: _filled(block[0], next(schemes, {})), USUAL)
    return FONT.sub(display_font(style), filled)


def display_font(style: str) -> str:
    """The address of the letters of large headings."""
    return static(palettes.font(style))


def hash_of(sheet: str) -> str:
    """As a content policy names it: https://www.w3.org/TR/CSP3/#grammardef-hash-source"""
    return f"'sha256-{b64encode(sha256(sheet.encode()).digest()).decode()}'"


def _filled(block: str, scheme: Shades) -> str:
    """A block of tokens in a scheme; what the scheme does not name stays: paper's own block."""
    return TOKEN.sub(
        lambda token: f"--{token[1]}:{scheme[token[1]]}" if token[1] in scheme else token[0], block
    )
