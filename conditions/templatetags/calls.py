"""Filters that part the lines of an urgency card by whom to call, and when."""

from django import template

from conditions.pages import calls as by_whom

register = template.Library()
register.filter("calls", by_whom.calls)
register.filter("of_this_card", by_whom.of_this_card)
register.filter("unless_911", by_whom.unless_911)
