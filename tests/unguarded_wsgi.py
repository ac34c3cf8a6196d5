"""The site without the lock, without asking again and without a look at other visits, for the test
that shows what they prevent.

The test takes the constraint out of its own database; production has no switch for any of it.
"""

from clinic_site.wsgi import application  # isort: split

from tests.guards import (
    without_lock,
    without_look_at_others,
    without_second_look,
    without_second_look_at_moves,
)

without_lock()
without_look_at_others()
without_second_look()
without_second_look_at_moves()

__all__ = ["application"]
