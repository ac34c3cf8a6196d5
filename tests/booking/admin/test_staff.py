"""Staff accounts."""

import re
from datetime import timedelta
from functools import partial

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.admin import inviting
from booking.models import OutgoingEmail
from tests.threads import together
from tests.typed import fields_of
from tests.worker import send_due


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


def change(user):
    return reverse("admin:auth_user_change", args=[user.pk])


def account(user, **more):
    return {
        "username": user.username,
        "is_active": "on",
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
    answers = [
        manager.post(change(root), account(root, email="me@example.org")).status_code,
        manager.post(reverse("admin:auth_user_password_change", args=[root.pk])).status_code,
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


# Invited


@pytest.fixture
def mailed(settings):
    """What the worker sends, one message after the other."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def send():
        send_due(timezone.now())
        return mail.outbox

    return send


def invite(client, email="Li.Wu@clinic.example", role="Front desk"):
    named = {"first_name": "Li", "last_name": "Wu", "email": email}
    roles = [Group.objects.get(name=role).pk] if role else []
    return client.post(reverse("admin:auth_user_add"), named | {"groups": roles})


def link(message):
    return re.search(r"http://127.0.0.1:8000(/admin/reset/\S+)", message.body)[1]


def choose(address, word="correct horse battery"):
    client = Client(headers={"host": "127.0.0.1"})
    form = client.get(address, follow=True)
    if not form.redirect_chain:
        return form
    typed = {"new_password1": word, "new_password2": word}
    return client.post(form.redirect_chain[-1][0], typed)


def test_a_manager_invites_and_types_no_password(manager, mailed):
    page = manager.get(reverse("admin:auth_user_add")).content.decode()
    invite(manager)
    [message] = mailed()
    user = User.objects.get(email="Li.Wu@clinic.example")

    assert "password1" not in page
    assert (user.username, user.is_staff, user.has_usable_password()) == ("li.wu", True, False)
    assert (message.to, "Your user name is li.wu." in message.body) == ([user.email], True)
    assert choose(link(message)).status_code == 302
    user.refresh_from_db()
    assert user.check_password("correct horse battery")


def test_an_invitation_works_once_and_for_a_week(manager, mailed, now):
    invite(manager)
    address = link(mailed()[-1])
    now.shift(timedelta(days=6, hours=23))
    soon = choose(address).status_code
    again = choose(address).content.decode()
    invite(manager, "ben@clinic.example")
    other = link(mailed()[-1])
    now.shift(timedelta(days=7, seconds=1))

    assert (soon, "This link was used already" in again) == (302, True)
    assert "its hour is over" in choose(other).content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "else@clinic.example"}])
def test_an_invitation_of_who_is_barred_or_moved_away_does_not_work(manager, mailed, change):
    invite(manager)
    address = link(mailed()[-1])
    User.objects.filter(username="li.wu").update(**change)

    assert choose(address).status_code == 200


def test_who_is_invited_without_a_role_or_twice_is_not(manager):
    answers = [invite(manager, role="").status_code, invite(manager).status_code]
    answers.append(invite(manager, "li.wu@CLINIC.example").status_code)

    assert answers == [200, 302, 200]
    assert OutgoingEmail.objects.count() == 1


def test_user_names_are_told_apart(manager):
    for host in ("clinic", "other", "third"):
        invite(manager, f"li@{host}.example")

    names = User.objects.filter(email__startswith="li@").order_by("pk")
    assert [user.username for user in names] == ["li", "li2", "li3"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("emails", "statuses", "names"),
    [
        (["li@clinic.example", "li@other.example"], [302, 302], ["li", "li2"]),
        (["li@clinic.example", "li@clinic.example"], [200, 302], ["li"]),
    ],
)
def test_two_invitations_at_the_very_same_moment(sign_in, emails, statuses, names):
    managers = [sign_in("Manager") for _ in emails]
    answers = together(*(partial(invite, *pair) for pair in zip(managers, emails, strict=True)))

    assert sorted(answer.status_code for answer in answers) == statuses
    found = User.objects.filter(email__startswith="li@").order_by("username")
    assert [user.username for user in found] == names


def test_a_name_that_is_taken_meanwhile_by_other_ways_is_not_given_twice(manager, monkeypatch):
    User.objects.create_user("li", "other@clinic.example")
    tries = iter(["li", "li2"])
    monkeypatch.setattr(inviting, "free_name", lambda email: next(tries))

    assert invite(manager, "li@clinic.example").status_code == 302
    assert User.objects.get(email="li@clinic.example").username == "li2"


def test_staff_pages_open_with_a_role_and_close_without(manager):
    user = User.objects.create_user("li", "li@clinic.example", is_staff=True)
    group = Group.objects.get(name="Front desk")
    manager.post(change(user), account(user, groups=[group.pk]))
    user.refresh_from_db()
    with_role = user.is_staff
    manager.post(change(user), account(user))
    user.refresh_from_db()

    assert (with_role, user.is_staff) == (True, False)


def send_link(client, user):
    return client.post(reverse("admin:auth_user_password_change", args=[user.pk])).status_code


def test_a_manager_sends_a_link_and_types_no_password(manager, mailed):
    user = User.objects.create_user("li", "li@clinic.example", "a long pass phrase", is_staff=True)
    page = manager.get(reverse("admin:auth_user_password_change", args=[user.pk]))
    clicks = [send_link(manager, user) for _click in range(2)]
    subjects = [message.subject for message in mailed()]
    user.refresh_from_db()

    assert ("password1" in page.content.decode(), clicks) == (False, [302, 302])
    assert subjects == ["Willow Street Physical Therapy: set a new password"]
    assert user.check_password("a long pass phrase")


def test_an_invitation_can_be_sent_again(manager, mailed, now):
    invite(manager)
    now.shift(timedelta(days=8))
    mailed()
    send_link(manager, User.objects.get(username="li.wu"))

    assert choose(link(mailed()[-1])).status_code == 302


def test_nobody_else_sends_one(sign_in):
    user = User.objects.create_user("li", "li@clinic.example", is_staff=True)

    assert [send_link(sign_in(group), user) for group in ("Front desk", "Editor")] == [403, 403]


def test_roles_given_and_taken_stand_in_who_changed_what_without_a_secret(db, sign_in):
    root = sign_in(superuser=True)
    li = User.objects.create_user("li", "li@clinic.example", "a long enough password")
    li.is_staff = True
    li.save()
    LogEntry.objects.all().delete()
    page = reverse("admin:auth_user_change", args=[li.pk])
    front, manager = (Group.objects.get(name=name) for name in ("Front desk", "Manager"))
    for role in (front, manager):
        typed = fields_of(root.get(page), "user_form") | {"groups": [role.pk]}
        assert root.post(page, typed).status_code == 302
    li.set_password("another long password")
    li.save()
    front.permissions.remove(front.permissions.first())

    found = LogEntry.objects.order_by("pk")
    given = [
        (entry.object_repr, name, pair["operation"], pair["objects"])
        for entry in found
        for name, pair in entry.changes_dict.items()
        if isinstance(pair, dict) and name == "groups"
    ]
    assert given == [
        ("li", "groups", "add", ["Front desk"]),
        ("li", "groups", "delete", ["Front desk"]),
        ("li", "groups", "add", ["Manager"]),
    ]
    assert {str(entry.actor) for entry in found if "groups" in entry.changes_dict} == {
        User.objects.get(is_superuser=True).username
    }
    assert [entry for entry in found if entry.object_repr == "Front desk"] != []
    kept = str([(entry.changes, entry.serialized_data) for entry in found])
    assert [word for word in ("password", "pbkdf2", li.password, "@clinic") if word in kept] == []
    shown = root.get(reverse("admin:auditlog_logentry_changelist"))
    assert "li" in shown.content.decode()
