"""What a clinician has to confirm in the shipped texts stands where it is signed."""

from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from conditions.models import Condition, Content, State, UrgencyLine
from conditions.models.base import kinds_of
from conditions.review.confirming import noted
from conditions.shipped import fixtures, notes
from tests.conditions.builders import make_condition, make_reviewer, sign
from tests.conditions.people import editor

ROWS = [
    (note.text, kind, slug)
    for note in notes.read()
    for kind, slugs in note.slugs.items()
    for slug in slugs
]
TITLE = "To confirm before signing"


def test_every_note_names_rows_that_ship():
    known = {(row.name, row.slug) for row in fixtures.read(*fixtures.folders())}

    assert [row for row in ROWS if row[1:] not in known] == []
    assert len(ROWS) > 60


def test_no_comment_of_the_files_keeps_something_to_confirm_from_the_admin():
    """A clinician reads the admin, and not the files."""
    files = Path(settings.FIXTURE_DIRS[0]).glob("*/*.yaml")
    comments = [line for file in files for line in file.read_text().splitlines() if "#" in line]

    assert len(comments) > 60
    assert [line for line in comments if "to confirm" in line.lower()] == []


def test_every_note_stands_where_its_row_is_signed(content):
    """With the page that shows it; a warning of areas without a page, and an area, by itself."""
    pages = {page: noted(page) for kind in kinds_of(Content) for page in kind.objects.all()}
    for text, kind, slug in ROWS:
        row = apps.get_model("conditions", kind).objects.get(slug=slug)
        if kind in ("urgencyline", "bodyarea"):
            assert text in noted(row)
        else:
            assert text in [said for told in pages.values() for said in told], (kind, slug)


@pytest.mark.parametrize("name", ["approve", "change"])
def test_a_reviewer_reads_the_notes_of_a_page_and_of_its_parts(content, name):
    make_reviewer()
    page = Condition.objects.get(slug="sciatica")
    html = unescape(
        editor(reviews=True)
        .get(reverse(f"admin:conditions_condition_{name}", args=[page.pk]))
        .content.decode()
    )
    shown = html.partition(TITLE)[2].partition("</details>")[0]

    assert noted(page) == [
        "How certain the guideline calls the proof for each treatment: that was read in a list of"
        " its advice, not in the guideline.",
        "A cough and pain between the shoulder blades: that the two count together.",
        "A sign that you have long had: the whole line.",
        "Pain tablets (NSAIDs): what England's guideline says of them was read in summaries"
        " (medicines.necsu.nhs.uk, mims.co.uk), not in the guideline.",
        "What is linked with it: all of it.",
        "The urgent lines of this page alone: all of them.",
        "Leg pain, other care and missed work: read in reports on the trial, not in the trial.",
        "To lie, to sit and to stand as the positions to try: the source says only to find the one"
        " that draws the pain out of the leg.",
    ]
    assert [text for text in noted(page) if text not in shown] == []


def test_a_page_of_another_part_of_the_body_has_the_notes_of_its_warnings(content):
    knee = make_condition(
        slug="knee-pain", areas=[UrgencyLine.objects.get(slug="knee-emergency-4").areas.get()]
    )

    assert noted(knee) == [
        "The foot after an injury: the whole line.",
        "This part of the body itself: it had no page yet when the text was written.",
    ]


def test_what_is_signed_has_no_notes_any_more(content):
    page = Condition.objects.get(slug="sciatica")
    line = UrgencyLine.objects.get(slug="urgent-13")
    line.state = State.APPROVED
    signed = noted(line)
    sign(page)
    other = noted(Condition.objects.get(slug="back-pain"))

    assert (signed, noted(page)) == ([], [])
    assert "A sign that you have long had: the whole line." not in other
