"""Staff choose exercises, treatments, tips and kinds of pain by the part of the body."""

import pytest
from django import forms
from django.contrib import admin

from conditions.admin.pickers import OneByArea, SomeByArea
from conditions.models import Article, BodyArea, Cause, PreventionTip, Treatment
from tests.conditions import people
from tests.conditions.builders import make_area, make_condition, make_exercise, make_kind

ADMIN = "/admin/conditions"


@pytest.fixture
def manager(admin_user):
    return people.signed_in(admin_user)


@pytest.fixture
def library(db):
    """Two areas; for each an exercise, a treatment and a tip, and one of each that none shows."""
    for place, slug in enumerate(["neck", "knee"]):  # from head to foot
        area = make_area(slug, title=slug.title(), order=place)
        page = make_condition(slug=slug, title=f"{slug} page", areas=[area], order=place)
        Cause.objects.create(condition=page, group="common", title="A fall", order=9 - place)
        Article.objects.create(slug=slug, title=f"{slug} essay", order=place).areas.add(area)
        page.exercises.add(make_exercise(f"{slug}-move", title=f"{slug} move", area=area))
        page.treatments.add(Treatment.objects.create(slug=slug, title=f"{slug} care"))
        page.tips.add(PreventionTip.objects.create(slug=slug, title=f"{slug} tip"))
        make_kind(slug, areas=[area])
    Treatment.objects.create(slug="new", title="new care")
    PreventionTip.objects.create(slug="new", title="new tip")


def of_each(what):
    """One row for either area, by its heading."""
    return [("Neck", [f"neck {what}"]), ("Knee", [f"knee {what}"])]


def groups(client, path, name):
    """The choices of a picker, by the heading that they stand under."""
    field = client.get(path).context["adminform"].form.fields[name]
    return [(group, [label for _value, label in rows]) for group, rows in field.choices if group]


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("condition", "tips", of_each("tip")),
        ("condition", "pain_kinds", of_each("pain")),
        ("condition", "related_conditions", of_each("page")),
        ("condition", "related_articles", of_each("essay")),
        ("article", "causes", of_each("page: A fall")),
        ("article", "related", of_each("essay")),
        ("urgencyline", "condition", of_each("page")),
        ("testimonial", "condition", of_each("page")),
        ("article", "exercises", of_each("move")),
        ("article", "tips", of_each("tip")),
        ("exercise", "related", of_each("move")),
        ("safetyline", "exercise", of_each("move")),
    ],
)
def test_pickers_are_grouped_by_area(manager, library, path, name, expected):
    rest = [("Of no body area yet", ["new tip"])] if name == "tips" else []

    assert groups(manager, f"{ADMIN}/{path}/add/", name) == expected + rest


@pytest.mark.parametrize(
    ("path", "below", "name", "expected"),
    [
        ("condition", "uses", "exercise", of_each("move")),
        ("condition", "causes", "explained_by", of_each("page")),
        ("treatment", "evidence", "pain", of_each("pain")),
        (
            "condition",
            "treatment_uses",
            "treatment",
            [
                ("Neck", ["neck care"]),
                ("Knee", ["knee care"]),
                ("Of no body area yet", ["new care"]),
            ],
        ),
    ],
)
def test_pickers_below_a_row_are_grouped_by_area(manager, library, path, below, name, expected):
    shown = manager.get(f"{ADMIN}/{path}/add/").context["inline_admin_formsets"]
    [formset] = [each.formset for each in shown if each.formset.prefix == below]
    choices = formset.empty_form.fields[name].choices

    found = [(group, [label for _value, label in rows]) for group, rows in choices if group]
    assert found == expected


def names_an_area(kind):
    """Whether rows of that kind say themselves which parts of the body they belong to."""
    return any(
        field.related_model is BodyArea for field in kind._meta.get_fields() if of_row(field)
    )


def of_row(field):
    return (field.many_to_one or field.many_to_many) and not field.auto_created


def has_area(kind):
    """Whether rows of that kind have an area: of their own, of their page or of pages with them."""
    below = getattr(kind, "part_of", "") and kind._meta.get_field(kind.part_of).related_model
    pages = [each.related_model for each in kind._meta.related_objects if each.many_to_many]
    known = kind is not BodyArea and any(map(names_an_area, [kind, *pages]))
    return known or bool(below and names_an_area(below))


def pickers(its, request):
    """Of a form of the admin and of what stands below it: the fields that choose rows, by name.
    None where nobody adds or changes a row.
    """
    if not (its.has_add_permission(request) or its.has_change_permission(request)):
        return
    below = [each.form for each, _inline in its.get_formsets_with_inlines(request)]
    for form in [its.get_form(request), *below]:
        for name, field in form.base_fields.items():
            if isinstance(field, forms.ModelChoiceField):
                yield f"{form._meta.model.__name__}.{name}", field


def test_no_picker_of_what_has_an_area_is_left_plain(admin_user, rf):
    request = rf.get("/admin/")
    request.user = admin_user
    every = [each for its in admin.site._registry.values() for each in pickers(its, request)]
    found = {
        name: isinstance(field, OneByArea | SomeByArea)
        for name, field in every
        if has_area(field.queryset.model)
    }

    assert (len(every) > len(found), found) == (
        True,
        dict.fromkeys(
            [
                *("Article.causes", "Article.exercises", "Article.related", "Article.tips"),
                *("Cause.explained_by", "Condition.pain_kinds", "Condition.related_articles"),
                *("Condition.related_conditions", "Condition.tips", "ConditionExercise.exercise"),
                *("ConditionTreatment.treatment", "Evidence.pain", "Exercise.related"),
                *("SafetyLine.exercise", "Testimonial.condition", "Therapist.treats"),
                "UrgencyLine.condition",
            ],
            True,
        ),
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *(("article", "exercises"), ("condition", "tips"), ("condition", "areas")),
        *(("condition", "pain_kinds"), ("painkind", "areas"), ("article", "causes")),
        *(("condition", "related_conditions"), ("condition", "related_articles")),
    ],
)
def test_what_is_chosen_is_boxes_to_tick(manager, library, path, name):
    html = manager.get(f"{ADMIN}/{path}/add/").content.decode()

    assert f'<input type="checkbox" name="{name}"' in html
    assert f'<select name="{name}"' not in html


def test_what_a_colleague_chose_meanwhile_is_told_by_name(manager, library):
    page = make_condition(slug="hip", areas=[make_area("neck")])
    path = f"{ADMIN}/condition/{page.pk}/change/"
    page.tips.add(PreventionTip.objects.get(slug="knee"))
    told = manager.post(path, {"title": "Hip", "seen": "{}"}).context["meanwhile"]

    assert [(row.now, row.typed) for row in told if row.label == "Prevention tips"] == [
        ("knee tip", "")
    ]


@pytest.mark.parametrize(("model", "rows"), [("exercise", 1), ("condition", 1), ("urgencyline", 0)])
def test_lists_can_be_narrowed_to_an_area(manager, library, model, rows):
    area = make_area("neck")
    name = "area__id__exact" if model == "exercise" else "areas__id__exact"
    response = manager.get(f"{ADMIN}/{model}/", {name: area.pk})

    assert (response.status_code, response.context["cl"].result_count) == (200, rows)
