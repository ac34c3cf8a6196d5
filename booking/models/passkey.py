"""A passkey of somebody of the staff: what a browser signs with, after finger, face or PIN."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin

LONGEST_ID = 1364  # 1023 bytes, as WebAuthn allows, in base64


class Passkey(TimestampMixin, Device):
    """The public half of a key pair; `clinic_site.staff.passkeys` writes and asks it.

    `name` is what its user calls it. `sign_count` is as the authenticator said it last; those that
    are kept in step over several devices always say 0.
    """

    credential_id = models.CharField(max_length=LONGEST_ID, unique=True)  # base64url
    public_key = models.BinaryField()  # COSE, in CBOR
    sign_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        default_permissions = ()
