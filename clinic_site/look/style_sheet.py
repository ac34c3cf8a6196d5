"""The style sheet inside every page: one answer shows a page, in the first flight of packets.

It is constant, so its hash stands in the content policy, and no page needs `unsafe-inline`.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from clinic_site.look import colours
from clinic_site.look.colours import Shades

FILE = Path(__file__).resolve().parents[2] / "static" / "css" / "site.css"


def minified(css: str) -> str:
    """The rules alone, without comments and needless space. For a sheet whose strings hold none
    of `{};,:>`, which a test keeps true.
    """
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = " ".join(rules.split())
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", r"\1", rules).replace(";}", "}")


def tokens(css: str) -> Shades:
    """Colours by name, as `#rrggbb`; of one that is set twice, the first."""
    found = re.findall(r"--([\w-]+):(#[0-9a-f]{6}|#[0-9a-f]{3})\b", css)
    return {name: colours.in_full(colour) for name, colour in reversed(found)}


STYLE_SHEET = minified(FILE.read_text())
_LIGHT, _, _DARK = STYLE_SHEET.partition("prefers-color-scheme:dark")
# For what cannot load the sheet, such as an e-mail.
LIGHT = tokens(_LIGHT)
DARK = LIGHT | tokens(_DARK)
# As a content policy names it: https://www.w3.org/TR/CSP3/#grammardef-hash-source
STYLE_HASH = f"'sha256-{b64encode(sha256(STYLE_SHEET.encode()).digest()).decode()}'"
