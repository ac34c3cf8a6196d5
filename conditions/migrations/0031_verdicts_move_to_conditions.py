"""What each page showed it shows on: its verdicts, and the evidence beneath them.

What was loaded from the files stays so, and what an editor changed or took off a page stays the
editor's: `load_content` remembers the rows in their new form.
"""

import hashlib
import json
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
# Kinds that ship since, each with its order and the one above that it was part of. A page of that
# one speaks of it too, so that no verdict leaves a page whose editor has the last word.
WIDER = {
    "low-back-or-leg": ("low back pain with or without leg pain", 13, "any"),
    "chronic-or-leg": ("long-lasting low back pain with or without leg pain", 14, "chronic"),
}
# The nearest of these for kinds that ship since.
NEAREST = {"chronic-or-leg": "chronic", "rounding": "upper", "weak-bones": "upper"}
LONGEST_SLUG = 80
DIGITS = 16  # of the digest of one field
# The treatments with which conditions shipped, until each had a row of its own.
SHIPPED = {
    "back-pain": (
        "exercise joint-mobilization massage spinal-manipulation ice-and-heat acupuncture "
        "traction ultrasound tens belts opioids"
    ),
    "back-strain-sports-injury": (
        "stay-active-advice joint-mobilization spinal-manipulation massage exercise "
        "ice-and-heat anti-inflammatory-tablets opioids belts"
    ),
    "back-surgery-rehab": (
        "surgery-training-before surgery-talk-before surgery-training-after-disc "
        "surgery-training-after-decompression surgery-exercise-for-pain "
        "surgery-training-after-fusion"
    ),
    "disc-problems": (
        "sciatica-advice exercise sciatica-care-by-hand nerve-glides "
        "sciatica-steroid-injection disc-surgery sciatica-medicines disc-fusion "
        "disc-injections traction ultrasound tens belts"
    ),
    "lumbar-spinal-stenosis": (
        "stenosis-program stenosis-therapy-before-surgery exercise stenosis-acupuncture "
        "decompression-surgery stenosis-steroid-injection stenosis-medicines traction "
        "ultrasound tens"
    ),
    "pregnancy-back-pelvic-pain": (
        "pregnancy-exercise pregnancy-water-exercise pregnancy-belt pregnancy-care-by-hand "
        "pregnancy-acupuncture pregnancy-medicines"
    ),
    "sciatica": (
        "sciatica-advice exercise sciatica-care-by-hand nerve-glides "
        "sciatica-steroid-injection disc-surgery sciatica-medicines sciatica-acupuncture "
        "traction ultrasound tens belts"
    ),
    "scoliosis": (
        "scoliosis-adult-exercise scoliosis-teen-brace scoliosis-specific-exercise "
        "scoliosis-adult-brace scoliosis-surgery traction ultrasound tens"
    ),
    "spine-osteoarthritis": (
        "arthritis-general-exercise exercise exercise-in-water joint-mobilization "
        "ice-and-heat radiofrequency-denervation spinal-injections traction ultrasound tens "
        "belts"
    ),
    "upper-back-pain": (
        "upper-back-exercise upper-back-mobilization upper-back-manipulation "
        "upper-back-rounding-exercise upper-back-massage active-breaks weak-bones-training"
    ),
}


def rows_of(apps, schema_editor, name):
    return apps.get_model("conditions", name).objects.using(schema_editor.connection.alias)


def forwards(apps, schema_editor):
    move(apps, schema_editor)
    told = loaded(apps, schema_editor)
    for row in said(apps, schema_editor):
        carry(told.get(("evidence", row.slug)), then_said(row), now_said(row))
    remember_pairs(apps, schema_editor, told)
    for row in rows_of(apps, schema_editor, "Treatment"):
        carry(told.get(("treatment", row.slug)), then_judged(row), now_judged(row))


