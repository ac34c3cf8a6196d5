"""Who signed in, and who was refused, for managers: to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.admin.own_places import OwnColleagues
from booking.admin.read_only import WrittenOnce
from booking.desk import frame
from booking.models import SignIn
from booking.models.staff_places import of_places


@admin.register(SignIn)
class SignInAdmin(WrittenOnce):
    """Written as people sign in; nobody changes it. For whoever works at all places."""

    kind, kinds = gettext_lazy("sign-in"), gettext_lazy("sign-ins")
    list_display = ["when", "who", "step", "outcome", "network"]
    list_display_links = ["when"]
    list_filter = ["outcome", "step", ("by", OwnColleagues)]
    list_select_related = ["by"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-at", "-pk"]
    fields = ["when", "who", "step", "outcome", "network"]
    readonly_fields = ["when", "who", "step", "outcome", "network"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """None for who works at some places alone: names of all are tried."""
        return super().get_queryset(request).filter(of_places(frame.staff(request)))

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, row: SignIn) -> str:
        return date_format(localtime(row.at), "D, M j, Y, P")

    @admin.display(description=gettext_lazy("who"), ordering="by")
    def who(self, row: SignIn) -> str:
        """What nobody is called is not kept: people type passwords where a name belongs."""
        if row.by_id is None and not row.name:
            return _("Names that nobody has")
        if row.by_id is None:
            return _("A name that nobody has: %(hash)s") % {"hash": row.name}
        return str(row.by) if row.by else _("Somebody who has left")
