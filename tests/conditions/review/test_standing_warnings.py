"""Warnings of a body area or of every page are parts of the pages on which they stand."""

import re

import pytest

from conditions.models import Article, Condition, Exercise, Reviewer, State, UrgencyLine
from conditions.review import approval
from conditions.review.parts import unsigned
from tests.conditions.builders import (
    TODAY,
    make_area,
    make_condition,
    make_draft_exercise,
    make_emergency_line,
    make_reviewer,
    sign,
)
from tests.conditions.people import editor, sign_in_list, signed_in
from tests.reading import said, tight
from tests.typed import fields_of

LINES = "/admin/conditions/urgencyline/"
PAGES = ["/conditions/pain/", "/exercises/chin-tuck/", "/articles/essay/"]


@pytest.fixture
def signed(db, settings):
    """A page of each kind, of the neck, all signed, with the warnings that stand there."""
    settings.DEMO = False
    make_reviewer()
    neck = make_area("neck")
    make_emergency_line(text="general")
    make_emergency_line(text="another")
    make_emergency_line(text="of the neck", areas=[neck])
    make_emergency_line(text="of the neck, soon", areas=[neck], level="urgent")
    make_emergency_line(text="of the knee", areas=[make_area("knee")], state=State.DRAFT)
    condition = make_condition(areas=[neck])
    condition.exercises.add(make_draft_exercise(area=neck))
    article = Article.objects.create(slug="essay", title="Essay", summary="Move.")
    article.areas.add(neck)
    for page in (Exercise.objects.get(), article, condition):
        sign(page)


def public(client):
    return [path for path in PAGES if client.get(path).status_code == 200]


def line(text):
    return UrgencyLine.objects.get(text=text)


def states():
    pages = [*Condition.objects.all(), *Exercise.objects.all(), *Article.objects.all()]
    return {str(page): str(page.state) for page in pages}


def take_back(client, row):
    chosen = {"action": "take_back_selected", "_selected_action": row.pk, "post": "yes"}
    return client.post(LINES, chosen, follow=True)


def delete(client, row):
    return client.post(f"{LINES}{row.pk}/delete/", {"post": "yes"}, follow=True)


def move(client, row):
    """To another part of the body, which is no spelling."""
    typed = {"level": row.level, "text": row.text, "order": row.order, "keeps_signature": "on"}
    return client.post(
        f"{LINES}{row.pk}/change/", typed | {"areas": [make_area("knee").pk]}, follow=True
    )


@pytest.mark.parametrize("lose", [take_back, delete, move])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("general", []),
        ("of the neck", []),
        ("of the neck, soon", ["/exercises/chin-tuck/"]),
        ("of the knee", PAGES),
    ],
)
def test_a_page_leaves_the_public_with_a_warning_that_it_showed(client, signed, lose, text, left):
    before = public(client)
    told = said(lose(editor(reviews=True), line(text)))
    lost = [title for title, state in states().items() if state == State.DRAFT]

    assert (before, public(client)) == (PAGES, left)
    assert len(lost) == len(PAGES) - len(left)
    for title in lost:
        assert f"“{title}” is no longer approved: a clinician has to read it again." in told


def test_before_pages_leave_the_public_the_admin_names_them_and_asks(client, signed):
    """One click in a list must not empty the site."""
    row, boss = line("general"), editor(reviews=True)
    chosen = {"action": "take_back_selected", "_selected_action": row.pk}
    asked = boss.post(LINES, chosen)
    deleting = boss.get(f"{LINES}{row.pk}/delete/")

    assert public(client) == PAGES
    assert sorted(str(page) for page in asked.context["leaving"]) == sorted(states())
    for page in (asked, deleting):
        assert "3 approved pages leave the site with it" in tight(page.content.decode())
    boss.post(LINES, fields_of(asked, "take-back"))
    assert public(client) == []


@pytest.mark.parametrize("text", ["general", "of the neck"])
def test_pages_wait_for_other_words_of_a_warning_and_keep_their_signature(client, signed, text):
    row, reviewer = line(text), editor(reviews=True)
    areas = [area.pk for area in row.areas.all()]
    typed = {"level": row.level, "text": "other words", "order": row.order, "areas": areas}
    reviewer.post(f"{LINES}{row.pk}/change/", typed)
    waiting, named = public(client), reviewer.get("/admin/").content.decode()
    form = reviewer.get(f"/admin/conditions/condition/{Condition.objects.get().pk}/change/")
    sign_in_list(reviewer, row)

    assert (waiting, public(client)) == ([], PAGES)
    assert set(states().values()) == {State.APPROVED}
    for title in states():
        assert title in named.split("Approved, but not public")[1]
    assert [str(part) for part in form.context["lacking"]] == ["other words"]


def test_a_page_is_not_signed_without_a_warning_that_stands_there(signed):
    UrgencyLine.objects.filter(text="of the neck").update(state=State.EXAMPLE)
    Condition.objects.update(state=State.DRAFT)
    page = Condition.objects.get()

    with pytest.raises(approval.UnsignedParts, match="of the neck"):
        approval.approve(content=page, reviewer=Reviewer.objects.get(), on=TODAY)


@pytest.mark.parametrize("state", [State.DRAFT, State.EXAMPLE])
def test_a_warning_that_lost_its_signature_unseen_keeps_pages_from_readers(client, signed, state):
    UrgencyLine.objects.filter(text="of the neck").update(state=state)

    assert public(client) == []


