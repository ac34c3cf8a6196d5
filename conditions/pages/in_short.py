"""What a page says in short, before it says the same at more length with its sources."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conditions.models import Article, Condition

WORDS: dict[type[Article | Condition], dict[str, Promise]] = {
    Condition: {
        "what_it_is": _("What it is"),
        "feels_in_short": _("What it feels like"),
        "what_helps": _("What helps"),
        "gets_better": _("When it gets better"),
        "do_today": _("What to do today"),
    },
    Article: {
        "what_it_is": _("What it is"),
        "does_it_help": _("Does it help?"),
        "for_whom": _("Who it is for"),
        "how_long": _("How often, how long"),
        "what_to_do": _("What to do"),
    },
}


class Row(NamedTuple):
    """A line of the card: its words, and an editor's text."""

    words: Promise
    text: str


def rows(page: Article | Condition) -> list[Row]:
    """The lines of a page's card that say something, in their order. No query."""
    told = [Row(words, getattr(page, name)) for name, words in WORDS[type(page)].items()]
    return [row for row in told if row.text]
