"""Whatever is typed into a public form: an answer, nothing run, nothing cut off unsaid.

Out again through the page, the e-mail, the calendar file and the admin. Nothing here is exported
as CSV; a cell would need its leading `= + - @` escaped.
"""

import uuid
from dataclasses import replace
from datetime import timedelta
from html import escape
from itertools import chain, product
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from booking import urls
from booking.earlier import matches, offers
from booking.forms.details import NeedsForm
from booking.models import Appointment, Enquiry, OutgoingEmail, TimeOffer, WaitlistEntry
from booking.views.cookie import remember_typed
from booking.views.offers import AnswerOffer
from booking.views.wishes import AnswerWish, JoinWithoutVisit
from booking.visits.requests import Patient
from tests.booking.views.details_form import TYPED as DETAILS
from tests.booking.views.question_form import PATH as QUESTION
from tests.booking.views.question_form import TYPED as ASKED
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    wait_without_visit,
)
from tests.naughty import CORPUS, RAW, executed
from tests.patients import opened
from tests.worker import send_due

WALLS = ["9:00", "9:45", "10:30", "11:15", "13:00", "13:45", "14:30", "15:15", "16:00"]
SLOTS = [
    reverse("booking:book_slot", args=["ana-ruiz", at(wall, MONDAY + timedelta(days=day))])
    for day, wall in product([*range(5), *range(7, 12)], WALLS)
]
WISHES, SOONER = "/book/earlier/", "/appointment/earlier/"
WISH = {"weekdays": ["0", "1"], "parts": ["morning"], "red_flags": "no"}
FORM = "application/x-www-form-urlencoded"
READING = {
    "/search/": ["q"],
    "/book/": ["therapist", "from", "for"],
    "/book/?": ["visit"],
    SLOTS[0]: ["for"],
    "/exercises/program/": ["exercise"],
    "/admin/login/": ["next"],
}
WRITING = {
    SLOTS[0]: DETAILS
    | dict.fromkeys(NeedsForm.base_fields, "")
    | {"key": "", "shown": "", "homepage": "", "both": ""},
    QUESTION: ASKED | {"key": "", "shown": "", "homepage": ""},
    "/appointment/lost/": {"email": "", "shown": "", "homepage": ""},
    "/appointment/email/": dict.fromkeys(["reference", "email", "use_address", "keep_address"], ""),
    "/appointment/come/": {"reference": "", "sequence": ""},
    "/appointment/open/": {"reference": ""},
    "/appointment/cancel/": {"reference": "", "sequence": ""},
    "/appointment/move/": {"reference": "", "sequence": "", "to": ""},
    SOONER: dict.fromkeys(["reference", "weekdays", "parts", "therapist", "location"], ""),
    WISHES: dict.fromkeys(JoinWithoutVisit.fields, "") | {"red_flags": "no", "homepage": ""},
    "/admin/login/": {"username": "", "password": "", "next": ""},
    "/admin/password_reset/": {"email": ""},
}


@pytest.fixture(autouse=True)
def clinic(settings, ana):
    settings.BOOKING_LIMIT = settings.QUESTION_LIMIT = settings.ONLINE_BOOKINGS_AN_HOUR = 1000
    settings.ONLINE_QUESTIONS_AN_HOUR = 1000
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TRIES_BY_NAME = settings.TRIES_BY_NETWORK = 1000
    # A second place, on a day that no slot is of: places are asked about where there are several.
    add_hours(ana, 5, "9:00-12:00", make_location("oak-avenue", name="Oak Avenue"))


@pytest.fixture
def client(clinic, ana):
    """A browser with a booked visit, which the pages of its cookie are about."""
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    luis = replace(PATIENT, name="Luis Marquez")
    tuesday = MONDAY + timedelta(days=8)
    visit = book(make_therapist("ben-cole"), at("16:00", tuesday), patient=luis)
    client.cookies = remember_typed(HttpResponse(), visit).cookies
    return client


@pytest.fixture
def staff():
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    return client


def check(answer, why):
    assert (answer.status_code < 500, why) == (True, why)
    if answer.status_code not in (302, 303):
        assert (executed(answer.content.decode()), why) == ([], why)


@pytest.mark.parametrize("path", READING)
def test_addresses_take_anything(client, path):
    for text in CORPUS[:-1]:  # servers refuse an address of 200 kB
        check(client.get(path, dict.fromkeys(READING[path], text)), text)
    for raw in RAW:
        check(client.get(f"{path}?{READING[path][0]}={raw.decode()}"), raw)


@pytest.mark.parametrize("path", WRITING)
def test_forms_take_anything_in_every_field(client, path):
    fields = WRITING[path]
    for text in CORPUS:
        check(client.post(path, dict.fromkeys(fields, text)), text[:99])
    for raw in RAW:
        body = b"&".join(name.encode() + b"=" + raw for name in fields)
        check(client.post(path, body, content_type=FORM), raw)
    many = urlencode([(f"field-{number}", "naughty") for number in range(5000)])
    assert client.post(path, many, content_type=FORM).status_code == 400
    assert client.post(path, {"name": "x" * 3_000_000}).status_code == 413


