"""Every no of a service: what could not be done, and why."""


class SlotUnavailable(Exception):
    """The time cannot be booked: taken, closed, or outside the rules."""


class TooLate(Exception):
    """Too near the visit, or past it: a change takes a call."""


class NotAllowed(Exception):
    """The appointment's status does not lead there."""


class Changed(Exception):
    """The visit is no longer as whoever acts on it saw it: ask again about it as it is now."""


class KeyReused(Exception):
    """The form's key came with another content before."""


class OverLimit(Exception):
    """Enough was sent from there for now: a call helps."""
