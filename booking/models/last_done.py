"""When the clinic's machinery last did what everybody relies on."""

from datetime import datetime, timedelta

from django.db import models

# What is noted, by the words that `/readyz` and the set-up page use for it.
MAIL_WORKER, WRITE = "mail worker", "write"
BACKUP, RESTORE_DRILL, PURGE = "backup", "restore drill", "purge"
RESTORED = "restored"  # the moment of the backup; goes once somebody has seen to what came since
# How old each may be: what is done each night with some hours to spare, a month's drill with days.
LONGEST = {
    MAIL_WORKER: timedelta(minutes=3),
    BACKUP: timedelta(hours=30),
    RESTORE_DRILL: timedelta(days=35),
    PURGE: timedelta(hours=30),
}


class LastDoneQuerySet(models.QuerySet):
    """Notes and ages. In the database, as web and worker may stand on several machines."""

    def note(self, name: str, now: datetime, at_most_every: timedelta = timedelta(0)) -> None:
        """Write down that it was done, unless that was noted so lately.

        A clock that was set back is believed: a moment that lies ahead is written over.
        """
        lately = models.Q(at__gt=now - at_most_every, at__lte=now)
        if not self.filter(name=name).exclude(lately).update(at=now):
            self.bulk_create([self.model(name=name, at=now)], ignore_conflicts=True)

    def ages(self, now: datetime) -> dict[str, timedelta]:
        """How long ago each was done; what never was is missing."""
        return {name: now - at for name, at in self.values_list("name", "at")}


class LastDone(models.Model):
    """One thing that is done again and again, and when it was done last (UTC)."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    objects = LastDoneQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
