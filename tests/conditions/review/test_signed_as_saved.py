"""A reviewer rewords a part of signed pages, reads it where it stands, and signs as they save."""

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, User
from django.urls import reverse

from conditions.admin import signing
from conditions.models import (
    Article,
    Author,
    BodyArea,
    Citation,
    Condition,
    Content,
    Exercise,
    PainKind,
    PreventionTip,
    Reviewed,
    Reviewer,
    SafetyLine,
    Signature,
    Slugged,
    State,
    Testimonial,
    Treatment,
    UrgencyLine,
)
from conditions.models.base import kinds_of
from conditions.review.parts import pages_showing
from tests.conditions.builders import (
    TODAY,
    make_area,
    make_condition,
    make_draft_exercise,
    make_emergency_line,
    make_reviewer,
    make_treatment,
    put_on,
)
from tests.conditions.people import editor, signed_in
from tests.reading import said, tight
from tests.typed import fields_of

SHARED = [Author, BodyArea, Citation, Exercise, PainKind, PreventionTip, SafetyLine]
SHARED += [Testimonial, Treatment, UrgencyLine]
PAGES = ["/conditions/pain/", "/exercises/chin-tuck/", "/articles/essay/"]
READ = "Sign as I save: I have read it where it stands"


@pytest.fixture
def signed(db, settings, client):
    """A page of each kind, with a row of each kind that several may show; all read and signed."""
    settings.DEMO = False
    make_reviewer()
    neck = make_area("neck")
    make_emergency_line(text="general")
    make_emergency_line(text="of the neck", areas=[neck])
    SafetyLine.objects.create(kind="stop", text="it hurts")
    author = Author.objects.create(slug="ann", name="Ann", role="writer")
    condition = make_condition(areas=[neck], author=author, about="Much [@study].")
    condition.exercises.add(make_draft_exercise(area=neck, author=author))
    condition.tips.add(PreventionTip.objects.create(title="Walk", text="Often."))
    put_on(condition, make_treatment(neck="helps"), pain=["neck"])
    story = {"text": "It helped.", "shown_name": "J.", "consent_given_on": TODAY}
    Testimonial.objects.create(condition=condition, **story)
    article = Article.objects.create(slug="essay", title="Essay", summary="Move.", author=author)
    article.areas.add(neck)
    boss = editor(reviews=True)
    for page in (Exercise.objects.get(), article, condition):
        boss.post(address(page, "approve"))
    assert public(client) == PAGES
    return boss


def public(client):
    return [path for path in PAGES if client.get(path).status_code == 200]


def address(row, name="change"):
    return reverse(f"admin:conditions_{row._meta.model_name}_{name}", args=[row.pk])


def words_of(row):
    """The field that is typed anew."""
    return {Author: "role", Citation: "note"}.get(type(row)) or row.prose[-1]


def form_of(boss, row):
    response = boss.get(address(row))
    return response, fields_of(response, f"{row._meta.model_name}_form")


def reword(boss, row, **ticked):
    """Save the form of a row with other words, as it stands and with what is ticked."""
    typed = form_of(boss, row)[1] | {words_of(row): ["Other words."]} | ticked
    return boss.post(address(row), typed, follow=True)


def texts(rf, pages):
    """What each page says now, and what was signed of it last."""
    request = rf.get("/")
    request.user = AnonymousUser()
    return [(signing.lines(request, page), signing.last_signed(page)) for page in pages]


def test_the_kinds_are_all_that_several_pages_show(signed):
    """A new kind of part is one here too."""
    kinds = [kind for kind in kinds_of(Slugged) if kind in admin.site._registry]
    found = [kind for kind in kinds if pages_showing(kind._default_manager.all())]

    assert sorted(map(str, found)) == sorted(map(str, SHARED))


