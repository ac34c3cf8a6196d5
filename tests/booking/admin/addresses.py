"""Every address of staff, as the resolver has it, and filled in for a row."""

from django.contrib import admin
from django.urls import URLResolver, reverse

from booking.models import Appointment, Enquiry, Series, WaitlistEntry

WORDS = {"status": "arrived", "answer": "given", "model": "condition", "slug": "back-pain"}
WORDS |= {"uidb64": "x", "token": "y", "app_label": "booking"}


def addresses(patterns, route="", space=""):
    """(name, words to fill in) of those of staff; without a name are those that only lead on."""
    for each in patterns:
        below = route + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(
                each.url_patterns, below, f"{each.namespace}:" if each.namespace else space
            )
        elif below.startswith("admin/") and each.name:
            words = each.pattern.converters or each.pattern.regex.groupindex
            yield space + each.name, list(words)


def first_row(name):
    """The primary key of a row that the address is about; 1 where its model has none."""
    models = {f"admin:{it._meta.label_lower.replace('.', '_')}_": it for it in admin.site._registry}
    models |= {"desk:series": Series, "desk:wish": WaitlistEntry, "desk:question": Enquiry}
    models |= {"desk:": Appointment}
    model = next((models[start] for start in models if name.startswith(start)), Appointment)
    row = model._base_manager.order_by("pk").first()
    return row.pk if row else 1


def filled(name, words):
    pk = first_row(name)
    return reverse(name, kwargs={word: WORDS.get(word, pk) for word in words})
