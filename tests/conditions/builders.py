"""Small pieces the content tests share."""

from datetime import date

from django.contrib.auth.models import User

from conditions.models import (
    BodyArea,
    Citation,
    Condition,
    ConditionTreatment,
    Evidence,
    Exercise,
    PainKind,
    Reviewer,
    Treatment,
    UrgencyLine,
)
from conditions.review import approval
from conditions.review.parts import unsigned

TODAY = date(2026, 11, 22)


def make_reviewer(**fields):
    user = fields.pop("user", None) or User.objects.create_user("rita", is_staff=True)
    known = {"user": user, "name": "Rita Roe", "credentials": "PT, DPT", "licence": "NY 012345"}
    return Reviewer.objects.create(**known | fields)


def make_area(slug="low-back", **fields):
    """The area of that name, made if it is not there."""
    known = {"title": slug.replace("-", " ").capitalize(), "lead": f"{slug} pain"}
    return BodyArea.objects.get_or_create(slug=slug, defaults=known | fields)[0]


def make_condition(*, areas=None, **fields):
    """A condition of the low back, if no other areas are given."""
    known = {"slug": "pain", "title": "Pain", "name_in_text": "pain", "summary": "It hurts."}
    condition = Condition.objects.create(**known | {"about": "Much."} | fields)
    condition.areas.set([make_area(lead="back pain")] if areas is None else areas)
    return condition


def make_picture(kind, **fields):
    """A picture's row; no file of it is there."""
    known = {"file": "0123456789abcdef" * 2, "width": 1280, "height": 720, "alt": "A back"}
    return kind.objects.create(**known | fields)


def sign(row, reviewer=None, on=TODAY):
    """Sign a row with all that it shows."""
    reviewer = reviewer or Reviewer.objects.first() or make_reviewer()
    approval.approve_with_parts(content=row, together=unsigned(row), reviewer=reviewer, on=on)
    return row


def make_emergency_line(*, areas=(), **fields):
    known = {"level": "emergency", "text": "a leg is getting weaker", "state": "example"}
    line = UrgencyLine.objects.create(**known | fields)
    line.areas.set(areas)
    return line


def make_exercise(slug, *, area=None, **fields):
    """A public exercise of the low back, if no other area is given."""
    known = {"title": slug.replace("-", " ").capitalize(), "summary": "Move.", "state": "example"}
    known |= {"start_position": "Stand.", "felt_where": "There", "picture_text": "Moving"}
    known |= {"repetitions_min": 5, "area": area or make_area()}
    return Exercise.objects.create(slug=slug, **known | fields)


def make_draft_exercise(**fields):
    """An exercise of the neck that nobody has signed."""
    known = {
        "slug": "chin-tuck",
        "state": "draft",
        "summary": "It frees the neck.",
        "start_position": "Sit.",
        "felt_where": "Neck",
        "picture_text": "A head that moves back.",
    }
    return make_exercise(**known | fields)


def make_kind(slug, *, areas=None):
    """The kind of pain of that name, made if it is not there: of the whole body, if no other areas
    are given, so that it goes with every page.
    """
    kind, is_new = PainKind.objects.get_or_create(slug=slug, defaults={"title": f"{slug} pain"})
    if is_new:
        kind.areas.set([make_area("whole-body", is_whole_body=True)] if areas is None else areas)
    return kind


def make_treatment(title="Heat", **said):
    """A treatment, with what one source says of it for each of these kinds of pain."""
    treatment = Treatment.objects.create(slug=title.lower(), title=title, text="It is warm.")
    for slug, verdict in said.items():
        add_evidence(treatment, slug, verdict)
    return treatment


def add_evidence(treatment, pain, verdict, source="study"):
    known = {"short": "S", "authors": "A", "title": "T", "year": 2020}
    citation, _made = Citation.objects.get_or_create(slug=source, defaults=known)
    told = {"treatment": treatment, "citation": citation, "verdict": verdict}
    told |= {"pain": make_kind(pain)}
    return Evidence.objects.create(**told)


def put_on(condition, treatment, verdict="It helps.", pain=(), **fields):
    """A treatment on the page of a condition, which speaks of these kinds of pain as well."""
    condition.pain_kinds.add(*map(make_kind, pain))
    row = {"condition": condition, "treatment": treatment, "verdict": verdict}
    return ConditionTreatment.objects.create(**row | fields)