@pytest.mark.parametrize("kind", SHARED, ids=str)
def test_a_part_that_is_signed_with_its_saving_stays_where_it_stands(client, rf, signed, kind):
    row = kind._default_manager.first()
    pages, before = pages_showing([row]), Signature.objects.count()
    read = [page for page in pages if isinstance(page, Content)]
    told = said(reword(signed, row, signs_as_saved=["on"]))
    row.refresh_from_db()

    assert getattr(row, words_of(row)) == "Other words."
    assert public(client) == PAGES
    assert [page.state for page in pages_showing([row])] == [State.APPROVED] * len(pages)
    assert [now for now, kept in texts(rf, read) if now != kept] == []
    assert Signature.objects.count() == before + len(read) + issubclass(kind, Reviewed)
    assert getattr(row, "state", State.APPROVED) == State.APPROVED
    where = ", ".join(map(str, pages))
    assert f"You signed “{row}” where it stands: {where}." in told


@pytest.mark.parametrize("kind", SHARED, ids=str)
def test_the_form_names_each_page_with_its_preview_and_what_comes_without(signed, kind):
    row = kind._default_manager.first()
    pages = pages_showing([row])
    response, typed = form_of(signed, row)
    html = tight(response.content.decode())
    leaves = "takes these pages from the site until a clinician has signed it" in html

    assert READ in html
    assert response.context["stands_on"] == pages
    assert [page for page in pages if f'<a href="{preview(page)}">{page}</a>' not in html] == []
    assert leaves == issubclass(kind, Reviewed)
    assert "signs_as_saved" not in typed  # nobody signs by leaving a form as it is


def preview(page):
    return address(page, "preview" if isinstance(page, Content) else "approve")


@pytest.mark.parametrize("kind", SHARED, ids=str)
def test_without_the_tick_what_the_form_said_comes(client, rf, signed, kind):
    row = kind._default_manager.first()
    before = Signature.objects.count()
    reword(signed, row)

    assert (public(client) == PAGES) != issubclass(kind, Reviewed)
    assert Signature.objects.count() == before


def test_who_signs_nothing_is_not_asked_and_signs_nothing(client, signed):
    tip = PreventionTip.objects.get()
    Condition.objects.update(state=State.DRAFT)
    Reviewer.objects.update(user=User.objects.get(username="rita"))
    response, typed = form_of(signed, tip)
    before = Signature.objects.count()
    ticked = {"signs_as_saved": ["on"], "named_pages": ["{}"], "text": ["Other words."]}
    signed.post(address(tip), typed | ticked)
    tip.refresh_from_db()

    assert READ not in response.content.decode()
    assert (tip.text, Signature.objects.count()) == ("Other words.", before)


def test_pages_that_wait_for_a_reworded_part_are_public_again_with_the_tick(client, signed):
    line = UrgencyLine.objects.get(text="general")
    reword(signed, line)
    line.refresh_from_db()
    waiting, html = public(client), form_of(signed, line)[0].content.decode()
    typed = form_of(signed, line)[1] | {"signs_as_saved": ["on"], "text": ["Better words."]}
    signed.post(address(line), typed)

    assert (waiting, public(client)) == ([], PAGES)
    assert "these pages wait on for a clinician who does" in html


def test_a_page_that_the_form_did_not_name_brings_it_back(client, signed):
    line = UrgencyLine.objects.get(text="of the neck")
    back = make_condition(slug="back", title="Back", areas=[make_area("back")])
    signed.post(address(back, "approve"))
    typed = form_of(signed, line)[1] | {"signs_as_saved": ["on"], "text": ["Other words."]}
    both = [str(make_area(slug).pk) for slug in ("neck", "back")]
    came_back = signed.post(address(line), typed | {"areas": both})
    line.refresh_from_db()
    stands = (line.text, line.state, list(line.areas.all()))
    again = fields_of(came_back, "urgencyline_form")
    signed.post(address(line), again | {"signs_as_saved": ["on"]})
    line.refresh_from_db()

    assert came_back.status_code == 409
    assert "the form did not show that it stands like this on “Back”" in came_back.content.decode()
    assert stands == ("of the neck", State.APPROVED, [make_area("neck")])
    assert [str(page) for page in came_back.context["stands_on"]] == [
        "Chin tuck",
        "Essay",
        "Pain",
        "Back",
    ]
    assert ("signs_as_saved" in again, again["text"]) == (False, ["Other words."])
    assert (line.text, line.state, line.areas.count()) == ("Other words.", State.APPROVED, 2)


