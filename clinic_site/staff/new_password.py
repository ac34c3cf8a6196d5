"""A forgotten password: the link to set a new one is owed by e-mail, and lets in at once."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView, PasswordResetView
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.messages.invitations import InvitationTokens
from booking.models import OutgoingEmail
from booking.transactions import retried
from booking.visits import limits, tallies
from booking.visits.refusals import OverLimit
from clinic_site.staff import known_browsers, sign_in_log

FORM = "new-password"  # as the counts call it
MAILS_AN_HOUR = 5  # for one mailbox, and from one network


@retried
def owe(users: Iterable[User], *, email: str, address: str, now: datetime) -> None:
    """Owe a link to each of the users; the worker sends them. Raises OverLimit.

    What is asked counts for mailbox and network whether there is a user or not, and once however
    many there are: a form that is refused sooner would tell. An address that nobody has takes as
    long but for one row that is not written, in a transaction that is.
    """
    limits.count([limits.client_key(address, FORM)], now, MAILS_AN_HOUR)
    limits.count(limits.contact_keys(email, "", FORM), now, MAILS_AN_HOUR)
    tallies.count_mail(email, now)
    kind = OutgoingEmail.Kind.PASSWORD
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(user=user, kind=kind, occasion=uuid.uuid4().hex[:20], due_at=now)
        for user in users
    )


class AskForNewPassword(PasswordResetView):
    """Asks for the e-mail address; the answer is the same whosever it is."""

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        address = self.request.META["REMOTE_ADDR"]
        users = list(form.get_users(email))
        try:
            owe(users, email=email, address=address, now=timezone.now())
        except OverLimit:
            context = self.get_context_data(form=form, problem="limit")
            return self.render_to_response(context, status=HTTPStatus.TOO_MANY_REQUESTS)
        return HttpResponseRedirect(self.get_success_url())


class NewPasswordForm(SetPasswordForm):
    """The new password, twice; its hint is one line, as other forms have it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "At least 12 characters. Neither digits alone, nor a word that many people use, "
            "nor one like your name or the clinic's."
        )


class EitherTokens:
    """The links of a forgotten password, and those of an invitation."""

    kinds = (default_token_generator, InvitationTokens())

    def check_token(self, user: User | None, token: str | None) -> bool:
        return any(kind.check_token(user, token) for kind in self.kinds)


class SetNewPassword(PasswordResetConfirmView):
    """Sets it, and signs in with it: no lock of the name or of the network is in the way."""

    token_generator: Any = EitherTokens()
    form_class = NewPasswordForm
    post_reset_login = True

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        known_browsers.remember(response, self.request, form.user.pk)
        sign_in_log.let_in(self.request, form.user, sign_in_log.Step.LINK)
        return response