def move(apps, schema_editor):
    kinds = rows_of(apps, schema_editor, "PainKind")
    evidence = rows_of(apps, schema_editor, "Evidence")
    used = set(evidence.values_list("pain", flat=True).distinct())
    for order, (slug, title) in enumerate(KINDS.items(), start=1):
        if slug in used:
            evidence.filter(pain=slug).update(kind=kinds.create(slug=slug, title=title, order=order))
    for slug, (title, order, narrower) in WIDER.items():
        if narrower in used:
            kinds.create(slug=slug, title=title, order=order)
    for condition in rows_of(apps, schema_editor, "Condition").order_by("pk"):
        treatments = list(condition.treatments.order_by("order", "title"))
        rows_of(apps, schema_editor, "ConditionTreatment").bulk_create(
            moved(condition, treatment) for treatment in treatments
        )
        shown = set(evidence.filter(treatment__in=treatments).values_list("pain", flat=True))
        wider = {slug for slug, (_title, _order, narrower) in WIDER.items() if narrower in shown}
        condition.pain_kinds.set(kinds.filter(slug__in=shown | wider))


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


# What was loaded


def loaded(apps, schema_editor):
    """What `load_content` remembers, by model and slug."""
    return {(row.model, row.slug): row for row in rows_of(apps, schema_editor, "LoadedRow")}


def remember_pairs(apps, schema_editor, told):
    """A shipped treatment on a shipped page counts as loaded: one that is gone, an editor removed,
    and one whose treatment an editor has judged otherwise, an editor changed.
    """
    memories = rows_of(apps, schema_editor, "LoadedRow")
    uses = rows_of(apps, schema_editor, "ConditionTreatment").select_related(*PAIR)
    rows = {row.slug: row for row in uses}
    for condition, treatments in SHIPPED.items():
        for treatment in treatments.split():
            if ("condition", condition) in told and ("treatment", treatment) in told:
                row = rows.get(f"{condition}-{treatment}")
                memory = memories.model(model="conditiontreatment", file_digest="")
                memory.slug = f"{condition}-{treatment}"
                if row and is_as_loaded(told["treatment", treatment], then_judged(row.treatment)):
                    set_loaded(memory, paired(row))
                elif not hasattr(memory, "values"):
                    memory.row_digest = "changed"
                memory.save(using=schema_editor.connection.alias)


LINKS = ["treatment", "citation", "kind"]
PAIR = ["condition", "treatment"]


def then_said(row):
    return now_said(row) | {"pain": row.pain}


def now_said(row):
    names = {"treatment": [row.treatment.slug], "citation": [row.citation.slug]}
    plain = {name: getattr(row, name) for name in ("slug", "verdict", "note", "order")}
    return plain | names | {"pain": [row.kind.slug]}


def then_judged(row):
    plain = {name: getattr(row, name) for name in ("group", "verdict", "order")}
    return now_judged(row) | plain


def now_judged(row):
    return {name: getattr(row, name) for name in ("slug", "title", "text")}


def paired(row):
    plain = {name: getattr(row, name) for name in ("slug", "group", "verdict", "order")}
    return plain | {"condition": [row.condition.slug], "treatment": [row.treatment.slug]}


def carry(memory, values, others):
    """A row that is as it was loaded still is, with these other values."""
    if memory and is_as_loaded(memory, values):
        set_loaded(memory, others)
        memory.save()


def is_as_loaded(memory, values):
    if not hasattr(memory, "values"):  # one digest stands for all fields
        return memory.row_digest == digest(same(values))
    return memory.values == digests(values)


def set_loaded(memory, values):
    if hasattr(memory, "values"):
        memory.values = digests(values)
    else:
        memory.row_digest = digest(same(values))


def digests(values):
    return {name: digest(value)[:DIGITS] for name, value in same(values).items()}


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def same(values):
    """As the loader compares them."""
    found = {}
    for name, value in values.items():
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
        if isinstance(value, list):
            value = sorted(json.dumps(item) for item in value)
        found[name] = value
    return found


def backwards(apps, schema_editor):
    told = loaded(apps, schema_editor)
    as_now = {row.slug: now_said(row) for row in said(apps, schema_editor)}
    judged_now = {row.slug: now_judged(row) for row in rows_of(apps, schema_editor, "Treatment")}
    move_back(apps, schema_editor)
    for row in said(apps, schema_editor):
        carry(told.get(("evidence", row.slug)), as_now[row.slug], then_said(row))
    for row in rows_of(apps, schema_editor, "Treatment"):
        carry(told.get(("treatment", row.slug)), judged_now[row.slug], then_judged(row))
    gone = ["conditiontreatment", "painkind"]
    rows_of(apps, schema_editor, "LoadedRow").filter(model__in=gone).delete()


def said(apps, schema_editor):
    return rows_of(apps, schema_editor, "Evidence").select_related(*LINKS)


def move_back(apps, schema_editor):
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
