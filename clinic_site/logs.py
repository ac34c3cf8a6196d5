"""What the logs may say: no manage link, and nothing of a patient's row."""

import logging
import re

from gunicorn.glogging import Logger

MASKS = [
    # A manage link opens a visit to whoever holds it.
    (re.compile(r"/m/[^/\s'\"<>?]+"), "/m/***"),
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


class MaskingLogger(Logger):
    """gunicorn's logs, masked. The access log names no client and no query string."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            fmt = self.error_fmt if handler in self.error_log.handlers else self.access_fmt
            handler.setFormatter(MaskingFormatter(fmt, self.datefmt))
