"""A page's bytes as a browser takes them: in Brotli, in gzip or as they are."""

import gzip
from collections.abc import Callable

import brotli


def _brotli(body: bytes) -> bytes:
    return brotli.compress(body, mode=brotli.MODE_TEXT, quality=11)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


PACK: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip, "": bytes}


def accepted(header: str) -> str:
    """The best encoding of ours that an Accept-Encoding header takes, or ""."""
    taken = _taken(header)
    others = taken.get("*", False)
    return next((name for name in ("br", "gzip") if taken.get(name, others)), "")


def _taken(header: str) -> dict[str, bool]:
    """Whether the header takes what it names. A quality of 0 refuses (RFC 9110, 12.5.3)."""
    taken: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        taken[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return taken
