"""Public pages without the line breaks that part nothing: a browser gets them in fewer packets.

Django's `spaceless` would also take the spaces between the words of a line, such as that between a
link and what follows it; here they stay.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Where one of these begins or ends, a browser begins a new line anyway.
BLOCKS = (
    "html|head|title|meta|link|style|body|header|nav|main|aside|footer|article|section|div|"
    "h[1-6]|p|ul|ol|li|dl|dt|dd|figure|figcaption|blockquote|details|summary|table|caption|"
    "thead|tbody|tr|th|td"
)
BREAK = re.compile(rb"\s*\n\s*")
EDGE = rf"</?(?:{BLOCKS})\b"
BEFORE = re.compile(rf"\s*\n\s*(?={EDGE})".encode())
AFTER = re.compile(rf"({EDGE}[^>]*>)\s*\n\s*".encode())


class LineBreaksMiddleware:
    """Stands where the length and the tag of an answer are not yet said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_public_page(response):
            response.content = in_one_line(response.content)
        return response


def is_public_page(response: HttpResponse) -> bool:
    """Whether an answer is a page that every visitor gets, which holds nothing that was typed."""
    return (
        not response.streaming
        and "public" in response.get("Cache-Control", "")
        and response.get("Content-Type", "").startswith("text/html")
    )


def in_one_line(html: bytes) -> bytes:
    """A page without line breaks: nothing where a block begins or ends, one space elsewhere."""
    return BREAK.sub(b" ", AFTER.sub(rb"\1", BEFORE.sub(b"", html)))
