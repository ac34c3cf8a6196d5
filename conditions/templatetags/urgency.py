"""The signs of an emergency, for pages that are about no one condition."""

from django import template

from conditions.pages import urgency

register = template.Library()


@register.simple_tag
def urgency_cards() -> urgency.Cards:
    """The cards of the home page; empty only where no content is loaded.

    One query. Each line ends the sentence "Call 911 … if you have `lead` and:".
    """
    return urgency.cards_of_any_body()


@register.simple_tag
def emergency_signs() -> list[urgency.Signs]:
    """Every emergency line, by the pain that it is asked of. Two queries."""
    return urgency.emergencies()
