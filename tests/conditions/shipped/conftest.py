"""An upgrade of a clinic whose page on back pain is signed."""

import shutil

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.urls import reverse

from conditions.models import Condition
from conditions.shipped import fixtures, loader
from tests import shipped
from tests.conditions import people
from tests.conditions.builders import make_reviewer, sign
from tests.conditions.shipped.upgrading import rewrite


@pytest.fixture
def upgrade(tmp_path, db, settings):
    """The shipped files in a folder of their own: `upgrade(name, slug, field=…)` changes one row,
    `upgrade()` loads them all.
    """
    settings.DEMO = False
    shipped.load()
    top = tmp_path / "fixtures"
    shutil.copytree(site.FIXTURE_DIRS[0], top)
    settings.FIXTURE_DIRS = [top]

    def change(name="", slug="", **fields):
        if not name:
            return loader.load(fixtures.read(*fixtures.folders()))
        return rewrite(top, f"conditions.{name}", slug, fields)

    return change


@pytest.fixture
def signed(upgrade):
    """All of the page on back pain is signed, with its seven exercises."""
    make_reviewer()
    return sign(Condition.objects.get(slug="back-pain"))


@pytest.fixture
def clinician(signed):
    return people.signed_in(User.objects.get(username="rita"))


@pytest.fixture
def as_read(signed, clinician):
    """The page, signed as it is read: its text is kept."""
    clinician.post(reverse("admin:conditions_condition_approve", args=[signed.pk]))
    return signed
