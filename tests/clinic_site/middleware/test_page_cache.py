"""Public pages are made and packed once, and a change by staff shows on every process."""

import gzip
import re
import time
import urllib.request
from urllib.parse import urlsplit

import brotli
import pytest
from django.contrib.auth.models import User
from django.test import Client

from clinic_site.middleware.packing import accepted
from clinic_site.middleware.page_cache import MOST_PAGES, SHELF
from conditions.models import Condition, ContentVersion, State
from tests import shipped
from tests.builders import make_therapist, make_visit_type
from tests.patience import wait_until

PATH = "/conditions/pain/"
BROWSER = {"accept-encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def shelf(db, settings):
    """Pages are kept, as they are on a running site; the demo shows them."""
    settings.PAGE_CACHE_SECONDS, settings.DEMO = 60, True
    SHELF.clear()
    yield SHELF
    SHELF.clear()


@pytest.fixture
def condition(db):
    return make_condition("pain")


def make_condition(slug):
    return Condition.objects.create(
        slug=slug, title="Pain", name_in_text="pain", summary="S.", about="A.", state=State.EXAMPLE
    )


def retitle(condition, title):
    Condition.objects.filter(pk=condition.pk).update(title=title)


def shows(client, title, path=PATH):
    return f"<h1>{title}</h1>" in client.get(path).content.decode()


def staff():
    visitor = Client(headers={"host": "127.0.0.1"})
    visitor.force_login(
        User.objects.create_superuser("editor"), "django.contrib.auth.backends.ModelBackend"
    )
    return visitor


def test_page_is_kept_until_the_version_changes(shelf, condition, client):
    assert shows(client, "Pain")
    retitle(condition, "Ache")
    shelf.version_until = 0  # a second later
    assert shows(client, "Pain")  # nobody has said so: the control of all that follows

    ContentVersion.objects.bump()
    shelf.version_until = 0
    assert shows(client, "Ache")


def test_page_is_made_anew_when_it_is_old(shelf, condition, client):
    assert shows(client, "Pain")
    retitle(condition, "Ache")
    for page in shelf.pages.values():
        page.fresh_until = time.monotonic()

    assert shows(client, "Ache")


@pytest.mark.parametrize("rows", [1, 3])
def test_kept_page_asks_for_the_version_once_a_second(
    shelf, condition, client, django_assert_num_queries, rows
):
    for number in range(rows):
        make_condition(f"pain-{number}")
    client.get(PATH)
    shelf.version_until = float("inf")  # within the second, however slow the machine

    with django_assert_num_queries(0):
        client.get(PATH)
    shelf.version_until = 0
    with django_assert_num_queries(1):
        client.get(PATH)


def test_page_is_packed_as_the_browser_takes_it(shelf, condition, client):
    whole = client.get(PATH)
    packed = {
        name: client.get(PATH, headers={"accept-encoding": name}) for name in ("gzip", "br", "zstd")
    }

    assert {name: answer.get("Content-Encoding") for name, answer in packed.items()} == {
        "gzip": "gzip",
        "br": "br",
        "zstd": None,
    }
    assert gzip.decompress(packed["gzip"].content) == whole.content
    assert brotli.decompress(packed["br"].content) == whole.content == packed["zstd"].content
    for answer in [whole, *packed.values()]:
        assert (
            answer["Vary"],
            answer["Cache-Control"],
            answer["ETag"],
            answer["Content-Length"],
            dict(answer.cookies),
        ) == (
            "Accept-Encoding",
            "public, no-cache",
            whole["ETag"],
            str(len(answer.content)),
            {},
        )


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", ""),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_accept_encoding_is_read_as_it_is_meant(header, encoding):
    assert accepted(header) == encoding


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("br", None),
        ("identity", None),
    ],
)
def test_a_page_that_is_never_kept_is_packed_for_who_takes_it(client, db, header, encoding):
    whole = client.get("/book/")
    response = client.get("/book/", headers={"accept-encoding": header})

    body = gzip.decompress(response.content) if encoding else response.content
    weak = "W/" if encoding else ""
    assert (
        body,
        response.get("Content-Encoding"),
        response["ETag"],
        response["Content-Length"],
    ) == (
        whole.content,
        encoding,
        weak + whole["ETag"],
        str(len(response.content)),
    )
    assert {answer["Vary"] for answer in (whole, response)} == {"Accept-Encoding"}