def test_nor_is_a_page_public_without_an_exercise_that_waits_for_a_warning(client, signed):
    """The exercise is of another part of the body, whose warning stands on its page alone."""
    Exercise.objects.update(area=make_area("knee"))
    before = public(client)
    UrgencyLine.objects.filter(text="of the knee").update(state=State.EXAMPLE)

    assert before == PAGES
    assert public(client) == ["/articles/essay/"]
    assert [str(part) for part in unsigned(Condition.objects.get())] == ["of the knee"]


@pytest.mark.parametrize("areas", [[], ["neck"]])
def test_a_proposed_warning_is_no_part_of_signed_pages_before_it_is_signed(client, signed, areas):
    """Whoever signs nothing writes it, and takes it back: no page leaves its readers for that."""
    who, known = editor(), [make_area(slug).pk for slug in areas]
    typed = {"level": "emergency", "text": "a new one", "order": 9, "areas": known}
    who.post(f"{LINES}add/", typed)
    page = Condition.objects.get()
    seen = who.get(f"/admin/conditions/condition/{page.pk}/preview/").content.decode()
    proposed = public(client)
    take_back(who, line("a new one"))
    approval.approve(content=line("a new one"), reviewer=Reviewer.objects.get(), on=TODAY)
    shown = client.get(PAGES[0]).content.decode()

    assert ("a new one" in seen, proposed, public(client)) == (False, PAGES, PAGES)
    assert "a new one" in shown


def test_a_page_that_is_not_signed_yet_previews_a_proposed_warning_and_signs_it(client, signed):
    Condition.objects.update(state=State.DRAFT)
    page = Condition.objects.get()
    make_emergency_line(text="a new one", state=State.DRAFT)
    who = editor()
    seen = who.get(f"/admin/conditions/condition/{page.pk}/preview/").content.decode()
    sign(page)

    assert "a new one" in seen
    assert line("a new one").state == State.APPROVED
    assert public(client) == PAGES


def parts_to_sign(reading):
    """What the reading says of each part that is signed with it; a link as `name=address`."""
    panel = tight(reading.content.decode()).partition('id="unsigned-title">')[2]
    items = re.findall("<li>(.*?)</li>", panel.partition("</section>")[0])
    links = [re.sub(r'<a href="([^"]*)">([^<]*)</a>', r"\2=\1", item) for item in items]
    return [" ".join(re.sub("<[^>]+>", " ", item).split()) for item in links]


def test_who_signs_a_proposed_warning_with_a_page_reads_where_else_it_will_stand(signed):
    """With that signature it goes on each page of its areas, or on every page."""
    Condition.objects.update(state=State.DRAFT)
    page = Condition.objects.get()
    make_emergency_line(text="a new one", state=State.DRAFT)
    make_emergency_line(text="one more", areas=[make_area("neck")], level="urgent", state="draft")
    reviewer = signed_in(Reviewer.objects.get().user)
    reading = reviewer.get(f"/admin/conditions/condition/{page.pk}/approve/")

    chin, essay = Exercise.objects.get(), Article.objects.get()
    chin = f"{chin}=/admin/conditions/exercise/{chin.pk}/preview/"
    essay = f"{essay}=/admin/conditions/article/{essay.pk}/preview/"
    told = "On these approved pages too, once you sign; read it there:"
    assert parts_to_sign(reading) == [
        f"a new one (Draft) Stands on: every page {told}{chin};{essay}",
        f"one more (Draft) Stands on: Neck {told}{essay}",  # an exercise shows no urgent ones
    ]


def test_so_does_who_signs_it_by_itself(signed):
    make_emergency_line(text="a new one", areas=[make_area("neck")], state=State.DRAFT)
    row, boss = line("a new one"), editor(reviews=True)
    reading = boss.get(f"/admin/conditions/urgencyline/{row.pk}/approve/")
    named = [str(page) for page in reading.context["to_sign"].elsewhere]

    assert sorted(named) == sorted(states())
    for page in reading.context["to_sign"].elsewhere:
        assert f'/{page._meta.model_name}/{page.pk}/preview/">{page}</a>' in tight(
            reading.content.decode()
        )


def test_a_page_that_it_will_stand_on_since_it_was_read_is_to_be_read_first(signed):
    Condition.objects.update(state=State.DRAFT)
    Article.objects.update(state=State.DRAFT)
    make_emergency_line(text="a new one", state=State.DRAFT)
    page, boss = Condition.objects.get(), editor(reviews=True)
    path = f"/admin/conditions/condition/{page.pk}/approve/"
    read = boss.get(path).context["version"]
    Article.objects.update(state=State.APPROVED)
    came_back = boss.post(path, {"version": read})

    assert came_back.status_code == 409
    assert Condition.objects.get().state == State.DRAFT
    assert "Essay=" in parts_to_sign(came_back)[0]


def test_an_exercise_that_is_signed_with_one_page_is_named_on_the_other(signed):
    other = make_condition(slug="other", title="Other", areas=[make_area("neck")])
    other.exercises.add(Exercise.objects.get())
    Exercise.objects.update(state=State.DRAFT)
    (part,) = parts_to_sign(
        editor(reviews=True).get(f"/admin/conditions/condition/{other.pk}/approve/")
    )

    assert part.startswith("Chin tuck (Draft) On these approved pages too")
    pain = Condition.objects.get(slug="pain")
    assert part.endswith(f"Pain=/admin/conditions/condition/{pain.pk}/preview/")
