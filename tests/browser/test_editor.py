"""A page about the neck, from nothing to public: whoever makes and signs it uses the admin alone.

Its texts are made up and say nothing; each is as long as the shipped texts of its kind are in the
middle, so that the time of typing is told as it is (see `model_time`). The two exercises are in the
library already, as drafts, and are signed with the page: a reader finds them on it and alone.
"""

import re
import sys

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

from conditions.models import Condition, ConditionTreatment, Exercise, State, UrgencyLine
from tests import shipped
from tests.axe import violations_in_both_schemes
from tests.browser.looks import PAGE_IS_WIDER
from tests.browser.model_time import Worker
from tests.conditions.builders import make_area, make_exercise, make_reviewer, sign

PUBLIC = "/conditions/neck-pain/"
SENTENCE, TITLE, LINE, CAUTION, SUMMARY, ABOUT = 70, 16, 58, 32, 142, 921  # letters
MOST_SECONDS = 600
CHANGE = "#content-main .model-condition"
LEVELS = ["Emergency: call 911"] * 2 + ["Urgent: call a doctor today"] * 2
LINES, CAUSES = ["line one", "line two", "line three", "line four"], ["one", "two", "three"]
MOVES = {"Turn the head": "Now", "Nod": "Later"}


def filled(start: str, length: int) -> str:
    """A text of that length which means nothing."""
    return f"{start} {'made up ' * length}"[:length].strip()


@pytest.fixture
def library(site, settings):
    """A live clinic with all that ships, and two exercises of the neck that wait for a page."""
    settings.DEMO = False
    shipped.load()
    for title in MOVES:
        slug = title.lower().replace(" ", "-")
        make_exercise(slug, title=title, state="draft", area=make_area("head-neck"))
    return site


@pytest.fixture
def staff(library, new_page):
    """Open the admin as a member of a group: `staff("Editor")`."""

    def start(group: str, name: str) -> Worker:
        user = User.objects.create_user(name, is_staff=True)
        user.groups.set([Group.objects.get(name=group)])
        client = Client()
        client.force_login(user)
        page = new_page(base_url=library.url)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": library.url}])
        page.goto("/admin/")
        return Worker(page)

    return start


def make_the_page(editor: Worker) -> None:
    """From the first page of the admin to the saved form."""
    page = editor.page
    editor.go(page.locator(f"{CHANGE} .addlink"))
    editor.write("title", "Neck pain")
    editor.write("name_in_text", "neck pain")
    editor.tick("Head and neck")
    editor.write("summary", filled("summary", SUMMARY))
    editor.write("warning_lead", "neck pain")
    for row, (level, text) in enumerate(zip(LEVELS, LINES, strict=True)):
        if row == 3:
            editor.click(page.locator("#urgency_lines-group .add-row a"))
        editor.choose(f"urgency_lines-{row}-level", level)
        editor.write(f"urgency_lines-{row}-text", filled(text, LINE))
    for row, (title, phase) in enumerate(MOVES.items()):
        editor.choose(f"uses-{row}-exercise", title)
        editor.choose(f"uses-{row}-phase", phase)
        editor.write(f"uses-{row}-caution", filled(f"caution {row}", CAUTION))
    editor.write("about", filled("about", ABOUT))
    for row, number in enumerate(CAUSES):
        editor.choose(f"causes-{row}-group", "Common causes")
        editor.write(f"causes-{row}-title", filled(f"cause {number}", TITLE))
        editor.write(f"causes-{row}-text", filled(f"text {number}", SENTENCE))
    editor.go(page.locator("[name=_continue]"))


def name_the_reviewer(manager: Worker) -> None:
    page = manager.page
    manager.go(page.locator("#content-main .model-reviewer .addlink"))
    manager.choose("user", "rita")
    manager.write("name", "Rita Roe")
    manager.write("credentials", "PT, DPT")
    manager.write("licence", "NY 012345")
    manager.go(page.locator("[name=_save]"))


def sign_the_page(reviewer: Worker) -> str:
    """Read it with its parts and sign it; returns what there was to read."""
    page = reviewer.page
    reviewer.go(page.locator(f"{CHANGE} a:not(.addlink)"))
    reviewer.go(page.get_by_role("link", name="Neck pain", exact=True))
    reviewer.go(page.get_by_role("link", name="Read it with its parts and sign it off"))
    read = page.locator("#content").inner_text()
    reviewer.go(page.get_by_role("button", name="Approve: I have read it and sign it off"))
    return read


def own_words() -> list[str]:
    """One for each part that the editor made or chose."""
    return [
        *("Neck pain", "summary made", "about made", *LINES, *MOVES),
        *(f"cause {number}" for number in CAUSES),
        *(f"caution {row}" for row in range(len(MOVES))),
    ]


def missing(text: str) -> list[str]:
    return [word for word in own_words() if word not in text]


