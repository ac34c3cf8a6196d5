"""What may be chosen of a visit: how it came in, who pays, why it was cancelled."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CancelReason(models.TextChoices):
    """Why a visit was cancelled, as the desk says it; a patient who cancels online is not asked."""

    LATE = "late", _("Late")
    WEATHER = "weather", _("Weather")
    ILL = "ill", _("Ill")
    BY_CLINIC = "by-clinic", _("By the clinic")
    OTHER = "other", _("Other")


class Source(models.TextChoices):
    """How the booking came in."""

    ONLINE = "online", _("Online")
    DESK = "desk", _("Front desk")


class Payment(models.TextChoices):
    INSURANCE = "insurance", _("Insurance")
    SELF_PAY = "self-pay", _("I pay myself")
