"""Staff accounts: managers make them and put them into groups, short of making superusers."""

from typing import Any

from auditlog.models import LogEntry
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from booking.admin.inviting import InvitationForm, is_staff, owe_link
from booking.admin.own_places import works_everywhere
from booking.models import StaffPlace
from booking.models.staff_places import colleagues_of, places_of
from conditions.admin.changes import ChangesAdmin
from conditions.admin.saving import SavesInTurn
from conditions.admin.words import PlainFields

User = get_user_model()
# The forms of second factors would show each key.
admin.site.unregister([User, Group, LogEntry, StaticDevice, TOTPDevice])
POWERS = ["is_superuser", "user_permissions"]

# Django says these in words for who writes programs.
LABELS = {
    "email": gettext_lazy("E-mail address"),
    "groups": gettext_lazy("Roles"),
    "is_superuser": gettext_lazy("May do everything"),
    "user_permissions": gettext_lazy("Single rights"),
    "last_login": gettext_lazy("Signed in last"),
    "date_joined": gettext_lazy("Account made"),
}
HELP = {
    "username": gettext_lazy("What they sign in with."),
    "is_active": gettext_lazy("Untick when somebody leaves: they can sign in no more."),
    "groups": gettext_lazy("What they see and do."),
    "is_superuser": "",
    "user_permissions": "",
}


class RoleFilter(admin.RelatedFieldListFilter):
    """By what staff call a group."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("role")


def _is_invitation(request: HttpRequest) -> bool:
    return request.path == reverse("admin:auth_user_add")


class StaffPlaceInline(PlainFields, admin.TabularInline):
    """Where somebody works: said by whoever works everywhere themself."""

    model = StaffPlace
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("auth.view_user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("auth.change_user") and works_everywhere(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)


@admin.register(User)
class StaffUserAdmin(SavesInTurn, UserAdmin):
    """Nobody but a superuser changes a superuser, or hands out single permissions, and nobody a
    role that may more than their own, or somebody who has one. Who works at some places alone has
    to do with those who work there, and makes nobody who sees more. Whoever has a role opens staff
    pages; who is new is invited.
    """

    kind, kinds = gettext_lazy("staff account"), gettext_lazy("staff accounts")
    list_display = ["username", "last_name", "first_name", "email", "roles", "is_active"]
    list_filter = ["is_active", ("groups", RoleFilter)]
    filter_horizontal = ["user_permissions"]

    add_form = InvitationForm
    add_form_template = None
    add_fieldsets = [(None, {"fields": ["first_name", "last_name", "email", "groups"]})]
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (gettext_lazy("Role"), {"fields": ["is_active", "groups", *POWERS]}),
        (gettext_lazy("Since when"), {"fields": ["last_login", "date_joined"]}),
    ]
    inlines = [StaffPlaceInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody's own: whoever is gone cannot be written down as who did it."""
        return super().has_delete_permission(request, obj) and obj != request.user

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        mine = super().get_queryset(request).filter(colleagues_of(request.user))
        return mine.prefetch_related("groups")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """An invitation whose user name somebody took at that very moment goes round once more."""
        try:
            return self._add_in_turn(request, *args, **kwargs)
        except IntegrityError:
            return self._add_in_turn(request, *args, **kwargs)

    @transaction.atomic
    def _add_in_turn(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            # Locked: of two invitations at once, the second finds the first's name and address.
            list(Group.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        return super().add_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The invitation on its own page alone: of an account that is gone, what was typed is
        shown under the fields of the change form.
        """
        form = self.add_form if _is_invitation(request) else self.form
        own = {"form": form, "labels": LABELS, "help_texts": HELP}
        return super().get_form(request, obj, change=change, **own | kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.add_fieldsets if _is_invitation(request) else self.fieldsets

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user = form.instance
        user.is_staff = is_staff(user)
        user.save(update_fields=["is_staff"])
        if not (user.is_active and user.is_staff):
            user.sessions.all().delete()  # for good: to be let in again revives none
        if not change:
            StaffPlace.objects.bulk_create(
                StaffPlace(user=user, location_id=key) for key in places_of(request.user) or ()
            )
            owe_link(user)
            self.message_user(request, _("The invitation is on its way."), messages.SUCCESS)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "groups":
            options["queryset"] = Group.objects.exclude(pk__in=_beyond(request.user))
            options["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **options)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Sends the link to choose one, at the address where Django's admin has it typed."""
        user = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user is None or not user.email:
            raise Http404
        if request.method == "POST":
            owe_link(user)
            self.message_user(request, _("The link is on its way."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
        context = self.admin_site.each_context(request) | {"opts": self.opts, "original": user}
        context["title"] = _("Send a link to choose a password")
        return render(request, "admin/auth/user/send_link.html", context)

    @admin.display(description=gettext_lazy("role"))
    def roles(self, user: Any) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        kept = list(super().get_readonly_fields(request, obj))
        return kept if request.user.is_superuser else kept + POWERS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        if obj is None or not may or request.user.is_superuser:
            return may
        roles = obj.groups.filter(pk__in=_beyond(request.user))
        rights = obj.user_permissions.filter(pk__in=_lacking(request.user))
        return not (obj.is_superuser or roles.exists() or rights.exists())


def _beyond(user: Any) -> QuerySet[Any]:
    """The primary keys of roles that may something which the user may not."""
    if user.is_superuser:
        return Group.objects.none().values("pk")
    return Group.objects.filter(permissions__in=_lacking(user)).order_by().values("pk")


def _lacking(user: Any) -> QuerySet[Any]:
    """The primary keys of what the user may not, by roles or single rights."""
    own = Permission.objects.filter(Q(group__user=user) | Q(user=user)).order_by()
    return Permission.objects.exclude(pk__in=own.values("pk")).order_by().values("pk")


@admin.register(Group)
class StaffGroupAdmin(SavesInTurn, GroupAdmin):
    """What the members of a group may do."""

    kind, kinds = gettext_lazy("role"), gettext_lazy("roles")


@admin.register(LogEntry)
class EveryChangeAdmin(ChangesAdmin):
    """Names people of all places: for whoever works at all of them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and works_everywhere(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and works_everywhere(request)