def test_a_page_that_was_changed_and_signed_meanwhile_is_read_again(client, signed):
    tip = PreventionTip.objects.get()
    typed = form_of(signed, tip)[1] | {"signs_as_saved": ["on"], "text": ["Other words."]}
    Condition.objects.update(about="Something else.")
    came_back = signed.post(address(tip), typed)

    assert (came_back.status_code, PreventionTip.objects.get().text) == (409, "Often.")
    assert "it stands like this on “Pain”" in came_back.content.decode()


def test_the_second_to_save_signs_nothing_of_what_the_first_wrote(client, signed):
    line = UrgencyLine.objects.get(text="general")
    typed = form_of(signed, line)[1] | {"signs_as_saved": ["on"], "text": ["Mine."]}
    reword(signed, line, signs_as_saved=["on"])
    before = Signature.objects.count()
    came_back = signed.post(address(line), typed)
    line.refresh_from_db()

    assert (came_back.status_code, line.text) == (409, "Other words.")
    assert Signature.objects.count() == before


def test_a_double_click_signs_once(client, signed):
    line = UrgencyLine.objects.get(text="general")
    typed = form_of(signed, line)[1] | {"signs_as_saved": ["on"], "text": ["Other words."]}
    codes = [signed.post(address(line), typed).status_code for _click in range(2)]

    assert codes == [302, 302]
    assert Signature.objects.filter(model="urgencyline", slug=line.slug).count() == 1


def test_a_part_is_not_signed_while_one_of_its_own_waits(client, signed):
    """The warning stands on the page of the exercise too."""
    exercise = Exercise.objects.get()
    typed = form_of(signed, exercise)[1] | {"signs_as_saved": ["on"], "easier": ["Other words."]}
    UrgencyLine.objects.filter(text="of the neck").update(state=State.EXAMPLE)
    came_back = signed.post(address(exercise), typed)
    exercise.refresh_from_db()

    assert (came_back.status_code, exercise.easier) == (409, "")
    assert "nobody has signed “of the neck”: sign that first" in came_back.content.decode()
    assert exercise.state == State.APPROVED


def test_what_others_wrote_unsigned_stays_marked_as_new(client, rf, signed):
    """The tick is of this part alone, and a page keeps what else nobody has signed."""
    reword(signed, Treatment.objects.get())
    reword(signed, PreventionTip.objects.get(), signs_as_saved=["on"])
    ((now, kept),) = texts(rf, [Condition.objects.get()])

    assert "Other words." in " ".join(set(now) - set(kept))
    assert public(client) == PAGES


def test_a_part_that_leaves_a_page_takes_its_signature_though_it_is_signed(client, signed):
    line = UrgencyLine.objects.get(text="of the neck")
    typed = form_of(signed, line)[1] | {"signs_as_saved": ["on"]}
    signed.post(address(line), typed | {"areas": [str(make_area("knee").pk)]})
    line.refresh_from_db()

    assert (line.state, public(client)) == (State.APPROVED, [])
    assert Condition.objects.get().state == State.DRAFT


def test_the_signature_names_who_ticked_and_the_log_who_saved(client, signed):
    line = UrgencyLine.objects.get(text="general")
    other = make_reviewer(user=User.objects.get(username="rita"), name="Rea Poe", licence="NY 7")
    other.user.groups.add(Group.objects.get(name="Editor"))
    reword(signed_in(other.user), line, signs_as_saved=["on"])
    line.refresh_from_db()
    kept = Signature.objects.order_by("-pk")[:4]
    log = LogEntry.objects.get_for_object(line).filter(actor=other.user)

    assert (line.reviewer, line.reviewed_licence) == (other, "NY 7")
    assert {(each.reviewed_by, each.reviewed_licence) for each in kept} == {(str(other), "NY 7")}
    assert "Other words." in str([entry.changes for entry in log])
    assert Condition.objects.get().reviewer != other  # the page goes on under its own
