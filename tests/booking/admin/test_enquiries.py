"""Questions, as the desk sees them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Enquiry
from tests.builders import NOW, enquiry
from tests.reading import said, texts

LIST = reverse("admin:booking_enquiry_changelist")


def click(view, row):
    return reverse(f"admin:booking_enquiry_{view}", args=[row.pk])


def test_open_ones_come_first_by_when_they_are_due(desk):
    enquiry(name="Late", due_at=NOW - timedelta(minutes=1))
    enquiry(name="Done first", answered_at=NOW - timedelta(days=2))
    enquiry(name="Done last", answered_at=NOW)
    enquiry(name="Soon", due_at=NOW + timedelta(days=1))
    page = desk.get(LIST)

    assert texts(page, "field-name") == ["Late", "Soon", "Done last", "Done first"]
    assert texts(page, "field-due") == [
        "Fri, Nov 27, 11:59 a.m. Overdue",
        "Sat, Nov 28, noon",
        "Answered Fri, Nov 27, noon by somebody who has left",
        "Answered Wed, Nov 25, noon by somebody who has left",
    ]
    assert texts(desk.get(LIST, {"answer": "overdue"}), "field-name") == ["Late"]
    assert texts(desk.get(LIST, {"answer": "open"}), "field-name") == ["Late", "Soon"]


def test_one_click_says_that_it_is_answered_and_another_takes_it_back(desk):
    row = enquiry(message="Is there <b>parking</b>?")
    page = desk.get(reverse("admin:booking_enquiry_change", args=[row.pk]))
    assert "Is there &lt;b&gt;parking&lt;/b&gt;?" in page.content.decode()
    assert f'formaction="{click("answered", row)}"' in desk.get(LIST).content.decode()

    answered = desk.post(click("answered", row), follow=True)
    assert said(answered) == ["Marked as answered."]
    assert texts(answered, "field-due") == ["Answered Fri, Nov 27, noon by front-desk-0"]
    history = reverse("admin:booking_enquiry_history", args=[row.pk])
    changed, made = texts(desk.get(history), "tr")[1:]
    assert changed == (
        "Fri, Nov 27, 2026, noon front-desk-0"
        " Answered: Fri, Nov 27, 2026, noon Answered by: front-desk-0"
    )
    assert ("(not shown)" in made, "parking" in made) == (True, False)

    reopened = desk.post(click("reopen", row), follow=True)
    assert said(reopened) == ["Open again."]
    assert Enquiry.objects.get().is_answered is False


def test_what_people_asked_is_not_changed_or_deleted(sign_in):
    root, row = sign_in(superuser=True), enquiry()
    change = reverse("admin:booking_enquiry_change", args=[row.pk])

    assert [
        root.post(change, {"name": "Else"}).status_code,
        root.post(reverse("admin:booking_enquiry_delete", args=[row.pk])).status_code,
        root.get(reverse("admin:booking_enquiry_add")).status_code,
        root.get(click("answered", row)).status_code,
    ] == [403, 403, 403, 405]
    assert Enquiry.objects.get().name == "Rosa Marquez"


def test_the_first_page_counts_open_and_overdue_ones(desk, sign_in):
    index = reverse("admin:index")
    assert texts(desk.get(index), "desk-notices") == []

    enquiry()
    assert texts(desk.get(index), "desk-notices") == [
        "1 question from the website is open. See and answer"
    ]
    enquiry(due_at=NOW)
    assert texts(desk.get(index), "desk-notices") == [
        "2 questions from the website are open. 1 overdue. See and answer"
    ]
    assert texts(sign_in("Therapist").get(index), "desk-notices") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    desk, django_user_model, django_assert_num_queries, rows
):
    for number in range(rows):
        user = django_user_model.objects.create(username=f"user {number}")
        enquiry(answered_at=NOW, answered_by=user)

    with django_assert_num_queries(9):
        desk.get(LIST)
