"""What a newer version says of sources, authors and warnings of signed pages waits as well."""

from io import StringIO

import pytest
from django.core.management import call_command

from conditions.models import (
    Article,
    Author,
    Cause,
    Citation,
    Condition,
    Exercise,
    PreventionTip,
    Signature,
    UrgencyLine,
)
from conditions.models import State as States
from tests.conditions import people
from tests.conditions.builders import make_condition, make_reviewer, sign
from tests.conditions.shipped.upgrading import decide, row_of

LINE = {"level": "emergency", "text": "a foot drops", "state": "example", "order": 9}


def cited_on(page):
    """A source that its own text names, and one that is evidence of what it shows."""
    return [
        next(source for source in Citation.objects.all() if f"[@{source.slug}]" in page.about),
        Citation.objects.filter(evidence__treatment__conditions=page).first(),
    ]


def uncited():
    return next(source for source in Citation.objects.all() if not source.is_signed_off())


def test_a_source_of_a_signed_page_waits_and_others_are_brought_up_to_date(upgrade, signed):
    sources, other = cited_on(signed), uncited()
    for source in (*sources, other):
        upgrade("citation", source.slug, note="It is new.")
    report = upgrade()

    assert set(report.newer) == {f"citation {source.slug}" for source in sources}
    assert list(Citation.objects.filter(note="It is new.")) == [other]


@pytest.fixture
def essay(upgrade):
    """A signed article with a cause of a condition that nobody has signed."""
    make_reviewer()
    return sign(Article.objects.filter(causes__isnull=False).first())


def test_a_cause_of_a_signed_article_waits_though_its_condition_is_unsigned(upgrade, essay):
    cause = essay.causes.first()
    upgrade("cause", cause.slug, text="It is new.")
    report = upgrade()

    assert cause.condition.state != States.APPROVED
    assert report.newer == [f"cause {cause.slug}"]
    assert Cause.objects.get(pk=cause.pk).text == cause.text


@pytest.mark.parametrize("is_reworded", [True, False])
def test_overwriting_signs_no_text_on_a_page_of_the_clinics_own(upgrade, is_reworded):
    make_reviewer()
    tip, own = PreventionTip.objects.first(), make_condition(slug="jaw", title="Jaw pain")
    own.tips.add(tip)
    if is_reworded:
        PreventionTip.objects.filter(pk=tip.pk).update(text="Ours.")
    sign(own)
    said = StringIO()
    call_command("load_content", "--overwrite", stdout=said)
    own.refresh_from_db()

    assert PreventionTip.objects.get(pk=tip.pk).text == tip.text
    assert own.state == (States.DRAFT if is_reworded else States.APPROVED)
    assert ("“Jaw pain” is no longer approved" in said.getvalue()) == is_reworded


def test_a_cause_that_moves_to_a_signed_page_waits(upgrade, signed):
    cause = Cause.objects.exclude(condition=signed).filter(articles=None).first()
    upgrade("cause", cause.slug, condition=["back-pain"], order=90)
    report = upgrade()
    cause.refresh_from_db()

    assert report.newer == [f"cause {cause.slug}"]
    assert cause.condition != signed


def test_a_source_that_such_a_cause_alone_cites_waits(upgrade, essay):
    source = uncited()
    Cause.objects.filter(pk=essay.causes.first().pk).update(text=f"It is so [@{source.slug}].")
    upgrade("citation", source.slug, note="It is new.")
    report = upgrade()

    assert report.newer == [f"citation {source.slug}"]
    assert Citation.objects.filter(note="It is new.").count() == 0
    held = people.editor().post(f"/admin/conditions/citation/{source.pk}/change/", {})
    assert held.status_code == 403


def test_a_source_is_taken_under_the_signature_of_its_pages(upgrade, as_read, clinician, client):
    signed = as_read
    source = cited_on(signed)[0]
    upgrade("citation", source.slug, note="It is new.")
    upgrade()
    before = client.get("/conditions/back-pain/").content
    decide(clinician, row_of(clinician, str(source)), "take")
    after = client.get("/conditions/back-pain/").content

    assert (b"It is new." in before, b"It is new." in after) == (False, True)
    assert [line for line in Signature.objects.last_lines(signed) if "It is new." in line] != []
    assert Condition.objects.get(pk=signed.pk).state == States.APPROVED


def test_the_author_of_a_signed_page_waits(upgrade, signed):
    upgrade("author", signed.author.slug, role="poet")
    report = upgrade()

    assert report.newer == [f"author {signed.author.slug}"]
    assert Author.objects.filter(role="poet").count() == 0


def test_another_order_alone_is_no_newer_text(upgrade, signed):
    row, other = signed.causes.first(), Exercise.objects.exclude(conditions=signed).first()
    before = row.order
    upgrade("cause", row.slug, order=29)
    upgrade("exercise", other.slug, order=29)
    first, again = upgrade(), upgrade()
    row.refresh_from_db()
    other.refresh_from_db()

    assert (first.newer, first.left, again.newer, again.updated) == ([], [], [], 0)
    assert (row.order, other.order) == (before, 29)


@pytest.mark.parametrize("areas", [[], [["low-back"]]], ids=["every page", "an area"])
def test_a_new_warning_of_signed_pages_waits(upgrade, signed, clinician, client, areas):
    upgrade("urgencyline", "a-foot-drops", **LINE, areas=areas)
    report = upgrade()
    shown = client.get("/conditions/back-pain/")
    decide(clinician, row_of(clinician, "a foot drops"), "take")
    after = client.get("/conditions/back-pain/")

    assert report.newer == ["urgencyline a-foot-drops"]
    assert (shown.status_code, b"a foot drops" in shown.content) == (200, False)
    assert (after.status_code, b"a foot drops" in after.content) == (200, True)


def test_a_new_warning_that_no_signed_page_shows_is_there_at_once(upgrade, signed):
    upgrade("urgencyline", "a-foot-drops", **LINE, areas=[["knee"]])
    report = upgrade()

    assert (report.newer, report.created) == ([], 1)
    assert UrgencyLine.objects.get(slug="a-foot-drops").state == States.EXAMPLE


def test_an_old_warning_comes_on_signed_pages_by_a_signature_alone(
    upgrade, signed, clinician, client
):
    """A shipped line of another part of the body, which nobody has signed."""
    upgrade("urgencyline", "a-foot-drops", **LINE, areas=[["knee"]])
    upgrade()
    upgrade("urgencyline", "a-foot-drops", areas=[["knee"], ["low-back"]])
    report = upgrade()

    assert report.newer == ["urgencyline a-foot-drops"]
    assert client.get("/conditions/back-pain/").status_code == 200
    decide(clinician, row_of(clinician, "a foot drops"), "take")
    assert UrgencyLine.objects.get(slug="a-foot-drops").state == States.APPROVED
    assert b"a foot drops" in client.get("/conditions/back-pain/").content


def test_pages_that_an_upgrade_finds_half_signed_are_counted(upgrade, signed):
    Exercise.objects.filter(conditions=signed).update(state=States.DRAFT)
    out = StringIO()
    call_command("load_content", stdout=out)

    assert (
        "1 approved page is not public: a part of it waits for a signature. The admin names it."
        in out.getvalue().splitlines()
    )
    assert Article.objects.filter(state=States.APPROVED).count() == 0
