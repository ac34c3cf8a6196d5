"""The link in the e-mail is lost: `/appointment/lost/` has it sent once more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.forms import slips
from booking.forms.address import LostLinkForm
from booking.views.sending import PatientForm, see_other
from booking.visits import limits, sending_again
from booking.visits.refusals import Refused


class LostLink(PatientForm):
    """Asks for the e-mail address; the answer is the same whosever it is."""

    fields = ["email", "shown", "right_address"]
    buttons = [slips.USE, slips.KEEP]

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        form = LostLinkForm(now=self.now, initial=self.request.POST.dict())
        return self.page(form, status, problem)

    def submit(self) -> HttpResponse:
        """Owe the links; nothing is sent here, so that no answer takes longer than another."""
        form = LostLinkForm(self.request.POST, now=self.now)
        if not form.is_valid():
            return self.page(form)
        if obstacle := form.obstacle():
            return self.page(form, problem=obstacle)
        sender = limits.sender(self.request.META["REMOTE_ADDR"], sending_again.FORM)
        try:
            sending_again.send(email=form.cleaned_data["email"], now=self.now, **sender)
        except Refused as refused:
            return self.page(form, refused.status, refused.code)
        return see_other("booking:lost_sent")

    def page(self, form: LostLinkForm, status: int = 200, problem: str = "") -> HttpResponse:
        context = {"form": form, "problem": problem}
        return render(self.request, "booking/lost.html", context, status=status)


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, in words that hold for every address."""
    return render(request, "booking/lost_sent.html")
