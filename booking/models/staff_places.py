"""At which places somebody of the staff works: whoever has such rows sees these places alone."""

from typing import Any

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

# Who may what: roles given and taken, and what a role may. No password's hash, nor more of a person
# than the user name that each entry is called by.
auditlog.register(
    get_user_model(),
    include_fields=["username", "is_active", "is_staff", "is_superuser"],
    m2m_fields={"groups", "user_permissions"},
)
auditlog.register(Group, include_fields=["name"], m2m_fields={"permissions"})


@auditlog.register()
class StaffPlace(models.Model):
    """One place at which a user works. A user without any works at all of them: a small clinic sets
    nothing up.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_places", db_index=False
    )
    location = models.ForeignKey(
        "booking.Location", models.PROTECT, related_name="+", verbose_name=_("place")
    )  # protected: with their last place gone, its staff would see all

    class Meta:
        default_permissions = ()  # who may change a user says where they work
        verbose_name = _("place of work")
        verbose_name_plural = _("places of work (none: all places)")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "location"],
                name="booking_staffplace_once",
                violation_error_message=_("This place is there already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.location)


def of_places(user: Any, *paths: str) -> Q:
    """Rows at a place of the user's: one of the `paths` leads from a row to a place of theirs. All,
    for whoever works at every place.

    Asked within the query that it narrows: it takes none of its own.
    """
    found = Q(~Exists(_own(user)))
    for path in paths:
        found |= Q(**{f"{path}__in": keys_of_places(user)})
    return found


def keys_of_places(user: Any) -> QuerySet:
    """The same places as the rows of a query within a query."""
    return _own(user).values("location")


def _own(user: Any) -> QuerySet:
    return StaffPlace.objects.filter(user=user.pk)


def colleagues_of(user: Any) -> Q:
    """Users who work at the user's places and at no other, and the user; all, for whoever works at
    every place.
    """
    own, rows = keys_of_places(user), StaffPlace.objects.order_by()
    here = rows.filter(location__in=own).values("user")
    elsewhere = rows.exclude(location__in=own).values("user")
    return of_places(user) | Q(pk=user.pk) | (Q(pk__in=here) & ~Q(pk__in=elsewhere))


def places_of(user: Any) -> frozenset[int] | None:
    """The primary keys of the user's places; None for whoever works at all. One query."""
    return frozenset(_own(user).values_list("location", flat=True)) or None
