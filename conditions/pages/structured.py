"""What a content page says to machines, in the words of https://schema.org/.

Pure: rows that are already loaded with their parts go in, dictionaries for JSON-LD come out.
Every text is one that the page shows; nothing is asked of the database.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conditions.images.rows import Picture
from conditions.models import (
    Article,
    Condition,
    ConditionTreatment,
    Content,
    Evidence,
    Exercise,
    State,
)
from conditions.pages import dose, text, uses

Node = dict[str, Any]
CONTEXT = "https://schema.org"
PLAN = "ExercisePlan"


def of_condition(condition: Condition) -> Node:
    """MedicalWebPage about a MedicalCondition, and a BreadcrumbList. Plans are told by the pages of
    exercises: a condition may change them.
    """
    url = address(condition.get_absolute_url())
    return graph(
        web_page(condition) | {"about": {"@id": f"{url}#condition"}},
        medical_condition(condition),
        breadcrumbs(*crumb_of("conditions"), (condition.title, condition.get_absolute_url())),
    )


def of_article(article: Article) -> Node:
    """MedicalWebPage with the exercises that its sections show, and a BreadcrumbList."""
    shown = {section.area_id for section in article.sections.all()}
    exercises = [row for row in article.exercises.all() if row.area_id in shown]
    return graph(
        web_page(article) | has_parts(exercises),
        breadcrumbs(*crumb_of("articles"), (article.title, article.get_absolute_url())),
    )


def of_exercise(exercise: Exercise) -> Node:
    """MedicalWebPage about an ExercisePlan, and a BreadcrumbList."""
    url = address(exercise.get_absolute_url())
    return graph(
        web_page(exercise) | {"about": {"@id": f"{url}#exercise"}},
        exercise_plan(exercise),
        breadcrumbs(*crumb_of("exercises"), (exercise.title, exercise.get_absolute_url())),
    )


def of_list(name: str) -> Node:
    """BreadcrumbList of a page of lists: "conditions", "articles" or "exercises"."""
    return graph(breadcrumbs(*crumb_of(name)))


def of_program() -> Node:
    """BreadcrumbList of the form that makes a sheet of exercises."""
    here = (_("Exercise program"), reverse("conditions:program"))
    return graph(breadcrumbs(*crumb_of("exercises"), here))


def graph(*nodes: Node) -> Node:
    """Several things on one page."""
    return {"@context": CONTEXT, "@graph": list(nodes)}


def address(path: str) -> str:
    """The full address of a path of ours, as the canonical link gives it."""
    return f"{settings.BASE_URL}{path}"


def web_page(page: Content) -> Node:
    """MedicalWebPage. A reviewer and a date of review are named once a clinician signed."""
    found: Node = {
        "@type": "MedicalWebPage",
        "url": address(page.get_absolute_url()),  # type: ignore[attr-defined]
        "name": page.title,
        "description": text.plain(page.summary),
        "inLanguage": get_language() or settings.LANGUAGE_CODE,
    }
    if images := [address(row.get_absolute_url()) for row in pictures_of(page)]:
        found["image"] = images
    if page.author:
        found["author"] = {
            "@type": "Person",
            "name": page.author.name,
            "jobTitle": page.author.role,
        }
    if page.state == State.APPROVED and page.reviewed_on:
        found["lastReviewed"] = page.reviewed_on.isoformat()
        found["reviewedBy"] = {"@type": "Person", "name": page.reviewed_by}
    return found


def pictures_of(page: Content) -> Iterable[Picture]:
    """What staff have uploaded for it; the clinic's own pages have none."""
    return page.pictures.all() if hasattr(page, "pictures") else []


def medical_condition(condition: Condition) -> Node:
    """MedicalCondition with the treatments that no source we cite advises against."""
    found: Node = {
        "@type": "MedicalCondition",
        "@id": f"{address(condition.get_absolute_url())}#condition",
        "name": condition.title,
        "description": text.plain(condition.summary),
    }
    if condition.medical_name:
        found["alternateName"] = condition.medical_name
    uses = condition.treatment_uses.all()
    treatments = [therapy(row) for row in uses if is_advised(row)]
    return found | ({"possibleTreatment": treatments} if treatments else {})


def is_advised(use: ConditionTreatment) -> bool:
    """Whether machines may be told of it: offered, said to help, and nowhere "not recommended".

    Stricter than the page, which can show that sources disagree, or do not know.
    """
    said = Evidence.Verdict
    verdicts = {row.verdict for row in use.evidence}
    return (
        use.group == ConditionTreatment.Group.OFFERED
        and not verdicts.isdisjoint({said.HELPS, said.MAY_HELP})
        and said.NOT_RECOMMENDED not in verdicts
    )


def therapy(use: ConditionTreatment) -> Node:
    """MedicalTherapy: any treatment, also what another profession gives, like surgery."""
    return {"@type": "MedicalTherapy", "name": use.treatment.title}


def has_parts(exercises: Iterable[Exercise]) -> Node:
    """The exercises that a page shows, as its parts; the page of each tells the whole plan."""
    brief = [named_plan(row) for row in exercises]
    return {"hasPart": brief} if brief else {}


def named_plan(exercise: Exercise) -> Node:
    """The plan that the exercise's page tells in full."""
    return {"@type": PLAN, "@id": f"{address(exercise.get_absolute_url())}#exercise"}


def exercise_plan(exercise: Exercise) -> Node:
    """ExercisePlan: the dose as data, and as the sentence that patients read."""
    url = address(exercise.get_absolute_url())
    return {
        **named_plan(exercise),
        "url": url,
        "name": exercise.title,
        "additionalVariable": uses.instruction(exercise),
    } | amounts(dose.Dose.of(exercise))


def amounts(amount: dose.Dose) -> Node:
    """A dose as data; schema.org has no word for a hold."""
    found: Node = {}
    if amount.repetitions_min:
        found["repetitions"] = quantity(amount.repetitions_min, amount.repetitions_max)
    if amount.duration_seconds:
        found["activityDuration"] = quantity(amount.duration_seconds) | {"unitCode": "SEC"}
    if amount.rest_seconds:
        found["restPeriods"] = quantity(amount.rest_seconds) | {"unitCode": "SEC"}
    if frequency := dose.frequency(amount):
        found["activityFrequency"] = frequency
    return found


def quantity(low: int, high: int | None = None) -> Node:
    """QuantitativeValue: one number, or a range."""
    values = {"minValue": low, "maxValue": high} if high else {"value": low}
    return {"@type": "QuantitativeValue", **values}


def crumb_of(name: str) -> list[tuple[str, str]]:
    """Title and path of the first page and of a page of lists, as the crumbs show them."""
    titles = {
        "conditions": _("Conditions"),
        "articles": _("Articles"),
        "exercises": _("Exercises"),
    }
    return [(_("Home"), "/"), (titles[name], reverse(f"conditions:{name}"))]


def breadcrumbs(*crumbs: tuple[str, str]) -> Node:
    """BreadcrumbList of (title, path), from the first page down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "item": address(path)}
            for place, (title, path) in enumerate(crumbs, start=1)
        ],
    }
