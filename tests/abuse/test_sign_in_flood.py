"""A flood of sign-ins from many networks: how many are hashed, and how long pages take meanwhile.

`pytest -s tests/abuse/test_sign_in_flood.py` prints the figures.
"""

import itertools
import re
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User

from clinic_site.staff import known_browsers

GUESSES = 40
PASSWORD = "a long enough password"
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
    User.objects.create_user("rosa", password=PASSWORD, is_staff=True)
    site = serve(workers=2, environment={"TRUSTED_PROXIES": "127.0.0.1"})
    senders = [f"2001:db8:{n}::1" for n in range(GUESSES)]
    total = Counter()
    for _ in range(3):
        statuses, pages = guesses(site, ["rosa"] * GUESSES, senders)
        told("40 guesses at one name", statuses, pages)
        total += statuses

    assert total[200] <= 5
    assert total.total() == 3 * GUESSES


class Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def sign_in(login, token, known=""):
    """Status and headers of the right password, from a browser with `known` as its cookie."""
    fields = {"csrfmiddlewaretoken": token, "username": "rosa", "password": PASSWORD}
    cookie = f"csrftoken={token}; {known_browsers.NAME}={known}"
    headers = {"X-Forwarded-For": "203.0.113.7", "Cookie": cookie}
    request = urllib.request.Request(login, urlencode(fields).encode(), headers)
    try:
        with urllib.request.build_opener(Unfollowed).open(request) as found:
            return found.status, found.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def guess_on(login, token, stop, number):
    """The statuses of invented names from ever new networks of one /48, until `stop` is set."""
    found = Counter()
    for turn in itertools.count():
        if stop.is_set():
            return found
        name = f"name{number}x{turn}"
        fields = {"csrfmiddlewaretoken": token, "username": name, "password": "guess"}
        sender = f"2001:db8:1:{number * 1000 + turn % 900:x}::1"
        found[answer(login, sender, fields, f"csrftoken={token}")[0]] += 1


def test_flood_from_one_48_keeps_staff_out_of_no_known_browser(serve):
    # Hashed as the site does it; the tests' own hasher is a fast one.
    slow = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-this-test-alone")
    User.objects.create(username="rosa", password=slow, is_staff=True)
    site = serve(workers=2, environment={"TRUSTED_PROXIES": "127.0.0.1"})
    login = f"{site.url}/admin/login/"
    _status, headers, _seconds = answer(login, "203.0.113.1")
    token = re.search(r"csrftoken=(\w+)", headers["Set-Cookie"])[1]
    _status, headers = sign_in(login, token)
    known = re.search(rf"{known_browsers.NAME}=([^;]+)", str(headers))[1]
    stop = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(guess_on, login, token, stop, number) for number in range(1, 5)]
        statuses = [sign_in(login, token, known)[0] for _ in range(10)]
        stop.set()
    flood = sum((each.result() for each in found), Counter())
    told("four loops from one /48", flood, [])

    assert statuses == [302] * 10
    assert flood[200] <= 100
