"""robots.txt."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /appointment
Disallow: /book/*/
Disallow: /m/

Sitemap: {base_url}/sitemap.xml
"""


def robots(request: HttpRequest) -> HttpResponse:
    text = ROBOTS.format(base_url=settings.BASE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