def of_other_parts() -> set[str]:
    """Lines, verdicts and exercises that no neck has: what ships for the back."""
    neck = make_area("head-neck")
    lines = UrgencyLine.objects.exclude(areas=None, condition=None).exclude(areas=neck)
    lines = lines.exclude(condition__slug="neck-pain")
    verdicts = ConditionTreatment.objects.exclude(verdict="").values_list("verdict", flat=True)
    moves = Exercise.objects.exclude(area=neck).values_list("title", flat=True)
    return {*lines.values_list("text", flat=True), *verdicts, *moves}


def public_parts() -> dict[str, int]:
    """How many of what the editor made or chose are signed, or belong to what is."""
    page = Condition.objects.get(slug="neck-pain", state=State.APPROVED)
    return {
        "lines": page.urgency_lines.filter(state=State.APPROVED).count(),
        "causes": page.causes.count(),
        "exercises": page.exercises.filter(state=State.APPROVED).count(),
    }


def answers(visitor: Page) -> dict[str, int]:
    """What a reader gets who follows the page's links to its exercises."""
    links = visitor.locator("article :is(h3, h4) a[href^='/exercises/']").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    return {link: visitor.request.get(link).status for link in links}


def article(page: Page) -> str:
    """All that the page says, what is folded too."""
    page.locator("article details").evaluate_all("all => all.forEach(each => each.open = true)")
    return re.sub(r"\s+", " ", page.locator("article").inner_text())


def test_an_editor_and_a_reviewer_bring_a_page_about_the_neck_to_the_public(
    library, staff, new_page
):
    visitor = new_page(base_url=library.url)
    manager, reviewer = staff("Manager", "mia"), staff("Therapist", "rita")
    editor = staff("Editor", "ed")

    make_the_page(editor)
    before = visitor.goto(PUBLIC).status
    nobody = editor.page.locator(".desk-panel").first.inner_text().strip()
    name_the_reviewer(manager)
    editor.page.reload()
    somebody = editor.page.locator(".desk-panel").first.inner_text().strip()
    editor.go(editor.page.get_by_role("link", name="Preview", exact=True))
    previewed = article(editor.page)
    reviewer.page.reload()
    read = sign_the_page(reviewer)
    after = visitor.goto(PUBLIC).status
    shown = article(visitor)
    headings = visitor.locator("article").locator("h1, h2, h3, h4").all_inner_texts()
    exercises = answers(visitor)

    assert (nobody.split(":")[0], somebody) == (
        "Nobody can sign yet",
        "These people can sign: Rita Roe, PT, DPT.",
    )
    assert (before, after) == (404, 200)
    assert {"preview": missing(previewed), "reading": missing(read), "public": missing(shown)} == {
        "preview": [],
        "reading": [],
        "public": [],
    }
    assert public_parts() == {"lines": 4, "causes": 3, "exercises": 2}
    assert exercises == {"/exercises/turn-the-head/": 200, "/exercises/nod/": 200}
    others = of_other_parts()
    assert (len(others) > 100, [words for words in others if words in shown]) == (True, [])
    assert "if you have neck pain and:" in shown
    assert [heading for heading in headings if re.search(r"\bback\b", heading)] == []
    who = {"manager": manager, "editor": editor, "reviewer": reviewer}
    for name, each in who.items():
        sys.stdout.write(
            f"\n{name:8} {each.fields:3} fields, {each.pages} pages, {each.seconds:5.1f} seconds"
        )
    counted = {name: (each.fields, each.pages) for name, each in who.items()}
    assert counted == {"manager": (4, 2), "editor": (29, 3), "reviewer": (0, 4)}
    assert editor.seconds <= MOST_SECONDS
    assert (manager.seconds <= 30, reviewer.seconds <= 30) == (True, True)


def test_the_form_of_a_condition_has_its_labels_and_fits_a_phone(library, staff):
    page = staff("Editor", "ed").page
    found = {}
    for path in ("condition/add/", "article/add/", "exercise/add/", "condition/"):
        page.goto(f"/admin/conditions/{path}")
        page.set_viewport_size({"width": 1280, "height": 900})
        wrong = violations_in_both_schemes(page)
        page.set_viewport_size({"width": 390, "height": 844})
        found[path] = [*wrong, *(["is wider than a phone"] * page.evaluate(PAGE_IS_WIDER))]

    assert found == {path: [] for path in found}


def test_the_tick_that_signs_a_warning_has_its_label_and_fits_a_phone(library, staff):
    page = staff("Editor", "ed").page
    reviewer = make_reviewer(user=User.objects.get(username="ed"))
    for each in [*Exercise.objects.all(), *Condition.objects.all()]:
        sign(each, reviewer)
    line = UrgencyLine.objects.emergency().first()
    page.goto(f"/admin/conditions/urgencyline/{line.pk}/change/")
    named = page.locator("#stands-on a").count()
    page.get_by_label("Sign as I save: I have read it where it stands").check()
    page.set_viewport_size({"width": 1280, "height": 900})
    wrong = violations_in_both_schemes(page)
    page.set_viewport_size({"width": 390, "height": 844})

    assert (named, wrong, page.evaluate(PAGE_IS_WIDER)) == (28, [], False)
