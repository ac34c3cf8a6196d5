"""The front desk: appointments by day, callers, statuses, calendars, the outbox."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from booking.admin.appointments import AppointmentAdmin
from booking.admin.calendars import ClosureAdmin, LocationAdmin, TherapistAdmin, VisitTypeAdmin
from booking.admin.clinic import ClinicAdmin
from booking.admin.costs import InsurancePlanAdmin, ReferralRuleAdmin
from booking.admin.data_requests import DataRequestAdmin
from booking.admin.emails import OutgoingEmailAdmin
from booking.admin.enquiries import EnquiryAdmin
from booking.admin.looks import LookAdmin
from booking.admin.online_booking import OnlineBookingAdmin
from booking.admin.retention import RetentionAdmin
from booking.admin.sign_ins import SignInAdmin
from booking.admin.staff import EveryChangeAdmin, StaffGroupAdmin, StaffUserAdmin
from booking.admin.waitlist import TimeOfferAdmin, WaitlistEntryAdmin

admin.site.index_title = _("Set-up")
admin.site.enable_nav_sidebar = False  # the day needs the width

__all__ = [
    "AppointmentAdmin",
    "ClinicAdmin",
    "ClosureAdmin",
    "DataRequestAdmin",
    "EnquiryAdmin",
    "EveryChangeAdmin",
    "InsurancePlanAdmin",
    "LocationAdmin",
    "LookAdmin",
    "OnlineBookingAdmin",
    "OutgoingEmailAdmin",
    "ReferralRuleAdmin",
    "RetentionAdmin",
    "SignInAdmin",
    "StaffGroupAdmin",
    "StaffUserAdmin",
    "TherapistAdmin",
    "TimeOfferAdmin",
    "VisitTypeAdmin",
    "WaitlistEntryAdmin",
]
