"""Strings that break what handles text carelessly. All written here; each says "naughty"."""

from html.parser import HTMLParser

CORPUS = [
    # markup and script
    "<script>naughty()</script>",
    '"><img src=x onerror=naughty()>',
    "'><svg/onload=naughty()>",
    "</textarea></title><script>naughty()</script>",
    "<!-- naughty --><b>",
    "]]><naughty/>",
    "javascript:naughty()",
    "&lt;naughty&gt; &amp;amp; &#x6e;aughty",
    '" onfocus="naughty()" autofocus x="',
    "` onmouseover=naughty() `",
    # templates and format strings
    "{{ naughty }} {% now 'Y' %} {# naughty #}",
    "${naughty} #{naughty} %{naughty}",
    "%s %d %n %(naughty)s",
    "{0} {naughty} {0.__class__}",
    # databases and shells
    "Robert'); DROP TABLE booking_appointment;-- naughty",
    "naughty' OR '1'='1",
    'naughty" UNION SELECT 1, 2 --',
    "naughty % _ \\ * ?",
    "$(naughty) `naughty` ; naughty | naughty",
    # paths and addresses
    "../../../../etc/naughty",
    "..\\..\\naughty.ini",
    "file:///naughty //naughty.example/x",
    # headers and lines
    "Rosa\r\nBcc: naughty@example.org\r\n\r\nnaughty",
    "Rosa\nSubject: naughty",
    "Rosa\rnaughty",
    "naughty\u2028line\u2029paragraph\x85next\x0bdown\x0cfeed",
    "BEGIN:VEVENT\r\nSUMMARY:naughty;,\\n\r\nEND:VCALENDAR",
    # cells of a sheet
    "=naughty(1;2)",
    "+naughty|' /C calc'!A0",
    "-naughty",
    "@naughty",
    "\tnaughty",
    'naughty,"quoted",;x',
    # letters
    "نعم naughty لا",
    "\u202enaughty\u202c \u2066x\u2069",
    "na\u200bugh\u200dty naughty\ufeff",
    "n\u0303\u0303\u0303\u0303\u0330\u0330aughty naughty",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 naughty",
    "ﬀ ẞ İ ı Ⅻ ½ naughty",
    "漢字 ひらがな 한글 naughty",
    "naughty \ud7ff\ue000\uffff\U0010ffff",
    "naughty \x01\x07\x08\x1b[31m\x7f",
    # nothing, nulls and lengths
    "",
    " \t\r\n ",
    "null None undefined NaN naughty",
    "naughty\x00naughty",
    "naughty " * 12 + "end",
    "naughty " * 60,
    "naughty" + "y" * 200_000,
]
# As the wire may carry it: no UTF-8, surrogates, too long a form of a slash, broken escapes.
RAW = [b"%FF%FEnaughty", b"%ED%A0%80naughty", b"%C0%AFnaughty", b"naughty%", b"naughty%zz%u0041"]


class _Executable(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            address = name in ("href", "src", "action", "formaction")
            if name.startswith("on") or (address and (value or "").startswith("javascript:")):
                self.found.append(f"{tag} {name}={value}")
        if tag == "naughty":
            self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and "naughty" in data:
            self.found.append(data)


def executed(page: str) -> list[str]:
    """What a browser would run, or take for an element, of what somebody typed."""
    parser = _Executable()
    parser.feed(page)
    return parser.found
