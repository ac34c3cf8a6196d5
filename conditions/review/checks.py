"""What the shipped content must keep, asked of the files alone: no database."""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from typing import NamedTuple

from conditions.models.base import Content
from conditions.models.exercises import TAKEN_SLUGS
from conditions.pages.reading import ALWAYS_THERE
from conditions.pages.text import CITATION, LINK, plain
from conditions.review import readability, verdicts
from conditions.shipped.fixtures import Record

MOST_GRADE = 6.0
MOST_WORDS = 20
MOST_SENTENCES = 3
# A grade of a few words says nothing.
FEWEST_WORDS = 30
STUDY_NUMBER = re.compile(
    r"\d\s?%|\b\d+ (?:in|out of) \d+\b|\bodds\b|\b\d[\d.,]* (?:million|billion)\b"
    r"|\b\d[\d,]* (?:people|adults|patients|runners|first-time|trials|studies|reviews)\b"
)


class Fault(NamedTuple):
    """What is wrong with one field of a row."""

    row: Record
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.field} {self.what}"


def problems(records: Iterable[Record]) -> list[str]:
    """Everything that must not ship, one line each; empty if all is well."""
    rows = list(records)
    checks = [
        _emergency_lines,
        _owners,
        _areas,
        _signatures,
        _consent,
        _addresses,
        _references,
        verdicts.without_source,
        verdicts.of_other_areas,
        _rows_of_their_own,
        _texts,
        _grades,
    ]
    return [line for check in checks for line in check(rows)]


def _emergency_lines(rows: list[Record]) -> Iterator[str]:
    lines = [r for r in rows if r.name == "urgencyline" and r.fields.get("level") == "emergency"]
    warned = {owner for r in lines if _is_shown(r) for owner in _owners_of(r)}
    for row in rows:
        if row.name == "condition" and _is_shown(row):
            own = {"", f"condition {row.slug}", *(f"area {slug}" for slug in _areas_of(row))}
            if not warned & own:
                yield f"{row}: published without an emergency line"


def _owners(rows: list[Record]) -> Iterator[str]:
    for row in rows:
        if row.name == "urgencyline" and row.fields.get("areas") and row.fields.get("condition"):
            yield f"{row}: names body areas and a condition, but belongs to one or the other"


def _areas(rows: list[Record]) -> Iterator[str]:
    for row in rows:
        if row.name == "condition" and _is_shown(row) and not _areas_of(row):
            yield f"{row}: published without a body area"


def _owners_of(line: Record) -> list[str]:
    """Whose pages a warning stands on; "" for all of them."""
    own = [f"condition {slug}" for slug in line.fields.get("condition") or []]
    return own or [f"area {slug}" for slug in _areas_of(line)] or [""]


def _areas_of(row: Record) -> list[str]:
    return row.many.get("areas", [])


def _signatures(rows: list[Record]) -> Iterator[str]:
    for row in rows:
        if row.fields.get("state") == "approved":
            yield f"{row}: shipped as approved, but only a clinician of the clinic's may approve"


def _consent(rows: list[Record]) -> Iterator[str]:
    for row in rows:
        if row.name == "testimonial" and row.fields.get("withdrawn_on") and _is_shown(row):
            yield f"{row}: shown though consent was withdrawn"


def _addresses(rows: list[Record]) -> Iterator[str]:
    for row in rows:
        if row.name == "exercise" and row.slug in TAKEN_SLUGS:
            yield f"{row}: another page has the address /exercises/{row.slug}/"


def _references(rows: list[Record]) -> Iterator[str]:
    """Keys that name a row which does not ship."""
    known = {(row.name, row.slug) for row in rows}
    for row in rows:
        for field in row.model._meta.get_fields():
            target = getattr(field.related_model, "_meta", None)
            value = row.fields.get(field.name)
            if target and value:
                keys = value if isinstance(value[0], list) else [value]
                for (slug,) in keys:
                    if (target.model_name, slug) not in known:
                        yield f"{row}: {field.name} names {slug}, which does not exist"


def _rows_of_their_own(rows: list[Record]) -> Iterator[str]:
    """Links given as a list that have an order and words of their own."""
    for row in rows:
        for field in row.model._meta.many_to_many:
            if field.name in row.own:
                yield f"{row}: {field.name} stand in rows of their own"


def _texts(rows: list[Record]) -> Iterator[str]:
    known = {row.slug for row in rows if row.name == "citation"}
    public = ALWAYS_THERE | {path for row in rows if _is_shown(row) for path in _paths(row)}
    return map(str, faults(rows, known, public.__contains__))


def faults(
    rows: list[Record], known: Container[str], is_public: Callable[[str], bool]
) -> Iterator[Fault]:
    """What is wrong with the words of these rows.

    `known` holds the slugs of the sources, `is_public` tells whether an address of ours answers.
    """
    for row, name, text in _prose(rows):
        for what in [*_citations(text, known), *_links(text, is_public), *_lengths(text)]:
            yield Fault(row, name, what)


def _citations(text: str, known: Container[str]) -> Iterator[str]:
    for slug in CITATION.findall(text):
        if slug not in known:
            yield f"cites {slug}, which does not exist"
    for sentence in readability.sentences(text):
        if STUDY_NUMBER.search(plain(sentence)) and not CITATION.search(sentence):
            yield f"has a number without a source: {plain(sentence)}"


def _links(text: str, is_public: Callable[[str], bool]) -> Iterator[str]:
    for _words, href in LINK.findall(text):
        path = href.partition("#")[0].partition("?")[0]
        if href.startswith("/") and not is_public(path):
            yield f"links to {path}, which is not public"


def _lengths(text: str) -> Iterator[str]:
    for sentence in readability.sentences(text):
        count = len(readability.words(plain(sentence)))
        if count > MOST_WORDS:
            yield f"has a sentence of {count} words: {plain(sentence)}"
    for paragraph in readability.paragraphs(text):
        count = len(readability.sentences(paragraph))
        if count > MOST_SENTENCES:
            yield f"has a paragraph of {count} sentences: {plain(paragraph)}"


def _grades(rows: list[Record]) -> Iterator[str]:
    for page, grade in hard_to_read(rows):
        yield f"{page}: reading grade {grade:.1f}, more than {MOST_GRADE}"


def hard_to_read(rows: list[Record]) -> Iterator[tuple[str, float]]:
    """Pages, each as a whole with its parts, that take more schooling than MOST_GRADE."""
    texts: dict[str, list[str]] = defaultdict(list)
    for row, _name, text in _prose(rows):
        texts[_page_of(row)] += [plain(p) for p in readability.paragraphs(text)]
    for page, parts in texts.items():
        text = "\n\n".join(parts)
        grade = readability.grade(text)
        if grade > MOST_GRADE and len(readability.words(text)) >= FEWEST_WORDS:
            yield page, grade


def _prose(rows: list[Record]) -> Iterator[tuple[Record, str, str]]:
    for row in rows:
        for name in row.model.prose:
            if row.fields.get(name):
                yield row, name, row.fields[name]


def _is_shown(row: Record) -> bool:
    return row.fields.get("state", "draft") != "draft"


def _paths(row: Record) -> list[str]:
    return [row.model.address(row.slug)] if issubclass(row.model, Content) else []


def _page_of(row: Record) -> str:
    """What the row is read as a part of."""
    if whole := row.fields.get(row.model.part_of):
        return f"{row.model.part_of} {whole[0]}"
    shared = row.name in ("urgencyline", "safetyline")
    return f"{row.name}s of every page" if shared else str(row)
