"""Names as people type them: what can be seen of them, and when two are the same."""

import re
import unicodedata

# They look like spaces, and Unicode counts them among letters and signs.
FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
# Of what cannot be seen, some scripts need these two inside words.
JOINERS = "\u200c\u200d"
LOOSE_JOINERS = re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)")


def tidy(typed: str) -> str:
    """One line, as it looks: without invisible characters and runs of spaces."""
    shown = "".join(sign for sign in typed if sign in JOINERS or not is_invisible(sign))
    return " ".join(LOOSE_JOINERS.sub("", shown.translate(FILLERS)).split())


def is_invisible(sign: str) -> bool:
    """Whether it only formats what stands beside it: joins, breaks, turns the direction."""
    return unicodedata.category(sign) == "Cf"


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script; a dot or a dash alone is nobody's name."""
    return any(unicodedata.category(sign).startswith("L") for sign in text)


def fold(name: str) -> str:
    """The name without capitals, accents, invisible characters and runs of spaces."""
    letters = unicodedata.normalize("NFKD", tidy(name).casefold())
    plain = [sign for sign in letters if not unicodedata.combining(sign) and not is_invisible(sign)]
    return " ".join("".join(plain).split())
