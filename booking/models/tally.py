"""When one thing was done last, to the moment."""

from django.db import models


class Tally(models.Model):
    """The moments of a day and of the days to come at which one mailbox is written to, or one visit
    moved.

    Written in the transaction of what is counted: only what succeeds counts, over all workers.
    `key` is a keyed hash: nothing of whose it is can be read here.
    """

    key = models.CharField(primary_key=True, max_length=64)
    moments = models.JSONField(default=list)  # whole seconds since 1970 (UTC), in order
    over_at = models.DateTimeField()  # when none of them counts any more

    def __str__(self) -> str:
        return str(len(self.moments))
