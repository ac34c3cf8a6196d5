"""What search engines and messengers are told: robots.txt, the site map, and of what nothing."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from booking.models import Therapist
from conditions.sitemaps import SITEMAPS as CONTENT_SITEMAPS
from conditions.sitemaps import OwnSitemap
from conditions.views import public

# Pages of staff, and of one patient each. No view can say so in robots.txt, nor before it is made.
NOT_FOR_CRAWLERS = ("/admin/", "/appointment", "/m/", "/offer/", "/wish/")
ROBOTS = """\
User-agent: *
{disallowed}

Sitemap: {base_url}/sitemap.xml
"""


@public
def robots(request: HttpRequest) -> HttpResponse:
    paths = sorted([*NOT_FOR_CRAWLERS, "/book/*/"])
    disallowed = "\n".join(f"Disallow: {path}" for path in paths)
    text = ROBOTS.format(disallowed=disallowed, base_url=settings.BASE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


class ClinicSitemap(OwnSitemap):
    """The pages that belong to no content: home, booking and the team's."""

    def items(self) -> list[str]:
        return ["home", "booking:book", "booking:team"]

    def location(self, item: str) -> str:
        return reverse(item)


class TherapistSitemap(OwnSitemap):
    def items(self) -> QuerySet[Therapist]:
        return Therapist.objects.filter(active=True).order_by("slug")


SITEMAPS = {"clinic": ClinicSitemap, "therapists": TherapistSitemap, **CONTENT_SITEMAPS}
