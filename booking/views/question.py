"""A question to the clinic: `/contact/question/`."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from booking import enquiries
from booking.forms import slips
from booking.forms.question import QuestionForm
from booking.models import Enquiry
from booking.views.sending import PatientForm, see_other
from booking.visits import limits
from booking.visits.refusals import KeyReused, Refused
from booking.visits.requests import Request, was_sent
from conditions.pages import urgency


class AskQuestion(PatientForm):
    """Keeps the question; outcomes as those of a booking."""

    fields = ["name", "email", "phone", "message", "key", "shown", "right_address"]
    buttons = [slips.USE, slips.KEEP]
    nothing = _("We have not sent your question, and we have not kept your answer.")
    is_kept_for_back = True

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        first = {"key": uuid.uuid4()} if self.request.method != "POST" else {}
        form = QuestionForm(now=self.now, initial=first | self.request.POST.dict())
        return self.page(form, status, problem)

    def submit(self) -> HttpResponse:
        """Keep the question, and answer when ours comes or what stands in the way."""
        form = QuestionForm(self.request.POST, now=self.now)
        if not form.is_valid():
            return self.page(form)
        key, obstacle = form.cleaned_data["key"], form.obstacle()
        # What was sent before is answered as before, however fast the form is sent again.
        if obstacle and not was_sent(Enquiry.objects.all(), key):
            return self.page(form, problem=obstacle)
        sender = limits.sender(self.request.META["REMOTE_ADDR"], enquiries.FORM)
        request = Request(key=key, now=self.now, **sender)
        try:
            enquiries.ask(question=form.question(), request=request)
        except KeyReused as refused:
            context = {"reused": True}
            return render(
                self.request, "booking/question_sent.html", context, status=refused.status
            )
        except Refused as refused:
            return self.page(form, refused.status, refused.code)
        return see_other("booking:question_sent")

    def page(self, form: QuestionForm, status: int = 200, problem: str = "") -> HttpResponse:
        context = {"form": form, "problem": problem, "cards": urgency.cards()}
        return render(self.request, "booking/question.html", context, status=status)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """When the answer comes: for a question that is sent at this moment."""
    context = {"due_at": enquiries.due_at(timezone.now())}
    return render(request, "booking/question_sent.html", context)
