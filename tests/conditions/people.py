"""Staff who write and sign content, signed in."""

from django.contrib.auth.models import Group, User

from conditions.models import Reviewer
from tests.staff import Browser


def editor(reviews=False):
    """A browser of an editor; with `reviews` the reviewer that there is, too."""
    user = User.objects.create_user("ed", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    if reviews:
        Reviewer.objects.update(user=user)
    client = Browser()
    client.force_login(user)
    return client
