"""What patients read of paying: accepted plans, and the referral rule of the clinic's state."""

from django.contrib import admin

from booking.admin.history import AuditedAdmin
from booking.admin.own_places import OfAllPlaces
from booking.models import InsurancePlan, ReferralRule


@admin.register(InsurancePlan)
class InsurancePlanAdmin(OfAllPlaces, AuditedAdmin):
    """The list on the page "Costs and insurance"."""

    deletes_several = False
    list_display = ["name", "note", "active", "order"]
    list_filter = ["active"]
    search_fields = ["name"]


@admin.register(ReferralRule)
class ReferralRuleAdmin(OfAllPlaces, AuditedAdmin):
    """One text for each state in which the clinic treats; most clinics have one."""

    list_display = ["state", "text"]
