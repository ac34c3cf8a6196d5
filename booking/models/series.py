"""Visits that were booked together: twice a week for four weeks. Each is a row of its own."""

import uuid
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

Rows = TypeVar("Rows", bound=QuerySet)
MOST = 24  # visits of one series; one list, one e-mail and one transaction hold them


class Series(models.Model):
    """What ties visits that were booked together; who comes and when is on each of them.

    No time, no name and no status: whatever becomes of one visit, its row alone says it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    request_digest = models.CharField(max_length=64, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of what was told of it all
    created_at = models.DateTimeField(_("booked at"), auto_now_add=True)

    class Meta:
        default_permissions = ()  # who may see, book or change visits may do so with several
        verbose_name = _("series of visits")
        verbose_name_plural = _("series of visits")

    def __str__(self) -> str:
        return str(_("series of visits"))

    @property
    def contact(self) -> Any:
        """The visit by which its patient is reached for all: the last one that has an e-mail
        address, else the last one; None where no visit is left.
        """
        order = attrgetter("starts_at", "pk")
        return max(self.visits.all(), key=lambda row: (bool(row.email), order(row)), default=None)

    @property
    def email(self) -> str:
        """Where what is said of it all is mailed to; empty where no visit has an address."""
        return self.contact.email if self.contact else ""

    @property
    def name(self) -> str:
        """Who comes; empty where no visit is left."""
        return self.contact.name if self.contact else ""


def numbered(visits: Rows) -> Rows:
    """Visits, each with `series_number` and `series_count`, as in "3 of 8": the cancelled ones
    count too, so that a number stays. None of a visit that is of no series; no query of its own.
    """
    of_visit = Series.objects.filter(pk=OuterRef("series")).order_by()
    before = Q(visits__starts_at__lte=OuterRef("starts_at"))
    return visits.annotate(
        series_number=Subquery(
            of_visit.annotate(number=Count("visits", filter=before)).values("number")
        ),
        series_count=Subquery(of_visit.annotate(number=Count("visits")).values("number")),
    )
