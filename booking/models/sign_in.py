"""That somebody of the staff signed in, or was refused: who, when, how, from which network."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.constraints import AppendOnly
from booking.models.look import LEAST_DAYS

HASH_LETTERS = 12  # enough to tell that the same was tried again


class SignIn(models.Model):
    """One step of a sign-in; numbers and keyed hashes alone, no names and no addresses."""

    class Step(models.TextChoices):
        PASSWORD = "password", _("Password")
        LINK = "link", _("Link to a new password")
        APP = "second factor", _("Code of the app")
        RECOVERY = "recovery code", _("Recovery code")
        PASSKEY = "passkey", _("Passkey")

    class Outcome(models.TextChoices):
        RIGHT = "right", _("Right")
        WRONG = "wrong", _("Wrong")
        LOCKED = "locked", _("Locked after wrong ones")

    # Neither goes with its user nor forgets them. Null for a name that nobody has.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("who"),
    )
    name = models.CharField(max_length=HASH_LETTERS, blank=True)  # a hash: what nobody is called
    at = models.DateTimeField(_("when"))
    step = models.CharField(_("how"), max_length=13, choices=Step)
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome)
    network = models.CharField(_("network"), max_length=HASH_LETTERS, blank=True)  # a hash
    # Of what costs nothing to try again: one in a quarter of an hour.
    once = models.CharField(max_length=80, null=True, unique=True, editable=False)  # noqa: DJ001

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at"], name="booking_signin_at"),
            models.Index(fields=["by", "at"], name="booking_signin_by"),
        ]
        constraints = [
            AppendOnly(at="at", days=LEAST_DAYS, name="booking_signin_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_outcome_display()}"
