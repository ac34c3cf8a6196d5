"""A flood of sign-ins from many networks: how many are hashed, and how long pages take meanwhile.

`pytest -s tests/abuse/test_sign_in_flood.py` prints the figures.
"""

import re
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from django.contrib.auth.models import User

GUESSES = 40
PAGE = "/"


def answer(address, sender, fields=None, cookie=""):
    """Status, headers and seconds that an answer took."""
    headers = {"X-Forwarded-For": sender, "Cookie": cookie}
    data = urlencode(fields).encode() if fields else None
    began = time.monotonic()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as found:
            status, headers = found.status, found.headers
    except urllib.error.HTTPError as error:
        status, headers = error.code, error.headers
    return status, headers, time.monotonic() - began


def guesses(site, names, senders):
    """The statuses of as many sign-ins at once, each with a wrong password."""
    login = f"{site.url}/admin/login/"
    _status, headers, _seconds = answer(login, "203.0.113.1")
    token = re.search(r"csrftoken=(\w+)", headers["Set-Cookie"])[1]

    def guess(number):
        fields = {"csrfmiddlewaretoken": token, "username": names[number], "password": "guess"}
        return answer(login, senders[number], fields, f"csrftoken={token}")[0]

    with ThreadPoolExecutor(GUESSES) as pool:
        found = [pool.submit(guess, number) for number in range(GUESSES)]
        pages = []
        while not all(each.done() for each in found):
            pages.append(answer(site.url + PAGE, "203.0.113.2")[2])
    return Counter(each.result() for each in found), pages


def told(what, statuses, pages):
    slowest = max(pages, default=0)
    sys.stdout.write(f"\n{what}: {dict(statuses)}; slowest page of {len(pages)}: {slowest:.2f} s\n")


def test_flood_over_names_and_networks_hashes_few_at_once(serve):
    site = serve(workers=2, environment={"TRUSTED_PROXIES": "127.0.0.1"})
    names = [f"name{n}" for n in range(GUESSES)]
    statuses, pages = guesses(site, names, [f"198.51.100.{n}" for n in range(GUESSES)])
    told("40 names from 40 networks", statuses, pages)

    assert set(statuses) == {200, 503}


def test_guesses_at_one_name_from_many_networks_are_five(serve):
    User.objects.create_user("rosa", password="a long enough password", is_staff=True)
    site = serve(workers=2, environment={"TRUSTED_PROXIES": "127.0.0.1"})
    senders = [f"2001:db8:{n}::1" for n in range(GUESSES)]
    total = Counter()
    for _ in range(3):
        statuses, pages = guesses(site, ["rosa"] * GUESSES, senders)
        told("40 guesses at one name", statuses, pages)
        total += statuses

    assert total[200] <= 5
    assert total.total() == 3 * GUESSES
