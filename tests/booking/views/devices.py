"""Devices of patients: each with a network and cookies of its own."""

import re

from django.test import Client

from booking.models import Appointment
from booking.visits import tokens
from tests.booking.views.details_form import address, sent

WALLS = ["9:00", "9:45", "10:30", "11:15", "13:00", "13:45", "14:30", "15:15", "16:00"]


class Browser(Client):
    """One device, with a network and cookies of its own."""

    networks = iter(range(1, 250))

    def __init__(self):
        super().__init__(
            headers={"host": "127.0.0.1"}, REMOTE_ADDR=f"192.0.2.{next(self.networks)}"
        )

    def book(self, therapist="ana-ruiz", **changes):
        """The status of the answer to a booking of the next free time, and of "book both"."""
        taken = Appointment.objects.filter(therapist__slug=therapist).count()
        page, typed = address(WALLS[taken], therapist), sent(**changes)
        answer = self.post(page, typed)
        both = re.search(r'name="both" value="([^"]+)"', answer.content.decode())
        if both:
            answer = self.post(page, typed | {"both": both[1]})
        return answer.status_code

    def hold(self, visit):
        """Open the link in the e-mail about a visit."""
        self.get(f"/m/{tokens.current(visit)}/")
        return self
