"""The shipped content, loaded once per test that asks for it."""

import pytest

from tests import shipped


@pytest.fixture
def demo(settings):
    """A demo clinic: examples are public."""
    settings.DEMO = True


@pytest.fixture
def content(db, demo):
    """Everything that ships, as `load_content` leaves it in a demo."""
    return shipped.load()


@pytest.fixture
def uploads(settings, tmp_path):
    """An empty place for uploads."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
