"""Search engines are told of public pages alone."""

from conditions.models import Article, Exercise, Page, State
from conditions.sitemaps import SITEMAPS


def addresses():
    return [sitemap.location(item) for sitemap in SITEMAPS.values() for item in sitemap.items()]


def test_sitemaps_list_what_is_public_and_every_address_answers(content, client):
    Page.objects.filter(slug="privacy").update(state=State.DRAFT)
    listed = addresses()

    assert {"/conditions/", "/conditions/back-pain/", "/exercises/bird-dog/", "/contact/"} <= set(
        listed
    )
    assert "/privacy/" not in listed
    assert {path: client.get(path).status_code for path in listed} == dict.fromkeys(listed, 200)


def test_list_is_as_new_as_the_newest_that_it_shows(content, client):
    newest, next_newest = Exercise.objects.published().order_by("-updated_at")[:2]
    lists = SITEMAPS["lists"]

    assert lists.lastmod("exercises") == lists.lastmod("program") == newest.updated_at
    Exercise.objects.filter(pk=newest.pk).update(state=State.DRAFT)
    assert lists.lastmod("exercises") == next_newest.updated_at
    Article.objects.all().delete()
    assert lists.lastmod("articles") is None
    assert client.get("/sitemap.xml").status_code == 200


def test_live_clinic_lists_no_examples(content, settings):
    settings.DEMO = False

    assert addresses() == ["/conditions/", "/articles/", "/exercises/", "/exercises/program/"]
