"""What patients read of paying: the plans a clinic accepts, and its state's referral rule."""

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _


@auditlog.register()
class InsurancePlan(models.Model):
    """A plan that the clinic accepts, as the front desk keeps the list."""

    name = models.CharField(
        max_length=120, unique=True, help_text=_("As it stands on the patient's card.")
    )
    note = models.CharField(
        max_length=200,
        blank=True,
        help_text=_("Patients see it, such as: ask your plan about a referral first."),
    )
    order = models.PositiveSmallIntegerField(
        default=0, help_text=_("Lower numbers come first; of equals, by name.")
    )
    active = models.BooleanField(
        default=True, help_text=_("Untick when you no longer accept it: hidden, history kept.")
    )

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


@auditlog.register()
class ReferralRule(models.Model):
    """Whether a patient needs a referral, in the clinic's own words for its state.

    States differ and change their rules, so none ships: without a row, patients are asked to call.
    """

    state = models.CharField(
        max_length=50, unique=True, help_text=_("Where you treat, such as New York.")
    )
    text = models.TextField(
        help_text=_(
            "In plain words: when a patient may come without a referral, for how long or how "
            "many visits. Ask your counsel or your licensing board what holds today."
        )
    )

    class Meta:
        ordering = ["state"]

    def __str__(self) -> str:
        return self.state
