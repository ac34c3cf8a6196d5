"""Whatever editors and reviewers do in whatever order, no public page is half signed.

Each row has a word of its own in its text, by which pages are searched for it.
"""

import re
from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conditions.models import (
    Article,
    Cause,
    Condition,
    Exercise,
    PreventionTip,
    State,
    UrgencyLine,
)
from conditions.models import (
    Testimonial as Story,
)
from conditions.review import approval
from tests.conditions import people
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_draft_exercise,
    make_emergency_line,
)
from tests.typed import fields_of

PAGES = (Condition, Article, Exercise)
STORY = {"shown_name": "J.", "consent_given_on": date(2026, 1, 2)}
WORD = {  # the field of a kind in which its rows have their word
    Condition: "about",
    Article: "summary",
    Exercise: "title",
    UrgencyLine: "text",
    Story: "text",
}


@pytest.fixture(autouse=True)
def live(db, settings):
    settings.DEMO = False


@pytest.fixture
def editor(db):
    return people.editor()


@pytest.fixture
def reviewer(db):
    return people.reviewer(edits=True)


@pytest.fixture
def rows(db):
    """A condition and an article that share an exercise, a cause and a tip: all drafts."""
    make_emergency_line(text="xqgeneral")
    make_emergency_line(text="xqarea", areas=[make_area(lead="back pain")])
    condition = make_condition(about="xqcondition")
    article = Article.objects.create(slug="essay", title="Essay", summary="xqarticle")
    exercise = make_draft_exercise(title="xqexercise")
    tip = PreventionTip.objects.create(title="xqtip", text="Walk.")
    cause = Cause.objects.create(condition=condition, group="common", title="xqcause")
    UrgencyLine.objects.create(level="urgent", text="xqline", condition=condition)
    Story.objects.create(condition=condition, text="xqstory", **STORY)
    for part in ("causes", "exercises", "tips"):
        area = exercise.area if part == "exercises" else None
        article.sections.create(heading=part, followed_by=part, area=area)
    for page in (condition, article):
        page.exercises.add(exercise)
        page.tips.add(tip)
    article.causes.add(cause)


def path(row, name):
    return reverse(f"admin:conditions_{row._meta.model_name}_{name}", args=[row.pk])


# What staff do: each with the signed-in client and a row, if there is one.


def sign(client, row):
    client.post(path(row, "approve"))


def retype(client, row):
    """Other words around the same one, in the form of the row."""
    form = fields_of(client.get(path(row, "change")), f"{row._meta.model_name}_form")
    if name := WORD.get(type(row)):
        word = getattr(row, name).split()[0]
        client.post(path(row, "change"), form | {name: [f"{word} and more"]})


def spell(client, row):
    form = fields_of(client.get(path(row, "change")), f"{row._meta.model_name}_form")
    client.post(path(row, "change"), form | {"keeps_signature": ["on"]})


def unlink(client, row):
    """Take the exercise off a page, and call that spelling."""
    form = fields_of(client.get(path(row, "change")), f"{row._meta.model_name}_form")
    client.post(path(row, "change"), form | {"exercises": [], "keeps_signature": ["on"]})


def drop_cause(client, row):
    form = fields_of(client.get(path(row, "change")), "condition_form")
    client.post(path(row, "change"), form | {"causes-0-DELETE": ["on"]})


