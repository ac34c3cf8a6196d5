"""What a page says below its title and main message, as far as it shows it: a line for each line.

Of treatments the names are found, as headings, and what they are: whether a page shows a verdict
hangs on more.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from conditions.models import Article, Condition, ConditionTreatment, Content, Exercise, Page
from conditions.models.articles import ArticleSection
from conditions.pages.text import plain

# The rows on the page of each kind whose prose is read.
ROWS: dict[type[Content], Sequence[str]] = {
    Article: ["sections", "tips"],
    Condition: ["causes", "tips"],
    Exercise: ["steps"],
    Page: ["sections"],
}
SUMMED_UP = ("title", "summary")  # found by themselves


def read_with(kind: type[Content]) -> list[str]:
    """What search reads along with the rows of a kind, one query each."""
    return list(dict.fromkeys([*kind.search_parts, *ROWS.get(kind, [])]))


def body_of(content: Content) -> str:
    """The text of a page whose rows were read as `read_with` says."""
    own = [str(getattr(content, name)) for name in content.prose if name not in SUMMED_UP]
    rows = [row for name in shown(content) for row in getattr(content, name).all()]
    told = (str(getattr(row, name)) for row in rows for name in row.prose)
    return in_lines([*own, *told, *treatments(content)])


def treatments(content: Content) -> Iterable[str]:
    """What the page says that each treatment is which it offers."""
    offered = ConditionTreatment.Group.OFFERED
    uses = content.treatment_uses.all() if isinstance(content, Condition) else ()
    return [use.treatment.text for use in uses if use.group == offered]


def shown(content: Content) -> Iterable[str]:
    """The rows that the page shows: an article its tips where a section leads to them."""
    names = ROWS.get(type(content), [])
    if not isinstance(content, Article):
        return names
    sections: Any = content.sections.all()
    tells = any(each.followed_by == ArticleSection.Part.TIPS for each in sections)
    return [name for name in names if tells or name != "tips"]


def in_lines(texts: Iterable[str]) -> str:
    """The words of editors' texts, without the marks of lists."""
    lines = (plain(line).removeprefix("- ") for text in texts for line in text.splitlines())
    return "\n".join(filter(None, lines))
