"""How much one sender has sent in an hour."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HourlyCount(models.Model):
    """How often one client address, e-mail address or telephone number sent a form that counted.

    Written in the transaction of what was sent: only what succeeds counts, over all workers.
    `key` is a keyed hash: nothing of whose it is can be read here.
    """

    key = models.CharField(primary_key=True, max_length=64)
    moments = models.JSONField(default=list)  # of the last hour: whole seconds since 1970 (UTC)
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(_("times in the hour before the last"), default=0)

    def __str__(self) -> str:
        return str(self.times)
