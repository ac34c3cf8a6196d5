"""The front desk: appointments by day, callers, statuses, calendars, the outbox."""

from booking.admin.appointments import AppointmentAdmin
from booking.admin.calendars import ClosureAdmin, LocationAdmin, TherapistAdmin, VisitTypeAdmin
from booking.admin.emails import OutgoingEmailAdmin
from booking.admin.online_booking import OnlineBookingAdmin
from booking.admin.staff import StaffUserAdmin

__all__ = [
    "AppointmentAdmin",
    "ClosureAdmin",
    "LocationAdmin",
    "OnlineBookingAdmin",
    "OutgoingEmailAdmin",
    "StaffUserAdmin",
    "TherapistAdmin",
    "VisitTypeAdmin",
]
