"""E-mails as HTML: rules of style stand in each element, where every mail program keeps them."""

from css_inline import CSSInliner
from django.template.loader import render_to_string

from booking.messages.notifications import Context

# The rules for dark screens and for phones can only stand in the head; they stay there. No
# address is ever asked for a style sheet.
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def document(template: str, context: Context) -> str:
    """What the template of a message says, as a whole document."""
    return INLINER.inline(render_to_string(f"booking/email/{template}.html", context))
