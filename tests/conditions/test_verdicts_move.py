"""A clinic that has content already keeps what its pages show, and can go back."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conditions.models import ConditionTreatment, Evidence, LoadedRow, Treatment

pytestmark = pytest.mark.django_db(transaction=True)

LAST = ("conditions", "0032_one_verdict_for_each_page")
FIRST = ("conditions", "0030_pain_kinds_and_verdicts")
moving = import_module("conditions.migrations.0031_verdicts_move_to_conditions")


def migrate(target):
    """The models of the whole site, once the database stands at this migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def before():
    """Models of the time when each treatment had one verdict; all comes back at the end."""
    [target] = MigrationExecutor(connection).loader.get_migration(*FIRST).dependencies
    try:
        yield migrate(target)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def filled(apps):
    """Two pages that share one of two treatments."""
    model = {name: apps.get_model("conditions", name).objects for name in NAMES}
    source = model["Citation"].create(slug="who", short="W", authors="W", title="W", year=2023)
    heat, pull = (
        model["Treatment"].create(slug=slug, title=slug, text="X", **judged)
        for slug, judged in JUDGED.items()
    )
    for pain, verdict in {"acute": "helps", "leg": "unknown"}.items():
        model["Evidence"].create(
            slug=f"heat-{pain}", treatment=heat, citation=source, pain=pain, verdict=verdict
        )
    for slug, treatments in {"back": [pull, heat], "neck": [heat]}.items():
        page = {"slug": slug, "title": slug, "name_in_text": slug, "summary": "S", "about": "A"}
        model["Condition"].create(**page).treatments.set(treatments)


NAMES = ["Citation", "Condition", "Evidence", "Treatment"]
JUDGED = {
    "heat": {"group": "offered", "verdict": "It helps.", "order": 1},
    "pull": {"group": "not-advised", "verdict": "Not advised.", "order": 2},
}
USES = [
    ("back-heat", "back", "heat", "offered", "It helps.", 1),
    ("back-pull", "back", "pull", "not-advised", "Not advised.", 2),
    ("neck-heat", "neck", "heat", "offered", "It helps.", 1),
]


def test_each_page_keeps_its_verdicts_and_evidence_and_the_way_back_is_open(before):
    filled(before)
    after = migrate(LAST)
    model = {name: after.get_model("conditions", name).objects for name in (*NAMES, "PainKind")}
    uses = after.get_model("conditions", "ConditionTreatment").objects
    shown = uses.order_by("slug").values_list(
        "slug", "condition__slug", "treatment__slug", "group", "verdict", "order"
    )
    kinds = model["Condition"].filter(slug="neck").values_list("pain_kinds__slug", flat=True)

    assert list(shown) == USES
    assert list(model["PainKind"].order_by("order").values_list("slug", "title", "order")) == [
        ("acute", "new low back pain", 2),
        ("leg", "back pain with leg pain", 5),
    ]
    assert sorted(kinds) == ["acute", "leg"]
    assert list(model["Evidence"].order_by("slug").values_list("slug", "pain__slug")) == [
        ("heat-acute", "acute"),
        ("heat-leg", "leg"),
    ]

    uses.filter(slug="neck-heat").update(verdict="Not known.")
    kind = model["PainKind"].create(slug="chronic-or-leg", title="long-lasting", order=9)
    model["Evidence"].filter(slug="heat-leg").update(pain=kind)
    [target] = MigrationExecutor(connection).loader.get_migration(*FIRST).dependencies
    apps = migrate(target)
    back = {name: apps.get_model("conditions", name).objects for name in NAMES}

    assert {
        row.slug: {"group": row.group, "verdict": row.verdict, "order": row.order}
        for row in back["Treatment"].all()
    } == JUDGED
    assert sorted(back["Evidence"].values_list("slug", "pain")) == [
        ("heat-acute", "acute"),
        ("heat-leg", "chronic"),
    ]
    assert sorted(back["Condition"].values_list("slug", "treatments__slug")) == [
        ("back", "heat"),
        ("back", "pull"),
        ("neck", "heat"),
    ]


@pytest.fixture
def shipped_before(before):
    """A page as it ships, of which an editor judged one treatment otherwise and removed another."""
    model = {name: before.get_model("conditions", name) for name in (*NAMES, "LoadedRow")}
    page = {"slug": "back-pain", "title": "B", "name_in_text": "b", "summary": "S", "about": "A"}
    condition = model["Condition"].objects.create(**page)
    model["LoadedRow"].objects.create(model="condition", slug="back-pain", file_digest="f")
    for slug in ("exercise", "massage", "acupuncture"):
        row = model["Treatment"].objects.create(slug=slug, title=slug, text="X", verdict="Helps.")
        memory = model["LoadedRow"](model="treatment", slug=slug, file_digest="f")
        moving.set_loaded(memory, moving.then_judged(row))
        memory.save()
        condition.treatments.add(row)
    model["Treatment"].objects.filter(slug="massage").update(verdict="Helps us.")
    condition.treatments.remove(model["Treatment"].objects.get(slug="acupuncture"))
    return before


def test_what_was_loaded_stays_so_and_what_an_editor_did_stays_the_editors(shipped_before):
    after = migrate(LAST)
    rows = after.get_model("conditions", "ConditionTreatment").objects.select_related(*moving.PAIR)
    memories = after.get_model("conditions", "LoadedRow").objects
    told = {row.slug: row for row in memories.filter(model="conditiontreatment")}
    as_loaded = {row.slug: moving.is_as_loaded(told[row.slug], moving.paired(row)) for row in rows}
    treatments = {
        row.slug: moving.is_as_loaded(
            memories.get(model="treatment", slug=row.slug), moving.now_judged(row)
        )
        for row in after.get_model("conditions", "Treatment").objects.all()
    }

    assert as_loaded == {"back-pain-exercise": True, "back-pain-massage": False}
    assert set(told) - set(as_loaded) == {"back-pain-acupuncture"}
    assert treatments == {"exercise": True, "massage": False, "acupuncture": True}


def test_the_loader_finds_the_rows_as_it_left_them(content):
    """The digests of the migration are those of the loader."""
    memory = {(row.model, row.slug): row for row in LoadedRow.objects.all()}
    use = ConditionTreatment.objects.select_related(*moving.PAIR).get(slug="back-pain-exercise")
    treatment = Treatment.objects.get(slug="exercise")
    said = Evidence.objects.get(slug="exercise-nice-2020-any")
    said.kind = said.pain  # its name during the move

    assert moving.is_as_loaded(memory["conditiontreatment", use.slug], moving.paired(use))
    assert moving.is_as_loaded(memory["treatment", "exercise"], moving.now_judged(treatment))
    assert moving.is_as_loaded(memory["evidence", said.slug], moving.now_said(said))