@pytest.fixture
def mailed_links(client):
    """Where the links in e-mails about the earlier-time list lead."""
    wish = wait_without_visit(Patient("Ben Hill", "1", email="ben@example.org"))
    offers.look(NOW)
    return {
        opened(client, TimeOffer.objects.get()): ["answer", "red_flags", *AnswerOffer.fields],
        opened(client, wish): ["answer", *AnswerWish.fields],
    }


def test_the_links_of_the_earlier_time_list_take_anything(client, mailed_links):
    for path, fields in mailed_links.items():
        for text in CORPUS:
            check(client.post(path, dict.fromkeys(fields, text)), text[:99])
        for raw in RAW:
            body = b"&".join(name.encode() + b"=" + raw for name in fields)
            check(client.post(path, body, content_type=FORM), raw)
    for prefix, text in product(["offer", "wish", "m"], CORPUS[:-1]):
        check(client.get(f"/{prefix}/{quote(text, safe='')}/"), text)
    for prefix, raw in product(["offer", "wish", "m"], RAW):
        check(client.get(f"/{prefix}/{raw.decode()}/"), raw)


def test_every_public_form_is_among_them(client):
    patterns = [pattern for pattern in urls.urlpatterns if not pattern.pattern.converters]
    paths = [reverse(f"booking:{pattern.name}") for pattern in patterns]

    posted = {path for path in paths if client.post(path).status_code != 405}
    # One reads nothing; the links in e-mails lead to the others.
    assert posted - set(WRITING) == {"/appointment/forget/", "/offer/", "/wish/"}
    assert QUESTION in posted


INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\ufeff\u202e\u202c\u2066\u2069\ufe0f\x01\x07\x08\x1b\x7f")
)


def one_line(text):
    return " ".join(text.translate(INVISIBLE).split())


def whole(text):
    return text.translate(INVISIBLE).replace("\r\n", "\n").strip()


def fits(name, words, longest):
    return 0 < len(name) <= 100 and len(words) <= longest and "\0" not in name + words


def telephone(text, last=99):
    """A number with the text before it: dialled without, kept with."""
    lead = "" if set(text[:28]) & set("+0123456789") else text[:28]
    return f"{lead} 21255501{last:02}".strip()


def test_what_is_booked_is_kept_whole_and_harmless_wherever_it_is_shown(client, staff):
    before = Appointment.objects.count()
    stored = []
    for text, path in zip(CORPUS, SLOTS, strict=False):
        form = DETAILS | dict.fromkeys(["name", "booked_by", "reason"], text)
        form |= {"email": f"a{len(stored)}@example.org", "key": str(uuid.uuid4())}
        form |= {"phone": telephone(text), "interpreter": text[:60]}
        client.cookies.clear()  # some are one name folded, and are asked whether to move
        answer = client.post(path, form)
        check(answer, text[:99])
        name, reason = one_line(text), whole(text)
        assert (answer.status_code == 303, text[:99]) == (fits(name, reason, 500), text[:99])
        if answer.status_code == 303:
            stored.append((name, name, reason, form["phone"], one_line(text[:60])))
        elif "\0" not in text:
            assert escape(text).replace("\r\n", "\n") in answer.content.decode().replace(
                "\r\n", "\n"
            )

    rows = list(Appointment.objects.order_by("pk"))[before:]
    kept = ["name", "booked_by", "reason", "phone", "interpreter"]
    assert [tuple(getattr(row, name) for name in kept) for row in rows] == stored
    assert len(stored) > 40
    mailed(len(stored) + before)
    listed = staff.get(reverse("admin:booking_appointment_changelist"))
    check(listed, "list")
    for row in rows:
        assert escape(row.name) in listed.content.decode()
        assert escape(row.phone) in listed.content.decode()
        page = staff.get(reverse("admin:booking_appointment_change", args=[row.pk]))
        check(page, row.name)
        for line in [*row.reason.splitlines(), row.phone, row.interpreter]:
            assert escape(line) in page.content.decode()


def mailed(visits):
    """Everything owed goes out to somebody, calendar file included, without a word of theirs."""
    send_due(NOW)
    assert set(OutgoingEmail.objects.filter(due_at__lte=NOW).values_list("state", flat=True)) == {
        "sent"
    }
    assert len(mail.outbox) >= visits
    for message in mail.outbox:
        assert "naughty" not in str(message.message())
        assert message.recipients() != []


@pytest.mark.parametrize(
    "email",
    [
        '"naughty@quoted"@example.org',
        "o'naughty{7*7}%s=+|`#@example.org",
        "=1+naughty@example.org",
    ],
)
def test_odd_addresses_that_are_valid_get_their_mail(client, email):
    answer = client.post(SLOTS[0], DETAILS | {"email": email, "key": str(uuid.uuid4())})

    assert answer.status_code == 303
    page = client.get("/appointment/")
    check(page, email)
    assert escape(email) in page.content.decode()
    [event] = Calendar.from_ical(client.get("/appointment.ics").content).walk("VEVENT")
    assert str(event["attendee"]) == f"mailto:{email}"
    send_due(NOW)
    assert email in [message.to[0] for message in mail.outbox]


