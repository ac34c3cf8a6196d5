"""What patients type stands in no address, log line, subject or cookie, whatever is done with it.

A patient's way and the desk's, and every page of staff over a patient of whom there is everything:
each answer's own address, where it leads on, every link and form of it, and all that is logged.
"""

import logging
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

from booking.models import Appointment, OutgoingEmail
from booking.visits import tokens
from clinic_site.logs import MaskingFormatter
from tests.booking.admin.addresses import addresses, filled
from tests.booking.desk.pages import ADD, typed
from tests.booking.records.everything import CANARY, WORDS, make_everything
from tests.booking.views.details_form import address, sent
from tests.builders import MONDAY, NOW, make_therapist, make_visit_type
from tests.staff import now, sign_in  # noqa: F401
from tests.typed import fields_of
from tests.worker import send_due

# Addresses that scripts ask stand in attributes of their own.
LINK = re.compile(r'\b(?:(?:href|src|action|formaction)=|data-[\w-]+=(?="[/?]))"([^"]*)"')
OF_PERSON = ("tel:", "mailto:", "sms:")  # to call or write to them: sent to nobody's server
TYPED = {
    "name": CANARY.name,
    "phone": CANARY.phone,
    "email": CANARY.email,
    "reason": CANARY.reason,
}


class Trail:
    """Where clients went and were led, and what was logged of it."""

    def __init__(self, caplog):
        self.seen, self.log = [], caplog
        caplog.set_level(logging.DEBUG)

    def follow(self, client):
        """A client whose every answer is read."""
        ask = client.request

        def request(**asked):
            response = ask(**asked)
            self._read(response)
            return response

        client.request, client.raise_request_exception = request, False
        return client

    def _read(self, response):
        asked = response.request
        assert "messages" not in response.cookies  # what staff are told names patients
        self.seen.append(f"{asked['PATH_INFO']}?{asked['QUERY_STRING']}")
        self.seen += [response.headers.get("Location", ""), str(response.cookies)]
        self.seen.append(response.headers.get("Content-Disposition", ""))
        if "html" in response.headers.get("Content-Type", ""):
            links = LINK.findall(response.content.decode())
            self.seen += [link for link in links if not link.startswith(OF_PERSON)]

    def traces(self):
        """What holds a word of the patient's."""
        lines = [MaskingFormatter("%(message)s").format(record) for record in self.log.records]
        told = [message.subject for message in mail.outbox]
        said = [unquote_plus(text) for text in (*self.seen, *lines, *told)]
        return [text for text in said if any(word in text.lower() for word in WORDS)]


@pytest.fixture
def trail(caplog, settings):
    settings.MINIMUM_FILL_SECONDS = 0
    return Trail(caplog)


def stranger():
    return Client(headers={"host": "127.0.0.1"})


def test_a_patients_way_and_the_desks_leave_no_trace(trail, sign_in, now):  # noqa: F811
    make_visit_type()
    make_therapist()
    patient = trail.follow(stranger())
    form = sent(**TYPED)
    answers = [
        patient.post(address(), form | {"email": "zebulon@"}),
        patient.post(address(), form),
        patient.post(address(), form),  # sent twice
        trail.follow(stranger()).post(address(), sent(**TYPED)),  # too late
    ]
    assert [answer.status_code for answer in answers] == [200, 303, 303, 409]
    visit = Appointment.objects.get()
    patient.get(f"/m/{tokens.current(visit)}/")
    move = reverse("booking:move")
    patient.get(move)
    page = patient.get(move, {"therapist": "ana-ruiz", "start": "20261130T1500Z"})
    patient.post(move, {"therapist": "ana-ruiz", "start": "20261130T1500Z"})
    patient.post(reverse("booking:cancel"), {})
    patient.post("/contact/question/", TYPED | {"message": "quixotic", "key": form["key"]})
    patient.post("/book/earlier/", TYPED | {"weekdays": ["0"], "key": form["key"]})
    patient.get("/no-such-page/")
    assert page.status_code < 500

    desk, visit = trail.follow(sign_in("Front desk")), Appointment.objects.latest("pk")
    desk.post(ADD, typed(**TYPED, time="14:00"))
    desk.post(ADD, typed(**TYPED, time="14:00"))  # taken by now
    desk.post(reverse("desk:find"), {"find": CANARY.name}, follow=True)
    desk.post(reverse("admin:booking_appointment_changelist"), {"find": "quix"}, follow=True)
    desk.post(reverse("desk:people"), {"typed": CANARY.name})
    again = desk.get(reverse("desk:series"), {"again": visit.pk})
    desk.post(reverse("desk:series"), fields_of(again, reverse("desk:series")) | TYPED)
    for name in ("contact", "cancel", "move"):
        page = reverse(f"admin:booking_appointment_{name}", args=[visit.pk])
        desk.get(page)
        desk.post(page, TYPED)
    desk.get(f"/admin/booking/appointment/{visit.pk + 99}/contact/")
    send_due(NOW + timedelta(hours=1))  # the desk's news wait for two minutes

    assert trail.traces() == []
    assert (len(mail.outbox) > 0, len(trail.seen) > 200, bool(trail.log.records)) == (True,) * 3
    assert list(Appointment.objects.values_list("name", flat=True)) == [CANARY.name] * 2


@pytest.mark.only("sqlite")
def test_no_page_of_staff_puts_a_patient_into_an_address_or_a_log(trail, sign_in, now):  # noqa: F811
    root = trail.follow(sign_in(superuser=True))
    make_everything(make_therapist(), User.objects.get())
    for name, words in addresses(get_resolver().url_patterns):
        if name != "admin:logout":
            root.get(filled(name, words), {"date": MONDAY.isoformat()} if "desk:" in name else {})
    OutgoingEmail.objects.update(due_at=NOW)
    send_due(NOW)

    assert trail.traces() == []
    assert len(mail.outbox) > 2


def test_scripts_keep_a_switch_and_a_place_in_the_browser_and_nothing_else():
    """Nothing that stands on a page: what is kept in a browser outlives the session."""
    scripts = "".join(file.read_text() for file in Path("static/js").glob("*.js"))
    stored = re.findall(r"(\w+Storage)\.setItem\((\w+), (.+?)\);", scripts)

    assert sorted(stored) == [
        ("localStorage", "OFF", 'isOff() ? "0" : "1"'),
        ("sessionStorage", "PLACE", "JSON.stringify([scroller.scrollLeft, scroller.scrollTop])"),
    ]
    assert re.findall(r"indexedDB|caches\.|document\.cookie|serviceWorker", scripts) == []


@pytest.mark.urls("tests.clinic_site.faulty_urls")
@pytest.mark.parametrize("kind", ["bug", "operational", "interface", "suspicious", "permission"])
def test_a_fault_mails_nobody_and_logs_nothing_that_was_typed(trail, db, kind):
    response = trail.follow(stranger()).post(f"/fail/{kind}/", TYPED)

    assert response.status_code in (400, 403, 500, 503)
    assert (trail.traces(), mail.outbox) == ([], [])


def test_what_is_planted_is_found(trail, caplog):
    """The walk's own control: each of its ways to look sees a canary."""
    logging.getLogger("booking").warning("Could not book %s", CANARY.name)
    trail.seen += [f"/admin/?q={CANARY.email.replace('@', '%40')}", "/x?phone=212+555-0177"]
    mail.outbox.append(mail.EmailMessage(subject=f"New: {CANARY.name}"))

    assert len(trail.traces()) == 4
    assert urlsplit(trail.seen[0]).path == "/admin/"
