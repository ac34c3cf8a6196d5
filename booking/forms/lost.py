"""What somebody types who lost the link to a visit."""

from django.utils.translation import gettext_lazy as _

from booking.forms.contact import AddressField
from booking.forms.slips import AddressedForm


class LostLinkForm(AddressedForm):
    """The address that the confirmation went to."""

    email = AddressField(
        help_text=_("The address that you booked with."),
        error_messages={"required": _("Enter the e-mail address that you booked with")},
    )
