"""Nobody takes or gives more than their role has; nobody deletes a visit, whatever is posted."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import get_resolver, reverse

from booking.models import Appointment
from tests.booking.admin.addresses import addresses, filled
from tests.every_row import make_every_row
from tests.typed import fields_of

# Who may do what does not depend on the database.
pytestmark = pytest.mark.only("sqlite")
ENDS = ("_add", "_change")


@pytest.fixture
def everything(sign_in):
    """A row of every model, and a colleague; by whom nothing of this is done."""
    root = sign_in(superuser=True)
    make_every_row(User.objects.get())
    User.objects.create_user("li", is_staff=True)
    return root


def powers():
    """Who may what: flags, single permissions, roles."""
    return {
        user.username: (
            user.is_superuser,
            sorted(user.user_permissions.values_list("codename", flat=True)),
            sorted(user.groups.values_list("name", flat=True)),
        )
        for user in User.objects.order_by("pk")
    }


def owners():
    """A role that may more than a manager."""
    group = Group.objects.create(name="Owner")
    group.permissions.set(Permission.objects.filter(codename__in=["delete_user", "add_group"]))
    return group


def forms(client):
    """(address, what its form holds) of every form that somebody gets of rows that are no text."""
    for name, words in addresses(get_resolver().url_patterns):
        if name.startswith(("admin:booking_", "admin:auth_")) and name.endswith(ENDS):
            address = filled(name, words)
            page = client.get(address)
            if page.status_code == 200 and (form := form_of(page)):
                yield address, fields_of(page, form)


def form_of(page):
    """The id of the admin's own form; empty where the page has none."""
    opts = (page.context or {}).get("opts")
    own = f"{opts.model_name}_form" if opts else ""
    return own if own and f'id="{own}"' in page.content.decode() else ""


def test_no_form_of_the_admin_makes_a_manager_or_a_colleague_more(everything, sign_in):
    owner, manager = owners(), sign_in("Manager")
    planted = {
        "is_superuser": "on",
        "user_permissions": list(Permission.objects.values_list("pk", flat=True)),
        "groups": [owner.pk],
        "permissions": list(Permission.objects.values_list("pk", flat=True)),
    }
    before, roles = powers(), list(Group.permissions.through.objects.values_list())
    found = list(forms(manager))
    for user in User.objects.all():
        page = reverse("admin:auth_user_change", args=[user.pk])
        answer = manager.get(page)
        if answer.status_code == 200 and form_of(answer):
            found.append((page, fields_of(answer, "user_form")))
    for address, held in found:
        assert manager.post(address, held | planted).status_code < 500, address

    assert len(found) > 12
    after = powers()
    assert {name: after[name] for name in before} == before
    made = [may for name, may in after.items() if name not in before]
    assert [may for may in made if may != (False, [], [])] == []
    assert list(Group.permissions.through.objects.values_list()) == roles


def test_a_manager_gives_no_role_that_may_more_and_has_no_say_over_who_has_one(sign_in):
    owner, manager = owners(), sign_in("Manager")
    boss = User.objects.create_user("boss", is_staff=True, email="boss@example.org")
    boss.groups.add(owner)
    li = User.objects.create_user("li", is_staff=True)
    offered = manager.get(reverse("admin:auth_user_change", args=[li.pk]))
    names = {name for _key, name in offered.context["adminform"].form.fields["groups"].choices}

    assert names == {"Front desk", "Therapist", "Editor", "Manager"}
    page = reverse("admin:auth_user_change", args=[boss.pk])
    answers = [
        manager.post(page, {"email": "me@example.org"}).status_code,
        manager.post(reverse("admin:auth_user_password_change", args=[boss.pk])).status_code,
    ]
    boss.refresh_from_db()
    assert (answers, boss.email) == ([403, 403], "boss@example.org")
    root = sign_in(superuser=True)
    every = root.get(page).context["adminform"].form.fields["groups"].choices
    assert "Owner" in {name for _key, name in every}


def test_a_manager_invites_nobody_to_a_role_that_may_more(sign_in):
    owner, manager = owners(), sign_in("Manager")
    page = reverse("admin:auth_user_add")
    typed = fields_of(manager.get(page), "user_form") | {"first_name": "Li", "last_name": "Wei"}
    typed["email"] = "li@example.org"
    made = []
    for role in (owner, Group.objects.get(name="Front desk")):
        manager.post(page, typed | {"groups": [role.pk]})
        made.append(list(User.objects.filter(email="li@example.org").values_list("groups__name")))

    assert made == [[], [("Front desk",)]]


def test_nothing_that_is_deleted_in_the_admin_takes_a_visit_along(everything):
    """Not by a superuser: who else may delete something may delete less."""
    client = everything
    before = list(Appointment.objects.order_by("pk").values_list("pk", "status"))
    for name, words in addresses(get_resolver().url_patterns):
        if name.endswith("_delete"):
            client.post(filled(name, words), {"post": "yes"})
        elif name.endswith("_changelist"):
            ticked = {"action": "delete_selected", "post": "yes"}
            rows = list(range(1, 9))
            client.post(filled(name, words), ticked | {"_selected_action": rows})

    assert list(Appointment.objects.order_by("pk").values_list("pk", "status")) == before


def test_nobody_deletes_their_own_account(admin_client, admin_user):
    """The entry that says who deleted it would name a row that is gone."""
    li = User.objects.create_user("li", is_staff=True)
    both = {"action": "delete_selected", "post": "yes", "_selected_action": [admin_user.pk, li.pk]}
    admin_client.post(reverse("admin:auth_user_changelist"), both)
    page = reverse("admin:auth_user_delete", args=[admin_user.pk])

    assert admin_client.post(page, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk__in=[admin_user.pk, li.pk]).count() == 2


def test_a_manager_changes_nobody_who_has_a_right_of_their_own_that_is_more(db, sign_in):
    manager = sign_in("Manager")
    li = User.objects.create_user("li", is_staff=True)
    page = reverse("admin:auth_user_change", args=[li.pk])
    before = manager.post(page, {}).status_code
    li.user_permissions.set(Permission.objects.filter(codename="change_group"))

    assert (before, manager.post(page, {}).status_code) == (200, 403)
