"""Templates are indented for who reads them; a page needs none of it.

Taken out once, as a template is read, not from each page: what a page is filled with (a token, the
style sheet, what a patient typed) is never touched.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

BREAK = re.compile(r"\s*\n\s*")
E_MAIL = "booking/email/"  # as text and as HTML, its lines are what its reader gets


class UnindentedLoader(filesystem.Loader):
    """Finds templates as Django does, and reads pages without indentation and empty lines."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template. A line break stays one: it parts words as a space does."""
        source = super().get_contents(origin)
        name = str(origin.template_name)
        is_page = name.endswith(".html") and not name.startswith(E_MAIL)
        return unindented(source) if is_page else source


def unindented(source: str) -> str:
    """The lines of a template, each from its first word to its last."""
    return BREAK.sub("\n", source).strip()
