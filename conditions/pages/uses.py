"""What is said of an exercise where a condition uses it: on its page, its cards and its sheet."""

from collections.abc import Iterable

from conditions.models import Condition, ConditionExercise, Exercise
from conditions.pages import dose, text

ByExercise = dict[str, ConditionExercise]  # by the exercise's slug


def instruction(row: Exercise | ConditionExercise) -> str:
    """How much, as one exact sentence; of a use, its line of caution after it."""
    if isinstance(row, Exercise):
        return dose.sentence(dose.Dose.of(row))
    words = dose.sentence(dose.Dose.of(row.dosed))
    return f"{words} {row.caution}" if row.caution else words


def note(row: Exercise | ConditionExercise) -> str:
    """What a sheet says of the dose, without sources; of a use, without what its caution says too.

    A dose of its own has none: the note is about the exercise's.
    """
    if isinstance(row, Exercise):
        return text.plain(row.dose_note)
    if row.has_dose:
        return ""
    return " ".join(note(row.exercise).replace(row.caution, "").split())


def now_and_later(uses: Iterable[ConditionExercise]) -> list[ConditionExercise]:
    """In the order of the condition's page: what is for later comes last."""
    phases = ConditionExercise.Phase.values
    return sorted(uses, key=lambda use: phases.index(use.phase))


def for_condition(slug: str) -> list[ConditionExercise]:
    """A public condition's uses of public exercises, in the order of its page; "" names none."""
    if not slug:
        return []
    conditions = Condition.objects.published().filter(slug=slug)
    found = ConditionExercise.objects.of_shown_exercises().filter(condition__in=conditions)
    return now_and_later(found.select_related("condition"))


def conditions_that_differ(exercises: Iterable[Exercise]) -> list[Condition]:
    """Public conditions that say something of one of these that its own page does not, each once,
    in their order. One query.
    """
    shown = Condition.objects.published()
    uses = ConditionExercise.objects.filter(exercise__in=exercises, condition__in=shown)
    in_order = uses.select_related("condition").order_by("condition__order", "condition__title")
    return list(dict.fromkeys(use.condition for use in in_order if use.differs))


def by_exercise(uses: Iterable[ConditionExercise]) -> ByExercise:
    return {use.exercise.slug: use for use in uses}
