"""What a page says twice: to its reader, and to messengers that show a link to it."""

import re

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
SPACES = re.compile(r"[ \t\r\n]+")  # what HTML takes for white space: not the no-break space


class Captured(Node):
    """Renders what it holds into a variable, as one line: templates may break and indent it.

    A block may stand inside, which cannot be twice.
    """

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> SafeString:
        line = SPACES.sub(" ", self.nodelist.render(context)).strip()
        # Safe: the template has escaped it; a quotation mark of its own would end an attribute.
        context[self.name] = mark_safe(line.replace('"', "&quot;"))
        return SafeString("")


@register.tag
def captured(parser: Parser, token: Token) -> Captured:
    """`{% captured as name %}…{% endcaptured %}`, for use within an attribute too."""
    _tag, _as, name = token.split_contents()
    nodelist = parser.parse(["endcaptured"])
    parser.delete_first_token()
    return Captured(nodelist, name)
