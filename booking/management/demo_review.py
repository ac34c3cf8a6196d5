"""One condition page that is signed, as a demonstration: the clinician who signed it is made up.

In the demo every signed page says so (`templates/conditions/_example.html`).
"""

from datetime import date

from django.contrib.auth.models import Group, User

from booking.management.made_up import REVIEWER, SIGNED_PAGE
from conditions.models import Condition, Reviewer, State
from conditions.review import approval, parts

USERNAME = "reviewer"


def sign_one_page(on: date) -> None:
    """Sign a page with all its parts, unless it is not there, or no longer as it shipped."""
    reviewer = _reviewer()
    page = Condition.objects.filter(slug=SIGNED_PAGE, state=State.EXAMPLE).first()
    if page:
        together = parts.unsigned(page)
        approval.approve_with_parts(content=page, together=together, reviewer=reviewer, on=on)


def _reviewer() -> Reviewer:
    """Who signs; `demo_logins` gives the user a password."""
    user, _made = User.objects.get_or_create(username=USERNAME, defaults={"is_staff": True})
    user.groups.add(*Group.objects.filter(name="Editor"))
    return Reviewer.objects.get_or_create(user=user, defaults=REVIEWER)[0]
