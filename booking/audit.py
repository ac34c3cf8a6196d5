"""What the history of changes may show."""

from django.utils.translation import gettext as _


def hidden(value: str) -> str:
    """Stands in the history for words about somebody's health: that they were there, not what."""
    return "" if value in ("", "None", "False") else _("(not shown)")
