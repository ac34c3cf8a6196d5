"""What a patient types never turns up in what the site prints, whatever the answer was."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.builders import make_therapist, make_visit_type

CANARIES = {
    "name": "Canary Surname",
    "phone": "(212) 555-0177",
    "email": "canary@patient.example",
    "reason": "canary reason, a sore knee",
}
MARKS = ["anary", "555-0177", "2125550177", "sore knee"]


class Patient:
    """A browser without JavaScript, as far as forms and cookies go."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), NoRedirects()
        )

    def get(self, path):
        return self.open(f"{self.url}{path}")[1]

    def post(self, path, fields):
        return self.open(f"{self.url}{path}", urllib.parse.urlencode(fields).encode())[0]

    def open(self, url, data=None):
        try:
            with self.opener.open(url, data) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def hidden(page):
    """The form's hidden fields."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_no_answer_to_a_booking_leaves_a_trace_in_the_logs(serve):
    make_visit_type()
    make_therapist()
    site = serve(workers=1)
    patient = Patient(site.url)
    first, second = re.findall(r'href="(/book/[a-z-]+/\w+/)[^"]*"', patient.get("/book/"))[-2:]
    form = hidden(patient.get(first)) | CANARIES | {"red_flags": "no"}
    forged = form | {"csrfmiddlewaretoken": "canary-token"}
    stranger = hidden(patient.get(first)) | CANARIES | {"red_flags": "no"}

    statuses = {
        "emergency": patient.post(first, form | {"red_flags": "yes"}),
        "field is wrong": patient.post(first, form | {"email": "canary"}),
        "forged": patient.post(first, forged),
        "booked": patient.post(first, form),
        "replayed": patient.post(first, form),
        "key reused": patient.post(second, form),
        "time is gone": patient.post(first, stranger),
        "no such therapist": patient.post("/book/canary/20261130T1500Z/", form),
    }

    assert statuses == {
        "emergency": 200,
        "field is wrong": 200,
        "forged": 403,
        "booked": 303,
        "replayed": 303,
        "key reused": 422,
        "time is gone": 409,
        "no such therapist": 404,
    }
    log = site.whole_log().replace("/book/canary/", "/book/")
    assert f"POST {first} 303" in log
    assert [mark for mark in MARKS if mark in log] == []
