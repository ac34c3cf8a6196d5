"""What content pages tell machines: the same as they tell people."""

import json
import re
from html import unescape

import pytest
from django.template import Context, Template

from conditions.models import (
    Article,
    Condition,
    ConditionTreatment,
    Evidence,
    Exercise,
    State,
)
from conditions.pages import structured
from tests.conditions.builders import (
    TODAY,
    add_evidence,
    make_area,
    make_condition,
    make_reviewer,
    make_treatment,
    put_on,
)

BASE = "http://127.0.0.1:8000"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PAGES = [
    "/conditions/back-pain/",
    "/conditions/back-surgery-rehab/",
    "/articles/physical-therapy-for-back-pain/",
    "/articles/aquatic-therapy/",
    "/exercises/bird-dog/",
    "/exercises/piriformis-stretch/",
]
ADDRESSES_AND_CODES = {"@context", "@type", "@id", "url", "item", "inLanguage", "unitCode"}


def told(client, path):
    """The structured data of a page, and its visible text."""
    html = client.get(path).content.decode()
    [block] = BLOCK.findall(html)
    body = html[html.index("<body") :]
    words = unescape(re.sub(r"<sup.*?</sup>|<[^>]+>", "", body))
    return json.loads(block), " ".join(words.split())


def texts(value):
    """Every text for people in structured data, however deep."""
    if isinstance(value, dict):
        inner = [v for key, v in value.items() if key not in ADDRESSES_AND_CODES]
        return [text for each in inner for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


def types(value):
    if isinstance(value, dict):
        own = {value["@type"]} if "@type" in value else set()
        return own.union(*(types(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(types(each) for each in value))
    return set()


def crumbs(*pairs):
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": BASE + path}
            for n, (name, path) in enumerate(pairs, start=1)
        ],
    }


def make_exercise(**fields):
    known = {
        "slug": "bridge",
        "title": "Bridge",
        "summary": "Lift. [@study]",
        "area": make_area(),
        "start_position": "Lie.",
        "felt_where": "Back",
        "picture_text": "Lifting",
        "state": State.EXAMPLE,
    }
    return Exercise.objects.create(**known | fields)


def add_treatment(condition, title, *verdicts, group="offered"):
    treatment = make_treatment(title)
    for n, verdict in enumerate(verdicts):
        add_evidence(treatment, "any", verdict, source=f"study-{n}")
    return put_on(condition, treatment, f"{title}?", pain=["any"], group=group)


def loaded(condition):
    return Condition.objects.with_parts().get(pk=condition.pk)


def test_condition_is_a_page_about_a_condition_without_the_plans_of_exercises(db, demo):
    condition = make_condition(medical_name="Dolor", state=State.EXAMPLE)
    condition.exercises.add(
        make_exercise(repetitions_min=3, repetitions_max=5, sets=2, times_a_day=1)
    )
    add_treatment(condition, "Heat", "helps", "unknown")

    assert structured.of_condition(loaded(condition)) == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "MedicalWebPage",
                "url": f"{BASE}/conditions/pain/",
                "name": "Pain",
                "description": "It hurts.",
                "inLanguage": "en-us",
                "about": {"@id": f"{BASE}/conditions/pain/#condition"},
            },
            {
                "@type": "MedicalCondition",
                "@id": f"{BASE}/conditions/pain/#condition",
                "name": "Pain",
                "alternateName": "Dolor",
                "description": "It hurts.",
                "possibleTreatment": [{"@type": "MedicalTherapy", "name": "Heat"}],
            },
            crumbs(("Home", "/"), ("Conditions", "/conditions/"), ("Pain", "/conditions/pain/")),
        ],
    }


def test_exercise_is_a_page_about_a_plan_with_its_dose(db):
    exercise = make_exercise(
        hold_seconds=30, duration_seconds=60, days_a_week=3, weeks=4, weeks_max=6
    )

    assert structured.of_exercise(exercise) == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "MedicalWebPage",
                "url": f"{BASE}/exercises/bridge/",
                "name": "Bridge",
                "description": "Lift.",
                "inLanguage": "en-us",
                "about": {"@id": f"{BASE}/exercises/bridge/#exercise"},
            },
            {
                "@type": "ExercisePlan",
                "@id": f"{BASE}/exercises/bridge/#exercise",
                "url": f"{BASE}/exercises/bridge/",
                "name": "Bridge",
                "additionalVariable": (
                    "Hold for 30 seconds, for 60 seconds in all, 3 days a week, for 4 to 6 weeks."
                ),
                "activityDuration": {
                    "@type": "QuantitativeValue",
                    "value": 60,
                    "unitCode": "SEC",
                },
                "activityFrequency": "3 days a week, for 4 to 6 weeks",
            },
            crumbs(("Home", "/"), ("Exercises", "/exercises/"), ("Bridge", "/exercises/bridge/")),
        ],
    }


