"""The demo clinic: lived in, never overlapping, alive for as long as it runs."""

from datetime import date, timedelta
from itertools import combinations

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from booking.calendars import hours
from booking.calendars.doubts import untrue
from booking.management import demo
from booking.models import Appointment, Location, OutgoingEmail, Therapist
from conditions.models import Condition
from tests import shipped
from tests.builders import NOW

pytestmark = pytest.mark.django_db
HOLIDAYS = [
    (date(2026, 11, 22), ("Thanksgiving", date(2026, 11, 26))),
    (date(2026, 11, 27), ("Christmas Day", date(2026, 12, 25))),
    (date(2026, 12, 26), ("New Year's Day", date(2027, 1, 1))),
    (date(2027, 1, 2), ("Independence Day", date(2027, 7, 4))),
]


@pytest.fixture(autouse=True)
def friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(("today", "holiday"), HOLIDAYS)
def test_the_next_holiday(today, holiday):
    assert demo.next_holiday(today) == holiday


def test_loading_twice_is_loading_once():
    demo.load(NOW)
    rows = set(Appointment.objects.values_list("uuid", "status"))
    demo.load(NOW)

    assert set(Appointment.objects.values_list("uuid", "status")) == rows
    assert Therapist.objects.count() == 4


def test_the_demo_is_the_same_whatever_its_keys():
    """What a page weighs, and whom it names, must not hang on what was there before."""

    def made():
        demo.load(NOW)
        rows = Appointment.objects.order_by("key")
        return list(rows.values_list("key", "starts_at", "status", "confirmed_at"))

    before = made()
    Appointment.objects.all().delete()

    assert made() == before


def test_nobody_in_the_demo_works_twice_at_once():
    demo.load(NOW)

    for therapist in Therapist.objects.all():
        pairs = combinations(therapist.working_hours.all(), 2)
        assert [(str(one), str(other)) for one, other in pairs if one.overlaps(other)] == []


def test_the_demo_has_past_and_coming_visits_and_owes_no_mail():
    demo.load(NOW)
    past = Appointment.objects.filter(ends_at__lt=NOW)

    assert past.count() > 50
    assert set(past.values_list("status", flat=True)) == {"fulfilled", "noshow"}
    assert Appointment.objects.upcoming(NOW).count() > 100
    assert OutgoingEmail.objects.count() == 0


def test_a_change_of_the_demo_s_address_is_said_of_each_coming_visit():
    demo.load(NOW)
    assert untrue(Appointment.objects.all(), NOW) == {}
    Location.objects.update(street="14 Willow Street")

    found = untrue(Appointment.objects.all(), NOW)
    assert list(found) == list(Appointment.objects.upcoming(NOW).order_by("starts_at", "pk"))
    assert {doubt.code[:8] for doubts in found.values() for doubt in doubts} == {"address:"}


def test_few_of_the_demo_bookings_are_new():
    demo.load(NOW)
    today = timezone.now() - timedelta(days=1)

    share = Appointment.objects.filter(created_at__gt=today).count() / Appointment.objects.count()
    assert 0 < share < 0.1
    assert not Appointment.objects.filter(created_at__gte=F("starts_at")).exists()


def test_a_running_demo_stays_a_month_ahead():
    demo.load(NOW)
    later = NOW + timedelta(days=45)
    demo.top_up(later)

    assert Appointment.objects.filter(status="booked", ends_at__lt=later).count() == 0
    last = Appointment.objects.latest("starts_at").starts_at
    assert hours.today(last) >= hours.today(later) + timedelta(days=demo.DAYS_AHEAD - 3)


def test_a_second_top_up_changes_nothing():
    demo.load(NOW)
    before = set(Appointment.objects.values_list("uuid", "status"))
    demo.top_up(NOW)

    assert set(Appointment.objects.values_list("uuid", "status")) == before


def test_a_reference_that_is_taken_is_drawn_again():
    demo.load(NOW)
    taken = Appointment.objects.values_list("reference", flat=True)[0]
    twins = [Appointment(reference=taken), Appointment(reference=taken)]

    drawn = {visit.reference for visit in demo.with_references(twins)}

    assert (len(drawn), taken in drawn) == (2, False)


def test_everyone_in_the_demo_has_facts_and_conditions(settings):
    settings.DEMO = True
    shipped.load()
    demo.load(NOW)

    told = [
        [row.licence, row.school, row.treats_since, row.interests, row.own_words, row.bio]
        for row in Therapist.objects.all()
    ]
    assert [facts for facts in told if not all(facts)] == []
    assert [row.treats.count() for row in Therapist.objects.all()] == [3, 3, 3, 3]


def test_one_page_is_signed_by_a_made_up_clinician_and_says_so(settings, client):
    settings.DEMO = True
    shipped.load()
    demo.load(NOW)

    signed = Condition.objects.filter(state="approved")
    assert [(row.slug, row.reviewed_by) for row in signed] == [
        ("upper-back-pain", "Maya Lindqvist, PT, DPT, OCS")
    ]
    html = " ".join(client.get("/conditions/upper-back-pain/").content.decode().split())
    assert (
        "The clinician who signed this text is made up. No real one has reviewed it." in html,
        "Reviewed by: Maya Lindqvist, PT, DPT, OCS, license New York, EXAMPLE-1001." in html,
    ) == (True, True)


def test_a_page_that_lost_its_signature_is_not_signed_again(settings):
    settings.DEMO = True
    shipped.load()
    demo.load(NOW)
    Condition.objects.filter(slug="upper-back-pain").update(state="draft")
    demo.load(NOW)

    assert Condition.objects.filter(state="approved").count() == 0
