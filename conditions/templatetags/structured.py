"""Structured data in a page."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# As in Django's `json_script`: inside a script, nothing that could end it or begin another.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


@register.inclusion_tag("conditions/_json_ld.html")
def json_ld(data: dict[str, Any]) -> dict[str, SafeString]:
    """A data block that browsers do not run, or nothing without data.

    Our content policy is for scripts that run; a block of this type never does.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")) if data else ""
    # Safe: whatever an editor typed, no tag can begin or end within the JSON.
    return {"document": mark_safe(text.translate(ESCAPES))}