def test_article_names_only_the_exercises_its_sections_show(db, demo):
    article = Article.objects.create(
        slug="essay", title="Essay", summary="About.", state=State.EXAMPLE
    )
    article.sections.create(heading="Low back", followed_by="exercises", area=make_area())
    article.exercises.add(
        make_exercise(repetitions_min=1),
        make_exercise(slug="roll", title="Roll", area=make_area("neck"), repetitions_min=1),
    )

    [page, trail] = structured.of_article(Article.objects.with_parts().get())["@graph"]

    assert [plan["@id"] for plan in page["hasPart"]] == [f"{BASE}/exercises/bridge/#exercise"]
    assert trail == crumbs(("Home", "/"), ("Articles", "/articles/"), ("Essay", "/articles/essay/"))


@pytest.mark.parametrize("name", ["conditions", "articles", "exercises"])
def test_list_names_the_way_to_it(content, client, name):
    data, _ = told(client, f"/{name}/")

    assert data["@graph"] == [crumbs(("Home", "/"), (name.title(), f"/{name}/"))]


def test_review_is_named_once_a_clinician_signed(db):
    signed = {
        "reviewer": make_reviewer(),
        "reviewed_by": "Rita Roe, PT, DPT",
        "reviewed_licence": "NY 012345",
        "reviewed_on": TODAY,
        "next_review_due": TODAY.replace(year=2027),
    }
    page = make_condition(state=State.APPROVED, **signed)
    review = {
        "lastReviewed": "2026-11-22",
        "reviewedBy": {"@type": "Person", "name": "Rita Roe, PT, DPT"},
    }
    approved = structured.web_page(page)

    page.state = State.EXAMPLE

    assert structured.web_page(page) == {k: v for k, v in approved.items() if k not in review}
    assert {k: v for k, v in approved.items() if k in review} == review


VERDICTS = Evidence.Verdict.values


@pytest.mark.parametrize("group", ConditionTreatment.Group.values)
@pytest.mark.parametrize("first", VERDICTS)
@pytest.mark.parametrize("second", VERDICTS)
def test_a_treatment_is_possible_where_a_source_is_for_it_and_none_against(
    db, group, first, second
):
    condition = make_condition()
    add_treatment(condition, "Heat", first, second, group=group)

    told = structured.medical_condition(loaded(condition)).get("possibleTreatment", [])

    good = {first, second} & {"helps", "may-help"}
    advised = group == "offered" and good and "not-recommended" not in (first, second)
    assert [row["name"] for row in told] == (["Heat"] if advised else [])


def test_shipped_treatments_are_told_without_those_not_advised(content, client):
    data, _ = told(client, "/conditions/back-pain/")
    [condition] = [node for node in data["@graph"] if node["@type"] == "MedicalCondition"]

    assert [row["name"] for row in condition["possibleTreatment"]] == [
        "Stretches and exercises",
        "Joint mobilization",
        "Massage therapy",
        "Spinal manipulation",
        "Ice and heat",
    ]


@pytest.mark.parametrize("path", PAGES)
def test_machines_are_told_what_people_read(content, client, path):
    data, visible = told(client, path)

    assert [text for text in texts(data) if text not in visible] == []


def test_text_that_people_do_not_read_is_found(content, client):
    _, visible = told(client, PAGES[0])

    assert [t for t in texts({"name": "Miracle cure", "url": "x"}) if t not in visible] == [
        "Miracle cure"
    ]


def test_pages_are_of_no_other_type(content, client):
    assert set().union(*(types(told(client, path)[0]) for path in PAGES)) == {
        "BreadcrumbList",
        "ExercisePlan",
        "ListItem",
        "MedicalCondition",
        "MedicalTherapy",
        "MedicalWebPage",
        "Person",
        "QuantitativeValue",
    }


def test_text_cannot_break_out_of_the_data_block():
    nasty = {"name": "</script><script>alert(1)</script><!-- & \u2028 é"}

    html = Template("{% load structured %}{% json_ld data %}").render(Context({"data": nasty}))

    [block] = BLOCK.findall(html)
    assert re.findall(r"[<>&\u2028]", block) == []
    assert json.loads(block) == nasty


def test_page_without_data_has_no_data_block():
    html = Template("{% load structured %}{% json_ld data %}").render(Context({}))

    assert html == ""
