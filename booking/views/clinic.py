"""Who we are and where: `/team/`, `/team/<slug>/`, `/photos/…`, `/contact/`, and `/costs/`."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from booking import logo as logos
from booking import photographs
from booking.calendars import hours
from booking.calendars.soonest import soonest_of_all
from booking.models import (
    Closure,
    InsurancePlan,
    Location,
    ReferralRule,
    Therapist,
    VisitType,
)
from booking.views import structured
from booking.views.identity import clinic_of
from booking.wording import mail_address
from conditions.images.files import Folder
from conditions.models import Condition
from conditions.models.pages import published_page
from conditions.pages import parts
from conditions.views import public


@public
def team(request: HttpRequest) -> HttpResponse:
    """Everyone who treats, each with the next free time."""
    visit_type = VisitType.objects.online().first()
    free = {}
    if visit_type:
        free = soonest_of_all(visit_type, timezone.now()).by_therapist
    rows = [(row, free.get(row.pk)) for row in Therapist.objects.filter(active=True)]
    context = {"rows": rows, "working_hours": hours.weekly_rules()}
    return render(request, "booking/team.html", context)


@public
def therapist(request: HttpRequest, slug: str) -> HttpResponse:
    """One therapist: who they are, what they treat, and the next free times."""
    treated = Prefetch("treats", Condition.objects.published())
    row = get_object_or_404(Therapist.objects.prefetch_related(treated), slug=slug, active=True)
    years = row.years_by(timezone.localdate())
    return render(request, "booking/therapist.html", {"therapist": row, "years": years})


@require_safe
def photo(request: HttpRequest, name: str, size: int) -> HttpResponse:
    """A photograph of our own making; its name is its content, so it may be kept for ever."""
    return _file(photographs.FILES, name, size)


@require_safe
def logo(request: HttpRequest, name: str, height: int) -> HttpResponse:
    """The clinic's logo, as the site wrote it: kept in the same way."""
    return _file(logos.FILES, name, height)


def _file(folder: Folder, name: str, size: int) -> HttpResponse:
    try:
        content = folder.read(name, size)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type="image/webp",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@public
def contact(request: HttpRequest) -> HttpResponse:
    """Telephone, addresses, opening hours from the data, and the clinic's own words."""
    page = published_page("contact")
    context = parts.of_page(page) if page else {}
    locations = Location.objects.prefetch_related("pictures")
    rules = hours.weekly_rules()
    opening_hours = hours.opening_hours(timezone.localdate(), rules)
    context |= {
        "locations": locations,
        "pictured": any(row.pictures.all() for row in locations),
        "working_hours": rules,
        "opening_hours": hours.as_said(opening_hours),
        "structured": structured.clinic(clinic_of(request), locations, opening_hours),
        "closures": Closure.objects.filter(ends_at__gt=timezone.now())[:5],
        "email": mail_address(),
    }
    return render(request, "booking/contact.html", context)


@public
def costs(request: HttpRequest) -> HttpResponse:
    """Prices, accepted plans and the state's referral rule from the data, under the clinic's text.

    404 while the text may not be shown: without its notice of estimates the page is not whole.
    """
    page = published_page("costs")
    if page is None:
        raise Http404
    context = parts.of_page(page) | {
        "priced": VisitType.objects.offered().exclude(price=None),
        "fees": no_show_fees(VisitType.objects.offered().exclude(no_show_fee=None)),
        "plans": InsurancePlan.objects.filter(active=True),
        "referral_rules": ReferralRule.objects.all(),
    }
    return render(request, "booking/costs.html", context)


class NoShowFee(NamedTuple):
    """What it costs to cancel later than `hours` before a visit, or not to come."""

    names: str  # of the visit types that it is the same for
    hours: int
    fee: Decimal


def no_show_fees(visit_types: Iterable[VisitType]) -> list[NoShowFee]:
    """One for each fee and number of hours, in the order of the visit types, all of which have a
    fee.
    """
    found: dict[tuple[int, Any], list[str]] = {}
    for row in visit_types:
        found.setdefault((row.change_window_hours, row.no_show_fee), []).append(row.name)
    return [
        NoShowFee(get_text_list(names, gettext("and")), hours, fee)
        for (hours, fee), names in found.items()
    ]
