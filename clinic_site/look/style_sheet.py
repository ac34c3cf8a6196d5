"""The style sheet inside every page: one answer shows a page, in the first flight of packets.

It is constant, so its hash stands in the content policy, and no page needs `unsafe-inline`.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "static" / "css" / "site.css"


def minified(css: str) -> str:
    """The rules alone, without comments and needless space. For a sheet whose strings hold none
    of `{};,:>`, which a test keeps true.
    """
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = " ".join(rules.split())
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", r"\1", rules).replace(";}", "}")


STYLE_SHEET = minified(FILE.read_text())
# As a content policy names it: https://www.w3.org/TR/CSP3/#grammardef-hash-source
STYLE_HASH = f"'sha256-{b64encode(sha256(STYLE_SHEET.encode()).digest()).decode()}'"
