"""What the logs may say: no manage link, and nothing of a patient's row."""

import logging
import re

from gunicorn.glogging import Logger

# Addresses arrive as somebody typed or copied them: in capitals, with doubled slashes, with a slash
# written as %2F. Such an address opens nothing, and what it holds still does where it is right.
SLASH = r"(?:/|%2f)+"
PART = r"(?:(?!%2f)[^/\s'\"<>?])+"
MASKS = [
    # A manage link opens a visit to whoever holds it; an offer's and a wish's give an answer in
    # somebody's name.
    (re.compile(rf"({SLASH}(?:m|offer|wish){SLASH}){PART}", re.IGNORECASE), r"\1***"),
    # So does the link to set a new password.
    (re.compile(rf"({SLASH}reset{SLASH}){PART}({SLASH}){PART}", re.IGNORECASE), r"\1***\2***"),
    # PostgreSQL quotes the whole refused row.
    (re.compile(r"DETAIL:.*(\n(?=\S).*)?"), "DETAIL: ***"),
]


def mask(text: str) -> str:
    """`text` without the parts that are for the patient and the clinic alone."""
    for pattern, stars in MASKS:
        text = pattern.sub(stars, text)
    return text


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, tracebacks and all."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class OneLineFormatter(logging.Formatter):
    """For the access log: an address may hold a line break, which must not begin a line."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record).encode("unicode_escape").decode())


class MaskingLogger(Logger):
    """gunicorn's logs, masked. The access log names no client and no query string."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(MaskingFormatter(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers:
            handler.setFormatter(OneLineFormatter(self.access_fmt, self.datefmt))
