"""The frame of the desk's own pages: who may, which visits, and the admin around them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from booking.calendars import hours
from booking.desk import looking, places
from booking.models import Appointment
from booking.transactions import is_passing
from booking.visits.refusals import Changed, Refused, SlotUnavailable

View = Callable[..., HttpResponse]
CLICKS = {f"booking_appointment_{name}" for name in ("status", "undo", "keep", "tell", "tell_all")}
CHOSEN = ("visit", "place")  # what the desk has chosen to see, in addresses: no word of a patient


def requires(*permissions: str) -> Callable[[View], View]:
    """Answer 403 to staff without all of these permissions of the booking app."""
    required = [f"booking.{permission}" for permission in permissions]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not staff(request).has_perms(required):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def staff(request: HttpRequest) -> AbstractUser:
    """Who is signed in; the admin lets nobody else in."""
    return request.user  # type: ignore[return-value]


def may(request: HttpRequest, permission: str) -> bool:
    """Whether the signed-in user has a permission of the booking app."""
    return staff(request).has_perm(f"booking.{permission}")


def insist(request: HttpRequest, permission: str) -> None:
    """Raises PermissionDenied without that permission of the booking app."""
    if not may(request, permission):
        raise PermissionDenied


def visit_or_404(request: HttpRequest, pk: int) -> Appointment:
    """An appointment that the user may see, and looks at. Others' look as if they did not exist."""
    visits = Appointment.objects.visible_to(staff(request)).with_details()
    found = get_object_or_404(visits, pk=pk)
    looking.saw_visits(request, [found])
    return found


def show(
    request: HttpRequest, template: str, title: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the desk, inside the admin's own."""
    frame = admin.site.each_context(request)
    bare = {"is_nav_sidebar_enabled": False}  # the desk's menu stands above, and tables need width
    own = {"title": title, "opts": Appointment._meta, **kept(request)}
    whole = {**frame, **bare, **own, **context}
    return TemplateResponse(request, f"admin/booking/{template}", whole, status=status)


def chosen(request: HttpRequest) -> dict[str, str]:
    """The visit type and place that the day before this page was asked for, to be kept."""
    return {name: request.GET[name] for name in CHOSEN if request.GET.get(name)}


def kept(request: HttpRequest) -> dict[str, Any]:
    """The same for templates: by name, as a whole query, and as the rest of one."""
    words = urlencode(chosen(request))
    return {
        "kept": chosen(request),
        "chosen": f"?{words}" if words else "",
        "and_chosen": f"&{words}" if words else "",
    }


def to_day(request: HttpRequest, visit: Appointment) -> HttpResponseRedirect:
    """On to the sheet of the visit's day, at the visit; what was chosen there stays chosen, unless
    it is the day of another place.
    """
    asked = {"date": hours.today(visit.starts_at).isoformat(), **chosen(request)}
    shown = places.chosen(request).place
    if shown and shown.pk != visit.location_id:
        asked["place"] = visit.location.slug
    return HttpResponseRedirect(_beside_grid(urlencode(asked), visit))


def back(request: HttpRequest, visit: Appointment) -> HttpResponseRedirect:
    """Back to the admin page that the click came from, else to the visit's day."""
    page = _came_from(request)
    if not page:
        return to_day(request, visit)
    path, _mark, query = page.partition("?")
    if path == reverse("desk:day"):
        return HttpResponseRedirect(_beside_grid(query, visit))
    return HttpResponseRedirect(f"{page}#visit-{visit.pk}")


def _beside_grid(query: str, visit: Appointment) -> str:
    """The address of a day that was asked for so, with this visit open."""
    asked = QueryDict(query, mutable=True)
    asked["open"] = str(visit.pk)
    return f"{reverse('desk:day')}?{asked.urlencode()}#visit-{visit.pk}"


def back_to_page(request: HttpRequest) -> HttpResponseRedirect:
    """Back to the admin page that the click came from, else to the desk's first page."""
    return HttpResponseRedirect(_came_from(request) or reverse("desk:day"))


def _came_from(request: HttpRequest) -> str:
    """The admin page that a click came from; empty if it was another's, or takes clicks alone."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    address = urlsplit(came_from if ours else "")
    if not address.path.startswith(reverse("admin:index")) or _is_click(address.path):
        return ""
    return f"{address.path}?{address.query}" if address.query else address.path


def _is_click(path: str) -> bool:
    """Whether an address of ours takes clicks alone: a page that was its answer is not there."""
    try:
        return resolve(path).url_name in CLICKS
    except Resolver404:
        return False


def phone_link(row: Any) -> SafeString | str:
    """The telephone number of a visit, a question or a wish, to be called; without one, why a visit
    has none, else nothing.
    """
    if not row.phone:
        why = getattr(row, "no_phone_reason", "")
        return _("No telephone: %(why)s") % {"why": why} if why else ""
    return format_html('<a href="tel:{}">{}</a>', row.phone_e164 or row.phone, row.phone)


def email_link(email: str) -> SafeString | str:
    """An e-mail address to write to; empty where there is none."""
    return format_html('<a href="mailto:{0}">{0}</a>', email) if email else ""


def list_button(address: str, label: str, name: str = "") -> SafeString:
    """A button in a row of a list, which posts to an address; `name` says about whom it is."""
    context = {"address": address, "label": label, "name": name}
    return render_to_string("admin/booking/includes/list_button.html", context)


def in_words(instant: datetime) -> str:
    """Clinic time, as the desk says it: `Monday, November 30, 9:30 a.m.`"""
    return date_format(localtime(instant), "l, F j, P")


def why_not(error: Refused | OperationalError) -> str:
    """Why nothing was done, for staff. Raises an error of the database that does not pass again."""
    if isinstance(error, Refused):
        return str(error.for_staff)
    if not is_passing(error):
        raise error
    return _("The calendar is busy. Nothing was changed: try once more.")


def _visible(request: HttpRequest, visits: list[Appointment]) -> list[Appointment]:
    """Those of the visits that the user may see: at another place, nobody is named."""
    seen = Appointment.objects.visible_to(staff(request))
    return list(seen.filter(pk__in=[visit.pk for visit in visits]).order_by("starts_at", "pk"))


def say_undoable(request: HttpRequest, visit: Appointment, done: str) -> None:
    """Say what was done, with the way back and what is mailed of it: see `undo`."""
    messages.success(request, done, extra_tags=f"undo-{visit.pk}-{visit.sequence}")


def attempt(
    request: HttpRequest, act: Callable[[], object], done: str | Callable[[Any], None]
) -> bool:
    """Do what a click asked for, and say how it went. False where it did not happen.

    `done` are the words for that it did, or what says them of the result.

    Raises Changed: then the visit is to be shown again, as it is now.
    """
    try:
        result = act()
    except Changed as refused:
        messages.error(request, why_not(refused))
        raise
    except (Refused, OperationalError) as error:
        if isinstance(error, SlotUnavailable):
            error.others = _visible(request, error.others)
        messages.error(request, why_not(error))
    else:
        if isinstance(done, str):
            messages.success(request, done)
        else:
            done(result)
        return True
    return False
