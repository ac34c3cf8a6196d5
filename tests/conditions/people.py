"""Staff who write and sign content, signed in."""

from django.contrib.auth.models import Group, User
from django.urls import reverse

from conditions.models import Reviewer
from tests.conditions.builders import make_reviewer
from tests.staff import Browser


def member(group, name="ed", **fields):
    """A member of a group of the staff."""
    user = User.objects.create_user(name, is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def signed_in(user):
    """The browser of somebody of the staff."""
    client = Browser()
    client.force_login(user)
    return client


def editor(reviews=False):
    """A browser of an editor; with `reviews` the reviewer that there is, too."""
    user = member("Editor")
    if reviews:
        Reviewer.objects.update(user=user)
    return signed_in(user)


def reviewer(edits=False):
    """A browser of a new reviewer, Rita; with `edits` an editor, too."""
    user = make_reviewer().user
    if edits:
        user.groups.add(Group.objects.get(name="Editor"))
    return signed_in(user)


def sign_in_list(client, *rows):
    """Choose these rows in their list, read them where that leads, and sign them."""
    listed = reverse(f"admin:conditions_{rows[0]._meta.model_name}_changelist")
    chosen = {"action": "read_selected", "_selected_action": [row.pk for row in rows]}
    led = client.post(listed, chosen)
    if "/approve/" not in led.headers.get("Location", ""):
        return led
    return client.post(led.headers["Location"], follow=True)
