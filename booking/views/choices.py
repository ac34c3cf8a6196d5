"""What patients choose through addresses and hidden fields: by slug, checked before it is asked."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode

from booking.models import Therapist, VisitType
from conditions.models import Condition

NAMES = ["therapist", "visit", "for", "day", "part", "location", "from"]
LONGEST_SLUG = 80


def is_slug(text: str) -> bool:
    """Whether it can be a slug at all: PostgreSQL fails on a NUL instead of finding nothing."""
    return bool(slug_re.fullmatch(text))


def online_visit_types() -> list[VisitType]:
    """What patients may book, the usual one first."""
    return list(VisitType.objects.online())


class VisitChoice(NamedTuple):
    """What a form is about: the visit type that was asked for, else the usual one.

    None where nothing can be booked online. `is_gone` says that it is not what was asked for:
    somebody took that offline, or renamed it, since the page was opened.
    """

    visit_type: VisitType | None
    is_gone: bool


def visit_choice(asked: Mapping[str, str]) -> VisitChoice:
    """The visit that a form's `visit` asks for, among those that patients may book."""
    slug, online = asked.get("visit", ""), online_visit_types()
    found = next((row for row in online if slug in ("", row.slug)), None)
    return VisitChoice(found or next(iter(online), None), is_gone=found is None)


def visit_type_of_old(asked: Mapping[str, str]) -> VisitType | None:
    """The visit type that a form names, also where it has gone offline since."""
    slug = asked.get("visit", "")
    return VisitType.objects.filter(slug=slug).first() if is_slug(slug) else None


def therapist_for(slug: str) -> Therapist:
    """The therapist, also one who has left: their times cannot be booked, but they are known.

    Raises Http404.
    """
    if not is_slug(slug):
        raise Http404
    return get_object_or_404(Therapist, slug=slug)


def condition_for(slug: str) -> Condition | None:
    """The published condition that a patient came from, if any."""
    return Condition.objects.published().filter(slug=slug).first() if is_slug(slug) else None


def chosen(asked: Mapping[str, str], **changes: str) -> str:
    """Query string of the patient's choices so far, with changes; empty ones left out."""
    kept = {name: value for name, value in (kept_choices(asked) | changes).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def kept_choices(asked: Mapping[str, str]) -> dict[str, str]:
    """What was chosen on the way, as far as it can be a choice: it goes into every link."""
    found = {name: asked.get(name, "") for name in NAMES}
    return {
        name: value
        for name, value in found.items()
        if 0 < len(value) <= LONGEST_SLUG and is_slug(value)
    }
