"""The machine of the calendars without writers past the services."""

from hypothesis.stateful import invariant

from booking.models import Appointment
from booking.visits import overriding
from tests.booking.visits.calendar_machine import Calendars
from tests.guards import overlapping_pairs


class ByServicesAlone(Calendars):
    """Nobody writes past the services, so what they promise of marks holds, whatever is done."""

    bulk_create = update_many = update_one = save_a_form = None  # type: ignore[assignment]

    @invariant()
    def what_is_marked_lies_over_what_the_guard_holds(self) -> None:
        active = Appointment.objects.active()
        marked = [row for row in active if row.overrides]
        assert [row.pk for row in marked if not overriding.beside(row).held().exists()] == []

    @invariant()
    def what_shares_its_time_was_given_leave(self) -> None:
        reasons = dict(Appointment.objects.values_list("pk", "override_reason"))
        pairs = overlapping_pairs(overrides=True)
        assert [pair for pair in pairs if not any(reasons[pk] for pk in pair)] == []