def test_what_is_asked_is_kept_whole_and_harmless_wherever_it_is_shown(client, staff):
    stored = []
    for text in CORPUS:
        form = ASKED | {"name": text, "message": text, "phone": "", "key": str(uuid.uuid4())}
        answer = client.post(QUESTION, form)
        check(answer, text[:99])
        name, message = one_line(text), whole(text)
        kept = fits(name, message, 1000) and bool(message)
        assert (answer.status_code == 303, text[:99]) == (kept, text[:99])
        stored += [(name, message)] if kept else []

    rows = list(Enquiry.objects.order_by("pk"))
    assert [(row.name, row.message) for row in rows] == stored
    mailed(len(stored))
    listed = staff.get(reverse("admin:booking_enquiry_changelist"))
    check(listed, "list")
    for row in rows:
        assert escape(row.name) in listed.content.decode()
        page = staff.get(reverse("admin:booking_enquiry_change", args=[row.pk]))
        check(page, row.name)
        for line in row.message.splitlines():
            assert escape(line) in page.content.decode()


def test_what_is_wished_is_kept_whole_and_harmless_wherever_it_is_shown(client, staff):
    stored = []
    for text in CORPUS:
        form = WISH | {"name": text, "phone": telephone(text, len(stored))}
        form |= {"email": f"a{len(stored)}@example.org", "key": str(uuid.uuid4())}
        answer = client.post(WISHES, form)
        check(answer, text[:99])
        assert (answer.status_code == 303, text[:99]) == (fits(one_line(text), "", 0), text[:99])
        if answer.status_code == 303:
            check(client.get(answer.url), text)
            stored.append((one_line(text), form["phone"]))

    assert list(WaitlistEntry.objects.order_by("pk").values_list("name", "phone")) == stored
    assert len(stored) > 40
    listed = staff.get(reverse("admin:booking_waitlistentry_changelist"))
    check(listed, "list")
    for shown in chain.from_iterable(stored):
        assert escape(shown) in listed.content.decode()


def test_a_wish_for_a_place_that_is_none_is_not_kept(client):
    for text in [*filter(None, CORPUS), "", "oak-avenue"]:
        form = WISH | {"name": "Ben Hill", "phone": "(212) 555-0101", "location": text}
        form |= {"email": f"a{len(text)}@example.org", "key": str(uuid.uuid4())}
        for path in (SOONER, WISHES):
            answer = client.post(path, form)
            check(answer, text[:99])
            kept = (answer.status_code == 303, text[:99])
            assert kept == (text in ("", "oak-avenue"), text[:99])

    chosen = WaitlistEntry.objects.order_by("pk").values_list("location__slug", flat=True)
    assert list(chosen) == ["oak-avenue", None, "oak-avenue"]


def test_an_offer_to_whoever_wished_it_is_harmless_wherever_it_is_shown(client, staff):
    for number, text in enumerate(CORPUS[: matches.ASKED_AT_ONCE]):
        patient = Patient(text, telephone(text), email=f"a{number}@example.org")
        wait_without_visit(patient)
    before = Appointment.objects.count()
    assert offers.look(NOW) == matches.ASKED_AT_ONCE
    mailed(matches.ASKED_AT_ONCE)
    rows = list(TimeOffer.objects.order_by("pk"))
    lists = ["waitlistentry", "timeoffer", "outgoingemail"]
    paths = [reverse(f"admin:booking_{name}_changelist") for name in lists]
    days = {timezone.localdate(row.starts_at) for row in rows}
    paths += [f"{reverse('desk:day')}?date={day}" for day in days]
    for row in rows:
        paths.append(reverse("admin:booking_timeoffer_change", args=[row.pk]))
        paths.append(reverse("admin:booking_waitlistentry_change", args=[row.entry_id]))
    pages = {path: staff.get(path) for path in paths}
    for path, page in pages.items():
        check(page, path)
        assert (path, page.status_code) == (path, 200)
    for name in CORPUS[: matches.ASKED_AT_ONCE]:
        assert escape(name) in pages[paths[0]].content.decode()
    for row in rows:
        path = opened(client, row)
        check(client.get(path), path)
        assert client.post(path, {"answer": "yes", "red_flags": "no"}).status_code == 303
        check(client.get("/appointment/"), row.name)

    names = Appointment.objects.order_by("pk").values_list("name", flat=True)
    assert list(names)[before:] == [row.name for row in rows]


def test_the_admin_exports_nothing():
    actions = [name for model in admin.site._registry.values() for name in model.actions or []]
    addresses = [str(pattern.pattern) for pattern in admin.site.urls[0]]

    assert [name for name in [*actions, *addresses] if "csv" in name or "export" in name] == []


def test_what_would_run_is_found():
    page = "<a href='javascript:x'><naughty><b onclick=x><script>naughty()</script>"
    assert len(executed(page)) == 4
    assert executed("<p title='onclick=naughty()'>&lt;script&gt;naughty()") == []
