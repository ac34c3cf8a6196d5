"""What search engines are told: robots.txt and the site map."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from booking.models import Therapist
from conditions.sitemaps import SITEMAPS as CONTENT_SITEMAPS

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /appointment
Disallow: /book/*/
Disallow: /m/
Disallow: /offer/
Disallow: /wish/

Sitemap: {base_url}/sitemap.xml
"""


def robots(request: HttpRequest) -> HttpResponse:
    text = ROBOTS.format(base_url=settings.BASE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


class ClinicSitemap(Sitemap):
    """The pages that belong to no content: home, booking and the team's."""

    def items(self) -> list[str]:
        return ["home", "booking:book", "booking:team"]

    def location(self, item: str) -> str:
        return reverse(item)


class TherapistSitemap(Sitemap):
    def items(self) -> QuerySet[Therapist]:
        return Therapist.objects.filter(active=True).order_by("slug")


SITEMAPS = {"clinic": ClinicSitemap, "therapists": TherapistSitemap, **CONTENT_SITEMAPS}
