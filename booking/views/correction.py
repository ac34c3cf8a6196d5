"""`/appointment/email/`: who booked in this browser puts a mistyped address right, once."""

from django.http import HttpResponse

from booking.forms import slips
from booking.forms.address import AddressForm
from booking.views.appointment import OTHER, VisitForm
from booking.views.cookie import remember_typed, typed_here
from booking.views.sending import see_other
from booking.visits import corrections, limits
from booking.visits.refusals import Refused


class CorrectAddress(VisitForm):
    """Asks for the address; elsewhere, or a second time, it leads to the proof."""

    template_name = "booking/address.html"
    buttons = [slips.USE, slips.KEEP]

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        if not self.is_allowed():
            return see_other("booking:appointment")
        typed = {"email": self.visit.email} | self.request.POST.dict()
        return self.form_page(AddressForm(now=self.now, initial=typed), status, problem)

    def submit(self) -> HttpResponse:
        """Correct it, and give this browser the new link in place of the first one."""
        if self.is_about_another:
            return self.show(409, OTHER)
        if not self.is_allowed():
            return see_other("booking:appointment")
        form = AddressForm(self.request.POST, now=self.now)
        if not form.is_valid():
            return self.form_page(form)
        if obstacle := form.obstacle():
            return self.form_page(form, problem=obstacle)
        try:
            visit = corrections.correct_address(
                appointment=self.visit,
                email=form.cleaned_data["email"],
                now=self.now,
                **limits.sender(self.request.META["REMOTE_ADDR"]),
            )
        except Refused as refused:
            return self.form_page(form, refused.status, refused.code)
        return remember_typed(see_other("booking:appointment"), visit, self.request)

    def is_allowed(self) -> bool:
        """Whether the visit was booked here, and its address is as it was then."""
        return typed_here(self.request, self.visit) and corrections.may_correct_address(
            self.visit, self.now
        )

    def form_page(self, form: AddressForm, status: int = 200, problem: str = "") -> HttpResponse:
        context = {"form": form, "problem": problem}
        return self.page(self.template_name, context, status, problem)
