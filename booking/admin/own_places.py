"""Lists and pickers of the admin with what is at the user's own places, for whoever has some."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth import get_permission_codename, get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest

from booking.desk import frame
from booking.models import Location, Therapist
from booking.models.staff_places import colleagues_of, keys_of_places, of_places

User = get_user_model()
ACTIONS = ["add", "change", "delete"]


def visible(request: HttpRequest, model: Any) -> QuerySet:
    """The rows of a model that the user has to do with."""
    user = frame.staff(request)
    if model is User:
        return User._default_manager.filter(colleagues_of(user))
    return model.objects.visible_to(user)


class PicksOwnPlaces(BaseModelAdmin):
    """Therapists, places and colleagues to choose among are those of the user's places."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.related_model in (Location, Therapist, User) and "queryset" not in options:
            options["queryset"] = visible(request, db_field.related_model)
        return super().formfield_for_foreignkey(db_field, request, **options)


class OfOwnPlaces(PicksOwnPlaces, admin.ModelAdmin):
    """Rows at the places of whoever looks; others look as if they did not exist."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(frame.staff(request))


class OwnTherapists(admin.RelatedFieldListFilter):
    """A list is narrowed by the therapists whom the user has to do with."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        keys = Therapist.objects.visible_to(frame.staff(request)).order_by().values("pk")
        ordering = self.field_admin_ordering(field, request, model_admin)
        limit = {"pk__in": keys}
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=limit)


class OwnColleagues(admin.RelatedFieldListFilter):
    """A list is narrowed by the colleagues whom the user has to do with."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        limit = {"pk__in": visible(request, User).values("pk")}
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=limit)


class OfAllPlaces(admin.ModelAdmin):
    """What counts at every place: whoever works at some of them alone reads it, and changes none of
    it, as that would close, pause or change the others too.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and reaches_all(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and reaches_all(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and reaches_all(request)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """The menu of every page asks this: it is told of the role alone, without a query."""
        codes = {act: get_permission_codename(act, self.opts) for act in ACTIONS}
        may = frame.staff(request).has_perm
        return {act: may(f"{self.opts.app_label}.{code}") for act, code in codes.items()} | {
            "view": self.has_view_permission(request)
        }


def reaches_all(request: Any) -> bool:
    """Whether the user works at every place that there is; one query for each request, of which the
    admin asks it several times.
    """
    if not hasattr(request, "reaches_all"):
        others = Location.objects.exclude(of_places(frame.staff(request), "pk"))
        request.reaches_all = not others.exists()
    return bool(request.reaches_all)


def works_everywhere(request: HttpRequest) -> bool:
    """Whether the user's places are not narrowed down; one query."""
    return not keys_of_places(frame.staff(request)).exists()
