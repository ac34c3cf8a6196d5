"""Whatever editors, reviewers and upgrades do in whatever order, no public page is half signed, and
none says what no reviewer was shown.

Each row has a word of its own in its text, by which pages are searched for it.
"""

import re

import pytest
from django.contrib.auth.models import User
from django.db import transaction
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
from tests.conditions.review.deeds import (
    DEEDS,
    KINDS,
    LATER,
    STORY,
    WORD,
    Reader,
    may,
    path,
    remember,
    sign,
    take,
    take_back,
    upgrade,
    words_in,
)

PAGES = (Condition, Article, Exercise)


@pytest.fixture(autouse=True)
def live(db, settings):
    settings.DEMO = False


@pytest.fixture
def editor(db):
    return people.editor()


@pytest.fixture
def reviewer(db):
    people.reviewer(edits=True)
    client = Reader()
    client.force_login(User.objects.get(username="rita"))
    return client


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
    for kind in KINDS:
        for row in kind.objects.all():
            remember(row)


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


# What readers get.


def words(html):
    article = re.search(r"<article>.*</article>", html, re.DOTALL)
    return words_in(article[0]) if article else set()


def public(row, client):
    """The words on the page of a row as visitors get it, or None if they get none."""
    response = client.get(row.get_absolute_url())
    return words(response.content.decode()) if response.status_code == 200 else None


def previewed(row, client):
    """The words that stay in each text."""
    found = words(client.get(path(row, "preview")).content.decode())
    return {word for word in found if not word.startswith(LATER)}


def unsigned_words(kinds=WORD):
    """Of rows that nobody has signed."""
    rows = [row for kind in kinds for row in kind.objects.exclude(state=State.APPROVED)]
    return {getattr(row, WORD[type(row)]).split()[0] for row in rows}


def check(visitor, editor, signed, read):
    """`signed` holds what the preview of each signed page showed, and follows what happens; `read`
    what a reviewer was shown, or typed.
    """
    check_home(visitor, read)
    for kind in PAGES:
        for row in kind.objects.all():
            shown = public(row, visitor)
            if shown is None:
                signed.pop(row.get_absolute_url(), None)
                continue
            assert shown & unsigned_words() == set()
            assert shown - read == set()
            expected = signed.setdefault(row.get_absolute_url(), previewed(row, editor))
            assert expected - shown == set()


def check_home(visitor, read):
    """Warnings alone stand there before anybody signs them."""
    home = words_in(visitor.get("/").content.decode())
    warnings = {word for line in UrgencyLine.objects.all() for word in words_in(line.text)}
    assert home & unsigned_words(WORD.keys() - {UrgencyLine}) == set()
    assert home - read - warnings == set()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=steps)
def test_no_public_page_is_half_signed_whatever_is_done(client, editor, reviewer, rows, done):
    staff, signed = {"editor": editor, "reviewer": reviewer}, {}
    reviewer.read.clear()
    with transaction.atomic():
        for deed, kind, place, who in [(sign, Condition, 0, "reviewer"), *done]:
            row = kind.objects.order_by("pk")[place : place + 1].first()
            if row is not None and may(deed, kind):
                deed(staff[who], row)
            check(client, editor, signed, reviewer.read)
        transaction.set_rollback(True)


def test_what_the_property_looks_at_is_there(client, editor, reviewer, rows):
    """Signed once, each page shows the word of each of its rows."""
    for kind in PAGES:
        sign(reviewer, kind.objects.get())
    condition, article = (public(kind.objects.get(), client) for kind in (Condition, Article))
    shared = {"xqexercise", "xqtip", "xqcause", "xqgeneral"}

    assert condition == {"xqcondition", "xqline", "xqstory", "xqarea"} | shared
    assert article == {"xqarticle"} | shared
    assert words_in(client.get("/").content.decode()) == {"xqstory", "xqgeneral"}
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
    check(client, editor, signed, reviewer.read)
    take_back(editor, Exercise.objects.get())

    if fault == "gate":
        check(client, editor, signed, reviewer.read)
    else:
        with pytest.raises(AssertionError):
            check(client, editor, signed, reviewer.read)


@pytest.mark.parametrize("is_held", [True, False])
def test_without_the_rule_the_property_finds_what_nobody_has_read(
    client, editor, reviewer, rows, monkeypatch, is_held
):
    """A cause that a signed article shows, of a condition that nobody has signed."""
    if not is_held:
        monkeypatch.setattr(Cause, "is_signed_off", lambda cause: cause.condition.is_signed_off())
    sign(reviewer, Article.objects.get())
    check(client, editor, {}, reviewer.read)
    upgrade(editor, Cause.objects.get())

    if is_held:
        check(client, editor, {}, reviewer.read)
    else:
        with pytest.raises(AssertionError):
            check(client, editor, {}, reviewer.read)


def test_a_text_that_a_reviewer_takes_is_read_and_public(client, editor, reviewer, rows):
    for kind in PAGES:
        sign(reviewer, kind.objects.get())
    upgrade(editor, Cause.objects.get())
    take(editor, Cause.objects.get())
    before = public(Article.objects.get(), client)
    take(reviewer, Cause.objects.get())
    after = public(Article.objects.get(), client)
    check(client, editor, {}, reviewer.read)

    assert [word.rstrip("0123456789") for word in after - before] == ["xqshippedcause"]
