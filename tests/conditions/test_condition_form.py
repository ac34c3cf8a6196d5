"""The form of a condition stands as its page does, and says what to write where."""

import re

import pytest
from django.contrib import admin

from conditions.admin.blank_rows import BlankRows, RowForm
from conditions.models import (
    Article,
    Cause,
    Condition,
    ConditionPicture,
    PreventionTip,
    UrgencyLine,
)
from tests.conditions import people
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_exercise,
    make_picture,
    make_treatment,
    put_on,
)
from tests.typed import fields_of

ADD = "/admin/conditions/condition/add/"
# In the order of the page: the field of the form, whose word on the page is "xq" and the letters
# of its name.
IN_SHORT = ["what_it_is", "feels_in_short", "what_helps", "gets_better", "do_today"]
TEXTS = ["title", "summary", "warning_lead", *IN_SHORT, "not_for_therapy", "do_now"]
TEXTS += ["medical_name", "about", "feels_like", "causes_text", "therapy", "first_visit"]
TEXTS += ["evidence_text", "treatments_text", "does_not_help", "prevention_text"]
IN_ORDER = [
    *("title", "summary", "warning_lead", "urgency_lines-0-text", *IN_SHORT, "pictures-0-alt"),
    *("not_for_therapy", "do_now", "uses-0-caution", "medical_name", "about", "feels_like"),
    *("causes_text", "causes-0-title", "therapy", "first_visit", "evidence_text"),
    "treatments_text",
    *("treatment_uses-0-verdict", "does_not_help", "prevention_text", "tips"),
    *("related_conditions", "related_articles"),
]
TYPED = {"title": "Ache", "slug": "ache", "name_in_text": "ache", "summary": "It aches."}
TYPED |= {"about": "Much."}


def word(field):
    return "xq" + "".join(re.findall("[a-z]", field))


@pytest.fixture
def editor(db):
    return people.editor()


@pytest.fixture
def filled(db):
    """A condition in which each part of the page has a word of its own."""
    page = make_condition(**{name: word(name) for name in TEXTS})
    make_emergency_line(condition=page, text=word("urgency_lines-0-text"))
    page.exercises.add(make_exercise("bridge"))
    page.uses.update(caution=word("uses-0-caution"))
    make_picture(ConditionPicture, condition=page, alt=word("pictures-0-alt"))
    Cause.objects.create(condition=page, group="common", title=word("causes-0-title"))
    said = word("treatment_uses-0-verdict")
    put_on(page, make_treatment(acute="helps"), said, pain=["acute"])
    page.tips.add(PreventionTip.objects.create(slug="tip", title=word("tips")))
    other = {"slug": "other", "title": word("related_conditions"), "state": "example"}
    page.related_conditions.add(make_condition(**other))
    essay = {"slug": "essay", "title": word("related_articles"), "summary": "Read."}
    page.related_articles.add(Article.objects.create(**essay))
    return page


def path(row, name):
    return f"/admin/conditions/condition/{row.pk}/{name}/"


def first_seen(pattern, html):
    """What the pattern finds, each where it stands first."""
    return list(dict.fromkeys(re.findall(pattern, html)))


def test_sections_and_rows_stand_in_the_order_of_the_page(editor, filled):
    preview = editor.get(path(filled, "preview")).content.decode()
    form = editor.get(path(filled, "change")).content.decode()
    shown = first_seen(r"\bxq[a-z]+", re.search("<article>.*</article>", preview, re.DOTALL)[0])
    fields = first_seen(r'name="([\w-]+)"', form)

    assert shown == [word(name) for name in IN_ORDER]
    assert [name for name in fields if name in IN_ORDER] == IN_ORDER


def test_no_row_of_the_form_is_lost_between_its_sections(editor, filled):
    response = editor.get(path(filled, "change"))
    every = [each.formset.prefix for each in response.context["inline_admin_formsets"]]
    totals = first_seen(r'name="([a-z_]+)-TOTAL_FORMS"', response.content.decode())

    assert sorted(totals) == sorted(every)


def test_every_text_of_the_page_has_an_example_beside_it(editor, filled):
    context = editor.get(ADD).context
    forms = [(Condition, context["adminform"].form)]
    below = context["inline_admin_formsets"]
    forms += [(each.formset.model, each.formset.empty_form) for each in below]
    told = {
        f"{kind.__name__}.{name}": str(form.fields[name].help_text)
        for kind, form in forms
        for name in kind.prose
    }

    # What a picture shows has its example in quotation marks, as on every form of pictures.
    without = {name for name, text in told.items() if "For example" not in text}
    assert without == {"ConditionPicture.alt"}
    assert len(told) > 15


def test_six_fields_make_a_page_and_all_others_may_stay_empty(editor, db):
    form = editor.get(ADD).context["adminform"].form
    asked = {name for name, field in form.fields.items() if field.required}
    typed = fields_of(editor.get(ADD), "condition_form") | TYPED | {"areas": make_area().pk}
    response = editor.post(ADD, typed)

    assert asked == {*TYPED, "areas", "order"}
    assert (response.status_code, Condition.objects.get().title) == (302, "Ache")


def test_rows_are_added_without_a_script(editor, db):
    area = make_area()
    fields = fields_of(editor.get(ADD), "condition_form")
    number = {name: int(fields[f"{name}-TOTAL_FORMS"][0]) for name in ("causes", "uses")}
    typed = {"areas": area.pk, "causes-0-group": "common", "causes-0-title": "A fall"}
    editor.post(ADD, fields | TYPED | typed)
    page = Condition.objects.get()
    later = fields_of(editor.get(path(page, "change")), "condition_form")

    assert number == {"causes": 3, "uses": 2}
    assert [cause.title for cause in page.causes.all()] == ["A fall"]
    assert later["causes-TOTAL_FORMS"] == ["2"]


def test_a_blank_row_whose_place_alone_changed_stays_blank(editor, filled):
    typed = fields_of(editor.get(path(filled, "change")), "condition_form")
    places = {name: ["40"] for name in typed if name.endswith("-1-order")}
    response = editor.post(path(filled, "change"), typed | places)

    assert (response.status_code, len(places)) == (302, 5)
    assert [Cause.objects.count(), UrgencyLine.objects.count()] == [1, 1]


@pytest.mark.parametrize(
    "kind",
    [
        row
        for its in admin.site._registry.values()
        if its.model._meta.app_label == "conditions"
        for row in its.inlines
    ],
    ids=lambda kind: kind.__name__,
)
def test_every_kind_of_row_can_be_added_without_a_script(kind):
    assert (issubclass(kind, BlankRows), kind.extra) == (True, 1)
    assert issubclass(kind.form, RowForm)
