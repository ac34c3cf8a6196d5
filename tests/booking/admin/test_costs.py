"""The front desk keeps plans and the referral rule itself, and every change is kept."""

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Group, User

from booking.models import InsurancePlan, ReferralRule
from tests.staff import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Browser()


@pytest.fixture
def desk(client):
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.add(Group.objects.get(name="Front desk"))
    client.force_login(user)
    return user


def test_front_desk_enters_a_plan(client, desk):
    typed = {"name": "Blue Plan", "note": "", "order": 1, "active": "on"}
    client.post("/admin/booking/insuranceplan/add/", typed)
    (entry,) = LogEntry.objects.get_for_model(InsurancePlan)

    assert list(InsurancePlan.objects.values_list("name", "active")) == [("Blue Plan", True)]
    assert (entry.actor, entry.object_repr) == (desk, "Blue Plan")


def test_front_desk_changes_the_referral_rule(client, desk):
    rule = ReferralRule.objects.create(state="Ohio", text="Call us.")
    path = f"/admin/booking/referralrule/{rule.pk}"
    client.post(f"{path}/change/", {"state": "Ohio", "text": "Come without one."})
    rule.refresh_from_db()

    assert rule.text == "Come without one."
    assert "Come without one." in client.get(f"{path}/history/").content.decode()


def test_a_plan_stands_once(client, desk):
    InsurancePlan.objects.create(name="Blue Plan")
    typed = {"name": "Blue Plan", "note": "", "order": 1, "active": "on"}

    assert client.post("/admin/booking/insuranceplan/add/", typed).status_code == 200
    assert InsurancePlan.objects.count() == 1
