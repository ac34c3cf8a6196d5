"""Staff who write and sign content, signed in."""

from django.contrib.auth.models import Group, User

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
