"""An upgrade of a clinic that had signed all of it, from before a verdict needed a source."""

import re
from html import unescape
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conditions.models import Condition, ConditionTreatment, Evidence, State, Treatment
from conditions.models.base import Content, kinds_of
from conditions.pages import parts
from conditions.review import verdicts
from conditions.shipped import fixtures, loader
from tests import shipped
from tests.conditions.builders import make_reviewer, put_on, sign
from tests.conditions.shipped.upgrading import decide, row_of
from tests.reading import said
from tests.typed import fields_of

BEFORE = ("conditions", "0022_exercises_through_rows")
# As they were judged then, with no source in a row of its own.
JUDGED = {
    "stenosis-medicines": ("not-advised", "Not advised as routine care for stenosis."),
    "pregnancy-medicines": ("offered", "Ask your doctor or midwife before you take any."),
}


def migrate(target):
    """The models of the whole site, once the database stands at this migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def old(transactional_db, settings):
    """All that ships, signed, as it stood before; all comes back at the end."""
    settings.DEMO = False
    shipped.load()
    make_reviewer()
    for kind in kinds_of(Content):
        for row in kind._default_manager.all():
            sign(row)
    Evidence.objects.filter(treatment__slug__in=JUDGED).delete()
    try:
        then = migrate(BEFORE)
        for slug, (group, verdict) in JUDGED.items():
            judged = then.get_model("conditions", "Treatment").objects.filter(slug=slug)
            judged.update(group=group, verdict=verdict)
        yield then
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def warned_of(then):
    """What readers of each page are told of each treatment that it judges."""
    pages = then.get_model("conditions", "Condition").objects.filter(state="approved")
    return {
        (page.slug, treatment.title, treatment.verdict)
        for page in pages
        for treatment in page.treatments.all()
        if treatment.verdict or treatment.group == "not-advised"
    }


def is_told(html, title, verdict):
    """By a fold of its own, or by one of several that share the verdict."""
    folds = re.findall(r"<summary>\s*<h3>(.*?)</h3>\s*(?:<strong>(.*?)</strong>)?", html, re.S)
    return any(
        title in [each.strip() for each in titles.split(";")] and verdict in ("", said)
        for titles, said in folds
    )


@pytest.mark.django_db(transaction=True)
def test_nothing_that_readers_were_warned_of_leaves_a_signed_page(old, client):
    before = warned_of(old)
    MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    loader.load(fixtures.read(*fixtures.folders()))
    pages = {slug for slug, _title, _verdict in before}
    html = {slug: unescape(client.get(Condition.address(slug)).content.decode()) for slug in pages}

    assert {told for told in before if not is_told(html[told[0]], *told[1:])} == set()
    assert {verdict for _slug, _title, verdict in before} >= {each for _, each in JUDGED.values()}


def told_of(page):
    context = parts.of_condition(Condition.objects.with_parts().get(pk=page.pk))
    return [(str(use), use.shown_verdict) for use in [*context["offered"], *context["not_advised"]]]


def unsourced(page):
    """Verdicts without a source, in both groups."""
    for title, group in (("Cups", "not-advised"), ("Heat", "offered")):
        treatment = Treatment.objects.create(slug=title.lower(), title=title, text="X")
        put_on(page, treatment, f"{title} no.", group=group)


@pytest.mark.parametrize("state", State.values)
def test_an_upgrade_notes_what_signed_pages_say_without_a_source(signed, state):
    migration = import_module("conditions.migrations.0061_verdicts_stand_as_signed")
    sourced = told_of(signed)
    unsourced(signed)
    Condition.objects.filter(pk=signed.pk).update(state=state)
    before = told_of(signed)
    migration.keep_what_was_signed(apps, connection.schema_editor())
    stays = [("Heat", "Heat no."), ("Cups", "Cups no.")] if state == State.APPROVED else []

    assert {*before} == {*sourced, ("Heat", "")}
    assert {*told_of(signed)} == {*sourced, *(stays or [("Heat", "")])}


def test_what_stands_as_signed_is_named_and_ends_with_other_words(signed, clinician):
    unsourced(signed)
    ConditionTreatment.objects.update(stands_as_signed=True)
    User.objects.get(username="rita").groups.add(Group.objects.get(name="Editor"))
    named = [line for line in verdicts.advice(signed) if "Heat" in line or "Cups" in line]
    path = f"/admin/conditions/condition/{signed.pk}/change/"
    typed = fields_of(clinician.get(path), "condition_form")
    field = next(name for name, value in typed.items() if value == ["Heat no."])
    clinician.post(path, typed | {field: ["Heat is bad."]})
    standing = ConditionTreatment.objects.filter(stands_as_signed=True)

    assert named == [f"What is said of “{name}” {verdicts.STANDS}" for name in ("Cups", "Heat")]
    assert standing.filter(treatment__title="Cups").exists()
    assert not standing.filter(treatment__title="Heat").exists()


def test_a_new_text_that_takes_a_verdict_from_a_signed_page_is_refused(upgrade, signed, clinician):
    use = next(
        use for use in Condition.objects.get(pk=signed.pk).treatment_uses.all() if use.evidence
    )
    for row in use.evidence[1:]:
        row.delete()
    upgrade("evidence", use.evidence[0].slug, pain=["neck"])
    upgrade()
    before = told_of(signed)
    told = said(decide(clinician, row_of(clinician, str(use.evidence[0])), "take"))

    assert told == [
        f"Not taken: no source would speak of “{use.treatment}” ({signed}) any more. Keep ours of "
        "what takes the source away, or take it once a newer version brings another."
    ]
    assert told_of(signed) == before
