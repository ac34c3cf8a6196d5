"""Staff accounts."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from tests.typed import fields_of


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


def change(user):
    return reverse("admin:auth_user_change", args=[user.pk])


def account(user, **more):
    return {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-11-27",
        "date_joined_1": "12:00",
        "staff_places-TOTAL_FORMS": "0",
        "staff_places-INITIAL_FORMS": "0",
    } | more


def test_a_manager_puts_a_colleague_into_a_group(manager):
    colleague = User.objects.create_user("li", is_staff=True)
    group = Group.objects.get(name="Front desk")
    manager.post(change(colleague), account(colleague, groups=[group.pk]))

    assert [row.name for row in colleague.groups.all()] == ["Front desk"]


def test_a_manager_makes_nobody_a_superuser_and_hands_out_no_permission(manager):
    for user in (User.objects.get(), User.objects.create_user("li", is_staff=True)):
        permission = Permission.objects.get(codename="delete_user")
        form = account(user, is_superuser="on", user_permissions=[permission.pk])
        manager.post(change(user), form)

        user.refresh_from_db()
        assert (user.is_superuser, user.user_permissions.count()) == (False, 0)


def test_a_manager_cannot_take_over_a_superuser(manager):
    root = User.objects.create_superuser("root", password="a long pass phrase")
    new = {"password1": "another pass phrase", "password2": "another pass phrase"}
    answers = [
        manager.post(change(root), account(root, email="me@example.org")).status_code,
        manager.post(reverse("admin:auth_user_password_change", args=[root.pk]), new).status_code,
        manager.post(reverse("admin:auth_user_delete", args=[root.pk]), {"post": "y"}).status_code,
    ]

    root.refresh_from_db()
    assert answers == [403, 403, 403]
    assert (root.email, root.check_password("a long pass phrase")) == ("", True)


def test_a_superuser_does_all_of_it(sign_in):
    root = sign_in(superuser=True)
    user = User.objects.create_user("li", is_staff=True)
    root.post(change(user), account(user, is_superuser="on"))

    user.refresh_from_db()
    assert user.is_superuser


ONE, OTHER = "correct horse battery", "another pass phrase"


def chosen(word):
    return {"usable_password": "true", "password1": word, "password2": word}


@pytest.fixture
def colleague():
    return User.objects.create_user("li", is_staff=True, password="a long pass phrase")


def test_an_old_page_sets_no_password_over_the_one_that_a_colleague_set(manager, colleague):
    page = reverse("admin:auth_user_password_change", args=[colleague.pk])
    stale = fields_of(manager.get(page), "user_form")
    first = manager.post(page, stale | chosen(ONE))
    second = manager.post(page, stale | chosen(OTHER))
    colleague.refresh_from_db()

    assert (first.status_code, second.status_code) == (302, 409)
    assert colleague.check_password(ONE)
    again = fields_of(second, "user_form") | chosen(OTHER)
    assert manager.post(page, again).status_code == 302
    colleague.refresh_from_db()
    assert colleague.check_password(OTHER)


def test_a_double_click_on_a_new_password_passes(manager, colleague):
    page = reverse("admin:auth_user_password_change", args=[colleague.pk])
    typed = fields_of(manager.get(page), "user_form") | chosen(ONE)

    assert [manager.post(page, typed).status_code for _click in range(2)] == [302, 302]


def test_a_password_page_that_does_not_say_what_it_showed_is_stale(manager, colleague):
    page = reverse("admin:auth_user_password_change", args=[colleague.pk])

    assert manager.post(page, chosen(ONE)).status_code == 409
