"""What a page says twice: to its reader, and to messengers that show a link to it."""

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class Captured(Node):
    """Renders what it holds into a variable; a block may stand inside, which cannot be twice."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> SafeString:
        # Safe: the template has escaped it; a quotation mark of its own would end an attribute.
        context[self.name] = mark_safe(self.nodelist.render(context).replace('"', "&quot;"))
        return SafeString("")


@register.tag
def captured(parser: Parser, token: Token) -> Captured:
    """`{% captured as name %}…{% endcaptured %}`, for use within an attribute too."""
    _tag, _as, name = token.split_contents()
    nodelist = parser.parse(["endcaptured"])
    parser.delete_first_token()
    return Captured(nodelist, name)
