"""While the database is away, pages for everyone are answered as they were last made."""

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from clinic_site.middleware.page_cache import SHELF
from conditions.models import Condition, ContentVersion, State

PATH = "/conditions/pain/"


@pytest.fixture
def client():
    """Sees what a browser would."""
    return Client(raise_request_exception=False, headers={"host": "127.0.0.1"})


@pytest.fixture
def warm(db, settings, client):
    """The page of a condition, kept; the second in which nobody asks for its version is over."""
    settings.PAGE_CACHE_SECONDS, settings.DEMO = 60, True
    SHELF.clear()
    row = Condition.objects.create(
        slug="pain",
        title="Pain",
        name_in_text="pain",
        summary="S.",
        about="A.",
        state=State.EXAMPLE,
    )
    page = client.get(PATH)
    SHELF.version_until = 0
    yield row, page
    SHELF.clear()


def failing(error):
    def refuse(execute, *rest):
        raise error

    return connection.execute_wrapper(refuse)


def shown(answer):
    return answer.status_code, answer.content, answer.get("Cache-Control"), answer.get("ETag")


@pytest.mark.parametrize("error", [OperationalError("x"), InterfaceError("x")])
def test_a_page_is_answered_as_it_was_last_made(warm, client, error):
    _row, page = warm
    with failing(error):
        answers = [client.get(path) for path in (PATH, PATH, f"{PATH}?x=1")]
        again = client.get(PATH, headers={"if-none-match": page["ETag"]})

    assert [shown(answer) for answer in answers] == [shown(page)] * 3
    assert again.status_code == 304


def test_a_page_of_an_older_version_is_better_than_none(warm, client):
    row, page = warm
    ContentVersion.objects.bump()
    Condition.objects.filter(pk=row.pk).update(title="Ache")
    SHELF.current_version()  # known before the database goes
    with failing(OperationalError("x")):
        away = client.get(PATH)
        SHELF.pages.pop(PATH)
        control = client.get(PATH)

    assert (shown(away), control.status_code) == (shown(page), 503)


def test_the_first_answer_after_that_is_fresh(warm, client):
    row, page = warm
    with failing(OperationalError("x")):
        client.get(PATH)
    Condition.objects.filter(pk=row.pk).update(title="Ache")
    ContentVersion.objects.bump()
    within_the_second = client.get(PATH)
    SHELF.version_until = 0

    assert shown(within_the_second) == shown(page)
    assert "<h1>Ache</h1>" in client.get(PATH).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_database_is_tried_once_a_second(warm, client, count):
    tries = []

    def refuse(execute, sql, *rest):
        tries.append(sql)
        raise OperationalError

    with connection.execute_wrapper(refuse):
        for _time in range(count):
            client.get(PATH)

    assert len(tries) == 1


@pytest.mark.parametrize("path", ["/team/", "/book/", "/appointment/lost/", "/search/?q=pain"])
def test_what_is_not_kept_is_said_to_be_away(warm, client, path):
    with failing(OperationalError("x")):
        answer = client.get(path)

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )


def test_a_page_that_staff_took_back_is_not_shown_again(warm, client):
    row, _page = warm
    Condition.objects.filter(pk=row.pk).update(state=State.DRAFT)
    ContentVersion.objects.bump()
    assert client.get(PATH).status_code == 404
    SHELF.version_until = 0
    with failing(OperationalError("x")):
        assert client.get(PATH).status_code == 503


def test_a_slip_of_ours_is_not_hidden_by_an_old_page(warm, client):
    with failing(ProgrammingError("no such table")):
        assert client.get(PATH).status_code == 500
