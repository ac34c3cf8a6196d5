"""The booking app's rows."""

from booking.models.affected_visit import AffectedVisit
from booking.models.app_device import AppDevice
from booking.models.appointment import (
    ACTIVE,
    Appointment,
    AppointmentStatus,
)
from booking.models.calendar import (
    Closure,
    Location,
    OnlineBooking,
    TimeOff,
    Weekday,
    WorkingHours,
)
from booking.models.choices import CancelReason, Payment, Source
from booking.models.clinic import Clinic, Style
from booking.models.contact_attempt import ContactAttempt
from booking.models.costs import InsurancePlan, ReferralRule
from booking.models.data_request import DataRequest
from booking.models.enquiry import Enquiry
from booking.models.estimate import Estimate
from booking.models.hourly_count import HourlyCount
from booking.models.last_done import LastDone
from booking.models.look import Look
from booking.models.outgoing_email import OutgoingEmail
from booking.models.passkey import Passkey
from booking.models.patient_change import PatientChange
from booking.models.place_pictures import LocationPicture
from booking.models.recovery_code import RecoveryCode
from booking.models.retention import Retention
from booking.models.series import Series
from booking.models.sign_in import SignIn
from booking.models.staff_change import StaffChange
from booking.models.staff_places import StaffPlace
from booking.models.staff_session import StaffSession
from booking.models.tally import Tally
from booking.models.therapists import Gender, Therapist
from booking.models.time_offer import TimeOffer
from booking.models.visit_type import VisitType
from booking.models.waitlist import WaitlistEntry

__all__ = [
    "ACTIVE",
    "AffectedVisit",
    "AppDevice",
    "Appointment",
    "AppointmentStatus",
    "CancelReason",
    "Clinic",
    "Closure",
    "ContactAttempt",
    "DataRequest",
    "Enquiry",
    "Estimate",
    "Gender",
    "HourlyCount",
    "InsurancePlan",
    "LastDone",
    "Location",
    "LocationPicture",
    "Look",
    "OnlineBooking",
    "OutgoingEmail",
    "Passkey",
    "PatientChange",
    "Payment",
    "RecoveryCode",
    "ReferralRule",
    "Retention",
    "Series",
    "SignIn",
    "Source",
    "StaffChange",
    "StaffPlace",
    "StaffSession",
    "Style",
    "Tally",
    "Therapist",
    "TimeOff",
    "TimeOffer",
    "VisitType",
    "WaitlistEntry",
    "Weekday",
    "WorkingHours",
]
