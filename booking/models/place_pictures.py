"""Photographs and drawings of the places where the clinic treats."""

from auditlog.registry import auditlog
from django.db import models

from booking.models.calendar import Location
from conditions.images.rows import Picture


@auditlog.register()
class LocationPicture(Picture):
    """Stands under the place's address on the contact page: public once it is saved."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="pictures")