def take_back(client, row):
    listed = reverse(f"admin:conditions_{row._meta.model_name}_changelist")
    chosen = {"action": "take_back_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(listed, chosen)


def sign_in_list(client, row):
    listed = reverse(f"admin:conditions_{row._meta.model_name}_changelist")
    client.post(listed, {"action": "approve_selected", "_selected_action": row.pk})


def delete(client, row):
    client.post(path(row, "delete"), {"post": "yes"})


def add_line(client, row):
    typed = {"level": "urgent", "text": f"xqnew{UrgencyLine.objects.count()}", "order": 1}
    client.post(reverse("admin:conditions_urgencyline_add"), typed | {"condition": row.pk})


def propose_line(client, row):
    """A warning of every page, or of an area of the row."""
    number = UrgencyLine.objects.count()
    typed = {"level": "emergency", "text": f"xqall{number}", "order": 1}
    areas = [area.pk for area in row.areas.all()] if number % 2 else []
    client.post(reverse("admin:conditions_urgencyline_add"), typed | {"areas": areas})


def move_line(client, row):
    """From every page to an area, or back, and call that spelling."""
    form = fields_of(client.get(path(row, "change")), "urgencyline_form")
    areas = [] if row.areas.exists() else [make_area().pk]
    client.post(path(row, "change"), form | {"areas": areas, "keeps_signature": ["on"]})


def add_story(client, row):
    told = f"xqtold{Story.objects.count()}"
    typed = STORY | {"condition": Condition.objects.get().pk, "text": told}
    client.post(reverse("admin:conditions_testimonial_add"), typed)


DEEDS = [sign, sign, sign, retype, spell, take_back, sign_in_list, delete, add_line, add_story]
DEEDS += [unlink, drop_cause, propose_line, move_line]
KINDS = [Condition, Article, Exercise, UrgencyLine, Story, PreventionTip]
steps = st.lists(
    st.tuples(
        st.sampled_from(DEEDS),
        st.sampled_from(KINDS),
        st.integers(0, 2),
        st.sampled_from(["editor", "reviewer"]),
    ),
    min_size=3,
    max_size=9,
)


def may(deed, kind):
    """Whether the admin has such a page at all."""
    if kind is PreventionTip:
        return deed in (delete, retype)
    if deed is unlink:
        return kind in (Condition, Article)
    if deed in (add_line, add_story, drop_cause, propose_line):
        return kind is Condition
    if deed is move_line:
        return kind is UrgencyLine
    return deed is not sign_in_list or kind in (UrgencyLine, Story)


# What readers get.


def words(html):
    article = re.search(r"<article>.*</article>", html, re.DOTALL)
    return set(re.findall(r"\bxq[a-z]+\d*", article[0])) if article else set()


def public(row, client):
    """The words on the page of a row as visitors get it, or None if they get none."""
    response = client.get(row.get_absolute_url())
    return words(response.content.decode()) if response.status_code == 200 else None


def previewed(row, client):
    return words(client.get(path(row, "preview")).content.decode())


def unsigned_words():
    """Of rows that nobody has signed."""
    rows = [row for kind in WORD for row in kind.objects.exclude(state=State.APPROVED)]
    return {getattr(row, WORD[type(row)]).split()[0] for row in rows}


def check(visitor, editor, signed):
    """`signed` holds what the preview of each signed page showed, and follows what happens."""
    for kind in PAGES:
        for row in kind.objects.all():
            shown = public(row, visitor)
            if shown is None:
                signed.pop(row.get_absolute_url(), None)
                continue
            assert shown & unsigned_words() == set()
            expected = signed.setdefault(row.get_absolute_url(), previewed(row, editor))
            assert expected - shown == set()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=steps)
def test_no_public_page_is_half_signed_whatever_is_done(client, editor, reviewer, rows, done):
    staff, signed = {"editor": editor, "reviewer": reviewer}, {}
    with transaction.atomic():
        for deed, kind, place, who in [(sign, Condition, 0, "reviewer"), *done]:
            row = kind.objects.order_by("pk")[place : place + 1].first()
            if row is not None and may(deed, kind):
                deed(staff[who], row)
            check(client, editor, signed)
        transaction.set_rollback(True)


def test_what_the_property_looks_at_is_there(client, editor, reviewer, rows):
    """Signed once, each page shows the word of each of its rows."""
    for kind in PAGES:
        sign(reviewer, kind.objects.get())
    condition, article = (public(kind.objects.get(), client) for kind in (Condition, Article))
    shared = {"xqexercise", "xqtip", "xqcause", "xqgeneral"}

    assert condition == {"xqcondition", "xqline", "xqstory", "xqarea"} | shared
    assert article == {"xqarticle"} | shared
    assert unsigned_words() == set()


@pytest.mark.parametrize("fault", ["gate", "cascade"])
def test_without_the_guard_the_property_finds_a_half_page(
    client, editor, reviewer, rows, monkeypatch, fault
):
    """Each guard alone takes the page from its readers; with neither it stands without a part."""
    monkeypatch.setattr(type(Condition.objects.all()), "whole", lambda self: self)
    if fault == "cascade":
        monkeypatch.setattr(approval, "pages_showing", lambda rows: [])
    signed = {}
    sign(reviewer, Condition.objects.get())
    check(client, editor, signed)
    take_back(editor, Exercise.objects.get())

    if fault == "gate":
        check(client, editor, signed)
    else:
        with pytest.raises(AssertionError):
            check(client, editor, signed)
