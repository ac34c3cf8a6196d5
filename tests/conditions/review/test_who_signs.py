"""A page that waits says who can sign it, and how there comes to be somebody."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from conditions.models import Reviewer
from tests.conditions.builders import make_condition, make_emergency_line, make_reviewer, sign
from tests.conditions.people import member
from tests.reading import tight

NOBODY = "Nobody can sign yet: a reviewer is a clinician on the staff whom a manager names."
NAME_ONE = 'href="/admin/conditions/reviewer/add/"'


@pytest.fixture
def page(db):
    make_emergency_line()
    return make_condition()


def opened(client, group, row):
    user, _made = User.objects.get_or_create(username=group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    kind = row._meta.model_name
    return tight(
        client.get(reverse(f"admin:conditions_{kind}_change", args=[row.pk])).content.decode()
    )


@pytest.mark.parametrize(("group", "leads"), [("Editor", False), ("Manager", True)])
def test_a_page_that_waits_says_who_can_sign(client, page, group, leads):
    alone = opened(client, group, page)
    make_reviewer()
    make_reviewer(user=User.objects.create_user("ann", is_staff=True), name="Ann Poe")
    with_two = opened(client, group, page)

    assert (NOBODY in alone, NOBODY in with_two) == (True, False)
    assert "These people can sign: Ann Poe, PT, DPT; Rita Roe, PT, DPT." in with_two
    assert [NAME_ONE in html for html in (alone, with_two)] == [leads, leads]


def test_who_has_left_can_sign_nothing(client, page):
    make_reviewer()
    User.objects.filter(username="rita").update(is_active=False)

    assert NOBODY in opened(client, "Editor", page)


def test_what_is_signed_asks_for_nobody(client, page):
    html = opened(client, "Editor", sign(page))

    assert ("These people can sign" in html, NOBODY in html) == (False, False)


def test_a_manager_names_a_reviewer_where_the_page_leads(client, page):
    opened(client, "Manager", page)
    rita = User.objects.create_user("rita", is_staff=True)
    typed = {"user": rita.pk, "name": "Rita Roe", "credentials": "PT, DPT", "licence": "NY 012345"}
    client.post(reverse("admin:conditions_reviewer_add"), typed)

    assert Reviewer.objects.get().user == rita
    assert "These people can sign: Rita Roe, PT, DPT." in opened(client, "Editor", page)


def test_where_nobody_can_sign_an_editor_is_told_whom_to_ask(client, page):
    for name, fields in {
        "mia": {"first_name": "Mia", "last_name": "Moe"},
        "max": {},
        "left": {"is_active": False},
    }.items():
        member("Manager", name, **fields)
    alone = opened(client, "Editor", page)
    make_reviewer()

    assert f"{NOBODY} Ask: max; Mia Moe." in alone
    assert "Ask:" not in opened(client, "Editor", page)
