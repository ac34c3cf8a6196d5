"""Staff choose exercises, treatments, tips and kinds of pain by the part of the body."""

import pytest
from django import forms
from django.contrib import admin

from conditions.admin.pickers import LOADED, OneByArea, SomeByArea
from conditions.models import PreventionTip, Treatment
from tests.conditions.builders import make_area, make_condition, make_exercise, make_kind
from tests.staff import Browser

ADMIN = "/admin/conditions"


@pytest.fixture
def manager(admin_user):
    client = Browser()
    client.force_login(admin_user)
    return client


@pytest.fixture
def library(db):
    """Two areas; for each an exercise, a treatment and a tip, and one of each that none shows."""
    for place, slug in enumerate(["neck", "knee"]):  # from head to foot
        area = make_area(slug, title=slug.title(), order=place)
        page = make_condition(slug=slug, areas=[area])
        page.exercises.add(make_exercise(f"{slug}-move", title=f"{slug} move", area=area))
        page.treatments.add(Treatment.objects.create(slug=slug, title=f"{slug} care"))
        page.tips.add(PreventionTip.objects.create(slug=slug, title=f"{slug} tip"))
        make_kind(slug, areas=[area])
    Treatment.objects.create(slug="new", title="new care")
    PreventionTip.objects.create(slug="new", title="new tip")


def groups(client, path, name):
    """The choices of a picker, by the heading that they stand under."""
    field = client.get(path).context["adminform"].form.fields[name]
    return [(group, [label for _value, label in rows]) for group, rows in field.choices if group]


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("condition", "tips", [("Neck", ["neck tip"]), ("Knee", ["knee tip"])]),
        ("condition", "pain_kinds", [("Neck", ["neck pain"]), ("Knee", ["knee pain"])]),
        ("article", "exercises", [("Neck", ["neck move"]), ("Knee", ["knee move"])]),
        ("article", "tips", [("Neck", ["neck tip"]), ("Knee", ["knee tip"])]),
        ("exercise", "related", [("Neck", ["neck move"]), ("Knee", ["knee move"])]),
        ("safetyline", "exercise", [("Neck", ["neck move"]), ("Knee", ["knee move"])]),
    ],
)
def test_pickers_are_grouped_by_area(manager, library, path, name, expected):
    rest = [("Of no body area yet", ["new tip"])] if name == "tips" else []

    assert groups(manager, f"{ADMIN}/{path}/add/", name) == expected + rest


@pytest.mark.parametrize(
    ("path", "below", "name", "expected"),
    [
        ("condition", "uses", "exercise", [("Neck", ["neck move"]), ("Knee", ["knee move"])]),
        ("treatment", "evidence", "pain", [("Neck", ["neck pain"]), ("Knee", ["knee pain"])]),
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


def shown_pickers(client, model):
    """Of a form and of what stands below it: the fields that choose rows, by name."""
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
    context = client.get(path).context
    below = [each.formset.empty_form for each in context["inline_admin_formsets"]]
    for form in [context["adminform"].form, *below]:
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                yield f"{form._meta.model.__name__}.{name}", field


def test_no_picker_of_what_has_an_area_is_left_plain(manager, library):
    addable = [kind for kind in admin.site._registry if kind._meta.app_label == "conditions"]
    found = {
        name: isinstance(field, OneByArea | SomeByArea)
        for model in addable
        for name, field in shown_pickers(manager, model)
        if field.queryset.model in LOADED
    }

    assert found == dict.fromkeys(
        [
            *("Article.exercises", "Article.tips", "Condition.pain_kinds", "Condition.tips"),
            *("ConditionExercise.exercise", "ConditionTreatment.treatment", "Evidence.pain"),
            *("Exercise.related", "SafetyLine.exercise"),
        ],
        True,
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *(("article", "exercises"), ("condition", "tips"), ("condition", "areas")),
        *(("condition", "pain_kinds"), ("painkind", "areas")),
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
