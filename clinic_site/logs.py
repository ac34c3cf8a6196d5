"""What the logs may say: no manage link, and nothing of a patient's row."""

import logging
import re

from gunicorn.glogging import Logger

MASKS = [
    # A manage link opens a visit to whoever holds it.
    (re.compile(r"/m/[^/\s'\"<>?]+"), "/m/***"),
    # An offer's and a wish's to an answer in somebody's name.
    (re.compile(r"/(offer|wish)/[^/\s'\"<>?]+"), r"/\1/***"),
    # So does the link to set a new password.
    (re.compile(r"/reset/[^/\s]+/[^/\s'\"<>?]+"), "/reset/***/***"),
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
