"""What staff are mailed: links by which they choose a password of their own."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy

from booking.messages.invitations import WORKS_FOR, InvitationTokens
from booking.messages.notifications import Context, Kind, Notification, address, of_clinic


class NewPassword(Notification[User]):
    """The link by which one of the staff sets a new password; made as it leaves, stored nowhere."""

    titles = {Kind.PASSWORD: gettext_lazy("%(clinic)s: set a new password")}
    to_desk = True

    def rows(self) -> QuerySet[User]:
        return User.objects.all()

    @property
    def email(self) -> str:
        return self.about.email

    def is_over(self, now: datetime) -> bool:
        """Whether they are gone or barred, or nobody waits for it any more."""
        late = now > self.owed.due_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        return late or not (self.about.is_active and self.about.has_usable_password())

    def context(self, now: datetime) -> Context:
        token = default_token_generator.make_token(self.about)
        return of_clinic(self.clinic) | {
            "heading": self.title,
            "user_name": self.about.get_username(),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "password_url": self.link(token),
        }

    def link(self, token: str) -> str:
        whose = urlsafe_base64_encode(force_bytes(self.about.pk))
        return address("password_reset_confirm", whose, token)


class Invitation(NewPassword):
    """The link by which somebody new of the staff chooses a password."""

    titles = {Kind.INVITATION: gettext_lazy("%(clinic)s: your staff account")}

    def is_over(self, now: datetime) -> bool:
        """Whether they are gone or barred, have a password, or were invited too long ago."""
        late = now > self.owed.due_at + WORKS_FOR
        return late or not self.about.is_active or self.about.has_usable_password()

    def context(self, now: datetime) -> Context:
        token = InvitationTokens().make_token(self.about)
        return super().context(now) | {
            "days": WORKS_FOR.days,
            "password_url": self.link(token),
        }
