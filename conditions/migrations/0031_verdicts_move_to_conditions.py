"""What each page showed it shows on: its verdicts, and the evidence beneath them."""

from uuid import uuid4

from django.db import migrations

KINDS = {
    "any": "low back pain",
    "acute": "new low back pain",
    "subacute": "low back pain of up to three months",
    "chronic": "long-lasting low back pain",
    "leg": "back pain with leg pain",
    "walking": "leg pain when you walk (stenosis)",
    "surgery": "before or after back surgery",
    "curve": "a sideways curve of the spine",
    "pregnancy": "low back pain in pregnancy",
    "pelvic": "pelvic pain in pregnancy",
    "upper": "upper back pain",
    "neck": "neck pain",
}
# The nearest of these for kinds that ship since.
NEAREST = {"chronic-or-leg": "chronic", "rounding": "upper", "weak-bones": "upper"}
LONGEST_SLUG = 80


def rows_of(apps, schema_editor, name):
    return apps.get_model("conditions", name).objects.using(schema_editor.connection.alias)


def forwards(apps, schema_editor):
    evidence = rows_of(apps, schema_editor, "Evidence")
    used = set(evidence.values_list("pain", flat=True).distinct())
    for order, (slug, title) in enumerate(KINDS.items(), start=1):
        if slug in used:
            known = {"title": title, "order": order}
            kind, _made = rows_of(apps, schema_editor, "PainKind").get_or_create(
                slug=slug, defaults=known
            )
            evidence.filter(pain=slug).update(kind=kind)
    for condition in rows_of(apps, schema_editor, "Condition").order_by("pk"):
        treatments = list(condition.treatments.order_by("order", "title"))
        rows_of(apps, schema_editor, "ConditionTreatment").bulk_create(
            moved(condition, treatment) for treatment in treatments
        )
        kinds = evidence.filter(treatment__in=treatments).values_list("kind", flat=True)
        condition.pain_kinds.set(set(kinds))


def moved(condition, treatment):
    """The row of a treatment on a page, with the slug under which a shipped one ships."""
    slug = f"{condition.slug}-{treatment.slug}"
    return condition.treatment_uses.model(
        slug=slug if len(slug) <= LONGEST_SLUG else uuid4().hex,
        condition=condition,
        treatment=treatment,
        group=treatment.group,
        verdict=treatment.verdict,
        order=treatment.order,
    )


def backwards(apps, schema_editor):
    """A treatment takes its verdict from the first page that shows it; of what a source says of
    two kinds of pain that were one, the first is kept.
    """
    taken = set()
    evidence = rows_of(apps, schema_editor, "Evidence")
    for row in evidence.select_related("kind").order_by("order", "pk"):
        slug = row.kind.slug
        row.pain = slug if slug in KINDS else NEAREST.get(slug, "any")
        key = (row.treatment_id, row.citation_id, row.pain)
        if key in taken:
            row.delete()
        else:
            taken.add(key)
            row.save(update_fields=["pain"])
    uses = rows_of(apps, schema_editor, "ConditionTreatment").select_related("treatment")
    seen = set()
    for use in uses.order_by("condition__order", "condition__title", "order", "pk"):
        use.condition.treatments.add(use.treatment)
        if use.treatment_id not in seen:
            seen.add(use.treatment_id)
            use.treatment.group, use.treatment.order = use.group, use.order
            use.treatment.verdict = use.verdict
            use.treatment.save(update_fields=["group", "order", "verdict"])


class Migration(migrations.Migration):
    dependencies = [("conditions", "0030_pain_kinds_and_verdicts")]
    operations = [migrations.RunPython(forwards, backwards)]
