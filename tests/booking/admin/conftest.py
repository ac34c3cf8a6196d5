"""The tests of this room have signed-in staff and a clock that stands still."""

from tests.staff import desk, now, sign_in

__all__ = ["desk", "now", "sign_in"]
