"""The shipped content, loaded once per test that asks for it."""

import pytest

from conditions import fixtures, loader


@pytest.fixture
def demo(settings):
    """A demo clinic: examples are public."""
    settings.DEMO = True


@pytest.fixture
def content(db, demo):
    """Everything that ships, as `load_content` leaves it in a demo."""
    return loader.load(fixtures.read(*fixtures.folders()))
