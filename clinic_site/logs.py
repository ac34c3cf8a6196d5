"""What the logs may say: no manage link, and nothing of a patient's row."""

import logging
import re
import time
from collections.abc import Callable

from gunicorn.glogging import Logger

# Addresses arrive as somebody typed or copied them: in capitals, with doubled slashes, with a slash
# written as %2F. Such an address opens nothing, and what it holds still does where it is right.
SLASH = r"(?:/|%2f)+"
PART = r"(?:(?!%2f)[^/\s'\"<>?])+"
# What a link's secret is made of, as it is or percent-encoded. A token has 43 of them, that of a
# new password 39, and a mail program may break either in two; a page's name seldom has as many.
LETTER = r"(?:[A-Za-z0-9_-]|%[0-9a-f]{2})"


def _without(least: int) -> Callable[[re.Match[str]], str]:
    """Stars for each run of so many letters or more, in whatever a pattern found."""
    run = re.compile(f"{LETTER}{{{least},}}", re.IGNORECASE)
    return lambda found: run.sub("***", found[0])


MASKS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    # A manage link opens a visit to whoever holds it; an offer's and a wish's give an answer in
    # somebody's name.
    (re.compile(rf"({SLASH}(?:m|offer|wish){SLASH}){PART}", re.IGNORECASE), r"\1***"),
    # So does the link to set a new password.
    (re.compile(rf"({SLASH}reset{SLASH}){PART}({SLASH}){PART}", re.IGNORECASE), r"\1***\2***"),
    # Blanks, quotes, dots, other parts may stand between the word and the secret, and the word may
    # be misspelt or encoded.
    (re.compile(r"[/\\](?:m|offer|wish|reset)\b.*", re.IGNORECASE), _without(16)),
    (re.compile(r"(?:/|%2f).*", re.IGNORECASE), _without(40)),
    # PostgreSQL quotes the whole refused row.
    (re.compile(r"DETAIL:.*(\n(?=\S).*)?"), "DETAIL: ***"),
]


def mask(text: str) -> str:
    """`text` without the parts that are for the patient and the clinic alone."""
    for pattern, stars in MASKS:
        text = pattern.sub(stars, text)
    return text


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, tracebacks and all. Its time is UTC, as in every log of the site."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class OneLineFormatter(logging.Formatter):
    """For the access log: an address may hold a line break, which must not begin a line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record).encode("unicode_escape").decode())


class MaskingLogger(Logger):
    """gunicorn's logs, masked. The access log names no client and no query string."""

    def now(self) -> str:
        """When a request of the access log was answered."""
        return time.strftime("[%d/%b/%Y:%H:%M:%S +0000]", time.gmtime())

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(MaskingFormatter(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers:
            handler.setFormatter(OneLineFormatter(self.access_fmt, self.datefmt))
