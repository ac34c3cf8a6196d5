"""Staff accounts: managers make them and put them into groups, short of making superusers."""

from http import HTTPStatus
from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from booking.admin.own_places import works_everywhere
from booking.models import StaffPlace
from booking.models.staff_places import colleagues_of, places_of
from conditions.admin.acting import SEEN
from conditions.admin.changes import ChangesAdmin
from conditions.admin.meanwhile import digest
from conditions.admin.saving import SavesInTurn
from conditions.admin.words import PlainFields

User = get_user_model()
admin.site.unregister([User, Group, LogEntry])
POWERS = ["is_superuser", "user_permissions"]


class StaffPasswordForm(AdminPasswordChangeForm):
    """A new password, unless somebody has set another one since the form was shown."""

    stale = False

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.standing = digest([user.password])  # of what is stored, which is salted

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        self.stale = self.data.get(SEEN) != self.standing and not self._is_done(cleaned)
        if self.stale:
            words = _("Nothing was saved: somebody else has set a password since you opened this.")
            raise ValidationError(words, code="stale")
        return cleaned

    def _is_done(self, cleaned: dict[str, Any]) -> bool:
        """Whether it is this password already, as after a double click."""
        return bool(self.user.check_password(cleaned.get("password1")))


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
    """Nobody but a superuser changes a superuser, or hands out single permissions. Who works at
    some places alone has to do with those who work there, and makes nobody who sees more.
    """

    kind, kinds = gettext_lazy("staff account"), gettext_lazy("staff accounts")
    list_display = ["username", "last_name", "first_name", "email", "roles", "is_active"]
    list_filter = ["is_active", "groups"]

    change_password_form = StaffPasswordForm
    inlines = [StaffPlaceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        mine = super().get_queryset(request).filter(colleagues_of(request.user))
        return mine.prefetch_related("groups")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not form.instance.is_active:
            form.instance.sessions.all().delete()  # for good: to be let in again revives none
        if not change:
            StaffPlace.objects.bulk_create(
                StaffPlace(user=form.instance, location_id=key)
                for key in places_of(request.user) or ()
            )

    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        with transaction.atomic():
            if request.method == "POST":
                self._row_locked(request, id)
            response: HttpResponse = super().user_change_password(request, id, form_url)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if getattr(form, "stale", False):
            response.status_code = HTTPStatus.CONFLICT
        return response

    @admin.display(description=gettext_lazy("role"))
    def roles(self, user: Any) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        kept = list(super().get_readonly_fields(request, obj))
        return kept if request.user.is_superuser else kept + POWERS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


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
