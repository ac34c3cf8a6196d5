"""Recovery codes on paper, as they are kept: each hashed as a password is."""

from django.db import models
from django.db.models import Q
from django_otp.plugins.otp_static.models import StaticDevice


class RecoveryCode(models.Model):
    """One code, good for once; `clinic_site.staff.recovery_codes` writes and compares it. The
    device is whose it is, and counts what was tried.
    """

    device = models.ForeignKey(StaticDevice, models.CASCADE, related_name="codes")
    # The code's first letter, by which it is found: one slow hash for each try, not ten. Empty for
    # those from before it was kept.
    place = models.CharField(max_length=1, blank=True)
    stored = models.CharField(max_length=128)  # the rest, as Django keeps passwords

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["device", "place"],
                condition=~Q(place=""),
                name="booking_recoverycode_one_a_place",
            )
        ]

    def __str__(self) -> str:
        return self.place
