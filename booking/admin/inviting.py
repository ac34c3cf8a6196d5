"""How somebody becomes one of the staff: invited by e-mail, by a link to choose a password of their
own. Nobody types one for somebody else.
"""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import contacts
from booking.models import OutgoingEmail

NOT_IN_NAMES = re.compile(r"[^a-z0-9.-]+")
LONGEST_NAME = 60


class InvitationForm(forms.ModelForm):
    """Name, address and roles; the user name is made of the address."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("A link to choose a password goes there. It works for a week."),
        widget=AdminEmailInputWidget,
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "groups")
        labels = {"groups": gettext_lazy("Roles")}
        help_texts = {"groups": ""}
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].required = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("Somebody has an account with this address already."))
        return email

    def save(self, commit: bool = True) -> Any:
        self.instance.username = free_name(self.instance.email)
        self.instance.set_unusable_password()
        return super().save(commit)


def free_name(email: str) -> str:
    """A user name that nobody has: what stands before the @, with a number if need be."""
    start = NOT_IN_NAMES.sub("", contacts.fold(email.partition("@")[0]))[:LONGEST_NAME] or "staff"
    taken = set(User.objects.filter(username__startswith=start).values_list("username", flat=True))
    names = [start, *(f"{start}{number}" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def owe_link(user: User) -> None:
    """Owe somebody the link to choose a password: the first one, or a new one. A second click in
    the same minute owes no second.
    """
    now = timezone.now()
    known = user.has_usable_password()
    kind = OutgoingEmail.Kind.PASSWORD if known else OutgoingEmail.Kind.INVITATION
    occasion = f"{now:%Y%m%d%H%M}"
    owed = OutgoingEmail(user=user, kind=kind, occasion=occasion, due_at=now)
    OutgoingEmail.objects.bulk_create([owed], ignore_conflicts=True)


def is_staff(user: User) -> bool:
    """Whether somebody may open staff pages: whoever has a role, or a right of their own."""
    return user.is_superuser or user.groups.exists() or user.user_permissions.exists()
