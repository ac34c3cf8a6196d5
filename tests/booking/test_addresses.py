"""E-mail addresses are cleaned on the way in, on every form that takes one."""

from importlib import import_module

import pytest
from django import forms
from django.apps import apps

from booking import contacts
from booking.desk import finding
from booking.desk.forms import CallerForm, CorrectionForm
from booking.forms.address import AddressForm, LostLinkForm
from booking.forms.contact import AddressField
from booking.forms.details import DetailsForm
from booking.forms.question import QuestionForm
from booking.forms.wishes import WishContactForm
from booking.messages import ics
from booking.models import Appointment
from tests.builders import at, make_therapist, visit

FORMS = [
    AddressForm,
    CallerForm,
    CorrectionForm,
    DetailsForm,
    LostLinkForm,
    QuestionForm,
    WishContactForm,
]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  rosa@example.org\n", "rosa@example.org"),
        ("rosa\u200b@exam\u00adple.org\u2060", "rosa@example.org"),
        ("\u202arosa@example.org\u202c", "rosa@example.org"),
        ("\u00a0rosa@example.org\u3164", "rosa@example.org"),
        ("ro\u200dsa@ex\u200cample.org", "rosa@example.org"),
        ("ro\ufe0fsa\x7f@\x01example.org", "rosa@example.org"),
        ("ｒｏｓａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "rosa@example.org"),
        ("Rosa.M+pt@EXAMPLE.Org", "Rosa.M+pt@example.org"),
        ("rosa@Müller.example", "rosa@xn--mller-kva.example"),
        ("rosa@xn--MLLER-kva.example", "rosa@xn--mller-kva.example"),
        ("rosa@xn--strae-oqa.de", "rosa@xn--strae-oqa.de"),
        ("rosa@BU\u0308CHER.example", "rosa@xn--bcher-kva.example"),
        ("rosa@例え。テスト", "rosa@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_address_is_cleaned(typed, kept):
    assert AddressField().clean(typed) == kept
    assert contacts.tidy_email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *["rosa", "ro sa@example.org", "rosa@", "rosa@-.org", "r@é..org"],
        *["rosa@localhost", "rosa@LocalHost", "rosa@[127.0.0.1]", "rosa@[IPv6:2001:db8::1]"],
    ],
)
def test_what_is_no_address_is_refused_in_words(typed):
    with pytest.raises(forms.ValidationError, match=r"like name@example\.com"):
        AddressField().clean(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "rosa@straße.de",
        "rosa@faß.de",
        "rosa@STRAẞE.de",
        "rosa@βόλος.com",
        "rosa@نامه\u200cای.com",  # a joiner that belongs to the domain
    ],
)
def test_a_domain_that_would_become_another_is_refused_in_words(typed):
    assert contacts.tidy_email(typed) == typed
    with pytest.raises(forms.ValidationError, match="cannot write to an address with these"):
        AddressField().clean(typed)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_cleans_it(form):
    assert type(form.base_fields["email"]) is AddressField


@pytest.mark.django_db
def test_the_same_international_address_however_typed():
    typed = AddressField().clean("rosa@MÜLLER.example")
    row = visit(make_therapist(), at("9:30"), email=typed, name="Rosa")
    row.save()
    event = ics.calendar_file(row, "Willow Street").replace(b"\r\n ", b"")
    assert b":mailto:rosa@xn--mller-kva.example\r\n" in event
    assert list(Appointment.objects.filter(finding.matching("rosa@müller.example"))) == [row]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        *[(part, 1) for part in ("bücher.de", "BÜCHER.de", "bücher", "@bücher.de", "xn--bcher")],
        *[("\u200bbücher.de ", 1), ("sa@bücher.de", 1), ("bücher.org", 0), ("EXAMPLE.org", 1)],
        *[("\u200b", 0), (" \u2060\u200d ", 0), ("\u3164", 0), ("\x01", 0), ("", 2), (" ", 2)],
    ],
)
def test_an_address_is_found_by_its_domain_and_by_nothing_unseen(typed, found):
    ana = make_therapist()
    visit(ana, at("9:00"), email="rosa@xn--bcher-kva.de").save()
    visit(ana, at("10:00"), email="bob@example.org").save()
    assert Appointment.objects.filter(finding.matching(typed)).count() == found


@pytest.mark.django_db
def test_addresses_that_were_there_get_their_ascii_form():
    ana = make_therapist()
    visit(ana, at("9:00"), email="rosa@müller.example").save()
    visit(ana, at("10:00"), email="Rosa@Example.org").save()
    import_module("booking.migrations.0025_folded_names").name_domains_in_ascii(apps, None)
    kept = list(Appointment.objects.order_by("starts_at").values_list("email", flat=True))
    assert kept == ["rosa@xn--mller-kva.example", "Rosa@Example.org"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('"rosa"@gmail.com', "rosa@gmail.com"),
        (r'"r\osa"@gmail.com', "rosa@gmail.com"),
        (r'"\r\o\s\a.m"@gmail.com', "rosa.m@gmail.com"),
        (r'"ro\ sa"@example.org', '"ro sa"@example.org'),
        (r'"a\"b"@example.org', r'"a\"b"@example.org'),
        ('"a@b"@example.org', '"a@b"@example.org'),
        ('""@example.org', '""@example.org'),
    ],
)
def test_quotes_that_say_nothing_are_left_out(typed, kept):
    assert contacts.tidy_email(typed) == kept
    assert contacts.tidy_email(kept) == kept


@pytest.mark.parametrize("name", ['"rosa"', r'"r\osa"', '"r..o.s.a"', '"rosa+1"', '"ro.sa+a b"'])
def test_no_quotes_make_another_mailbox_of_one(name):
    """Rows that a shell has written are as they were typed."""
    assert contacts.mailbox(f"{name}@gmail.com") == "rosa@gmail.com"