def test_the_size_of_a_packed_page_does_not_tell_what_it_holds(client, db):
    sizes = {
        len(client.get("/book/", headers={"accept-encoding": "gzip"}).content)
        for _time in range(20)
    }

    assert len(sizes) > 1


def test_visitor_who_has_a_page_that_is_never_kept_is_not_sent_it_again(client, db):
    first = client.get("/book/", headers=BROWSER)
    again = client.get("/book/", headers=BROWSER | {"if-none-match": first["ETag"]})

    assert (first["Content-Encoding"], again.status_code, again.content) == ("gzip", 304, b"")


def test_visitor_who_has_the_page_is_not_sent_it_again(shelf, condition, client):
    first = client.get(PATH, headers=BROWSER)
    again = client.get(PATH, headers=BROWSER | {"if-none-match": first["ETag"]})
    retitle(condition, "Ache")
    ContentVersion.objects.bump()
    shelf.version_until = 0
    changed = client.get(PATH, headers=BROWSER | {"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["Cache-Control"], again["Vary"]) == ("public, no-cache", "Accept-Encoding")
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_head_has_the_same_headers_and_no_body(shelf, condition, client):
    whole = client.get(PATH, headers=BROWSER)
    head = client.head(PATH, headers=BROWSER)

    assert (head.status_code, head.content, dict(head.items())) == (200, b"", dict(whole.items()))


def test_kept_page_carries_the_headers_of_a_fresh_one(shelf, condition, client, settings):
    client.get(PATH)
    kept = client.get(PATH)
    settings.PAGE_CACHE_SECONDS = 0
    fresh = client.get(PATH)

    differing = {"ETag"}
    assert {name: kept[name] for name in kept.headers if name not in differing} == {
        name: fresh[name] for name in fresh.headers if name not in differing
    }


def test_what_is_not_the_same_for_everyone_is_not_kept(shelf, condition, client):
    make_therapist()
    make_visit_type()
    link = client.get("/book/").content.decode().split('href="/book/ana-')[1].split('"')[0]
    paths = [
        *("/nowhere/", "/book/", f"/book/ana-{link}", "/search/?q=pain", "/appointment/"),
        *("/admin/login/", "/exercises/program/?for=pain", "/sitemap.xml"),
    ]
    for path in paths:
        client.get(path, headers=BROWSER)
    client.head(PATH)
    client.post(PATH)

    assert list(shelf.pages) == []


planted = pytest.mark.urls("tests.clinic_site.middleware.planted_urls")


def greeted(path):
    """What one visitor, who has the cookie of a visit, is told there, and then another."""
    rosa, stranger = (Client(headers={"host": "127.0.0.1"}) for _ in range(2))
    rosa.cookies["appointment"] = "Rosa"
    return [visitor.get(path).content.decode() for visitor in (rosa, stranger)]


@planted
def test_a_view_that_says_nothing_and_reads_a_cookie_is_not_shared(shelf):
    answers = greeted("/silent/")

    assert (answers, list(shelf.pages)) == (["Hello Rosa", "Hello stranger"], [])


@planted
def test_the_same_view_would_be_shared_if_it_said_that_it_is_public(shelf):
    answers = greeted("/public/")

    assert (answers, list(shelf.pages)) == (["Hello Rosa"] * 2, ["/public/"])


@planted
@pytest.mark.parametrize(
    "path", ["/private/", "/no-store/", "/sets-a-cookie/", "/varies-by-cookie/", "/file/"]
)
def test_what_else_a_view_says_keeps_its_answer_off_the_shelf(shelf, path):
    answers = greeted(path)

    assert (answers, list(shelf.pages)) == (["Hello Rosa", "Hello stranger"], [])


@planted
def test_nobody_may_keep_what_its_view_says_nothing_of(client):
    found = {path: client.get(path)["Cache-Control"] for path in ["/silent/", "/public/"]}

    assert found == {"/silent/": "no-store", "/public/": "public, no-cache"}


def test_every_page_for_everyone_is_kept(shelf, client):
    shipped.load()
    make_visit_type()
    make_therapist()
    paths = [urlsplit(url).path for url in re.findall("<loc>(.*?)</loc>", sitemap(client))]
    for path in paths:
        client.get(path)

    assert {*shelf.pages} == {*paths} - {"/book/"}


def sitemap(client):
    return client.get("/sitemap.xml").content.decode()


def test_hidden_page_is_not_shown_from_the_shelf(shelf, condition, client, settings):
    assert client.get(PATH).status_code == 200
    settings.DEMO = False
    ContentVersion.objects.bump()
    shelf.version_until = 0

    assert client.get(PATH).status_code == 404


def test_other_host_name_is_refused_though_the_page_is_kept(shelf, condition, client):
    client.get(PATH)

    assert client.get(PATH, headers={"host": "elsewhere.example"}).status_code == 400


def test_shelf_holds_so_many_pages_and_no_more(shelf, condition, client):
    client.get(PATH)
    page = shelf.pages[PATH]
    for number in range(MOST_PAGES):
        shelf.put(f"/{number}/", page)

    assert list(shelf.pages) == [f"/{number}/" for number in range(MOST_PAGES)]


def test_page_made_anew_and_the_same_is_not_packed_again(shelf, condition, client):
    client.get(PATH, headers=BROWSER)
    [before] = shelf.pages.values()
    ContentVersion.objects.bump()
    shelf.version_until = 0
    client.get(PATH, headers=BROWSER)
    [after] = shelf.pages.values()

    assert (after.version, after.packed is before.packed) == (before.version + 1, True)


@pytest.mark.parametrize(
    ("path", "bumps"),
    [
        ("/admin/conditions/preventiontip/add/", 1),
        ("/admin/booking/location/add/", 1),
        ("/admin/booking/closure/add/", 1),
        ("/admin/booking/appointment/book/", 0),
        ("/admin/desk/telephoned/", 0),
        ("/admin/login/", 0),
        ("/book/ana/20991130T1500Z/", 0),
    ],
)
def test_staff_changes_bump_the_version_and_bookings_do_not(db, path, bumps):
    staff().post(path, {"title": "Tip", "text": "Move.", "name": "Main"})

    assert ContentVersion.objects.current() == bumps


def test_stranger_cannot_empty_the_shelves(db, client):
    answer = client.post("/admin/conditions/preventiontip/add/", {"title": "Tip", "text": "Move."})

    assert (answer.status_code, ContentVersion.objects.current()) == (302, 0)


def test_database_keeps_the_version_in_one_row(db):
    for _ in range(3):
        ContentVersion.objects.bump()

    assert list(ContentVersion.objects.values_list("pk", "number")) == [(1, 3)]


def fetched(site):
    with urllib.request.urlopen(f"{site.url}{PATH}") as answer:
        return answer.read().decode()


def test_edit_in_the_admin_shows_on_every_process(serve):
    condition = make_condition("pain")
    old = {"DEMO": "1", "PAGE_CACHE_SECONDS": "3600"}
    sites = [serve(workers=1, environment=old) for _ in range(2)]
    assert ["<h1>Pain</h1>" in fetched(site) for site in sites] == [True, True]

    retitle(condition, "Ache")
    assert ["<h1>Pain</h1>" in fetched(site) for site in sites] == [True, True]

    staff().post("/admin/conditions/preventiontip/add/", {"title": "Tip", "text": "Move."})
    wait_until(lambda: all("<h1>Ache</h1>" in fetched(site) for site in sites))
