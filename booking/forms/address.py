"""Forms that ask for an e-mail address alone."""

from django.utils.translation import gettext_lazy as _

from booking.forms.contact import AddressField
from booking.forms.slips import AddressedForm


class LostLinkForm(AddressedForm):
    """The address that the confirmation went to."""

    email = AddressField(
        help_text=_("The address that you booked with."),
        error_messages={"required": _("Enter the e-mail address that you booked with")},
    )


class AddressForm(AddressedForm):
    """Another address for a visit that was booked in this browser."""

    email = AddressField(
        help_text=_("We send the confirmation here once more."),
        error_messages={"required": _("Enter your e-mail address")},
    )
