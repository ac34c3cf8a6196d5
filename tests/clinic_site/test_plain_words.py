"""Every page of the admin's registry speaks as staff do: walked over all models."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from booking.models import Location, ReferralRule, TimeOff, WorkingHours
from clinic_site.templatetags import set_up
from tests.every_row import make_every_row
from tests.reading import texts, texts_in
from tests.staff import now, sign_in  # noqa: F401

PAGES = ["changelist", "add", "change", "history", "delete"]
STOCK = r"Select |Add (?!a )|Change |View |Change history|Delete multiple"
CELLS = ["th", "td", "readonly", "breadcrumbs"]
# What a receptionist would stumble over, by what finds it in a page.
FAULTS = {
    "a stock title": lambda html: any(re.match(STOCK, title) for title in texts_in(html, "h1")),
    "a row without a name": lambda html: re.search(r"\w+ object \(\d+\)", html),
    "a red cross": lambda html: "icon-no" in html,
    "an icon that deletes": lambda html: "delete-related" in html,
    "an icon that looks": lambda html: "view-related" in html,
    "a package's name": lambda html: re.search(r"\baxes\b|auditlog \|", html, re.I),
    "recent actions": lambda html: "Recent actions" in html,
    "no menu": lambda html: "staff-menu" not in html,
    "a date for machines": lambda html: any(
        re.search(r"\d{4}-\d\d-\d\d", words) for cell in CELLS for words in texts_in(html, cell)
    ),
    "a clock of 24 hours": lambda html: any(
        re.search(r"\b([01]\d|2[0-3]):\d\d\b(?!\s[ap]\.m\.)", words)
        for cell in CELLS
        for words in texts_in(html, cell)
    ),
}
REACHED_FROM_ELSEWHERE = {WorkingHours, TimeOff}  # from their therapist


@pytest.fixture
def manager(settings, sign_in):  # noqa: F811
    """Somebody who may do all, in a clinic with a row of each kind."""
    settings.DEMO = True
    client = sign_in(superuser=True)
    make_every_row(User.objects.get(is_superuser=True))
    return client


def addresses(model):
    """Pages of a model by their names: of its list, and of its first row."""
    row = model._default_manager.order_by("pk").first()
    of_list, of_row = PAGES[:2], PAGES[2:] if row else []
    args = {page: [] for page in of_list} | {page: [row.pk] for page in of_row}
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return {page: reverse(f"{name}_{page}", args=args[page]) for page in args}


def faults_of(html):
    return [fault for fault, is_there in FAULTS.items() if is_there(html)]


def test_no_page_of_any_model_speaks_as_a_machine(manager):
    found, opened = {}, set()
    for model in admin.site._registry:
        for page, address in addresses(model).items():
            response = manager.get(address, follow=True)
            if response.status_code != 200:
                continue
            opened.add(model)
            if faults := faults_of(response.content.decode()):
                found[model.__name__, page] = faults

    assert found == {}
    assert opened == set(admin.site._registry)


def test_the_walk_would_find_a_page_as_it_is_shipped(manager):
    request = manager.get("/admin/").wsgi_request
    shipped = admin.ModelAdmin(ReferralRule, admin.site)
    page = shipped.changelist_view(request).render().content.decode()

    assert faults_of(page) == ["a stock title"]
    planted = '<h1>Rule</h1><img src="icon-no.svg"><td>2026-11-30 09:00</td><a id="delete-related">'
    assert faults_of(planted) == [
        "a red cross",
        "an icon that deletes",
        "no menu",
        "a date for machines",
        "a clock of 24 hours",
    ]


TITLES = {
    "booking_appointment_changelist": ["Visits"],
    "booking_location_add": ["New place"],
    "booking_location_change": ["Place", "Willow Street"],
    "booking_referralrule_delete": ["Delete this?", "Ohio"],
    "booking_closure_history": ["Who changed what", "Holiday"],
    "booking_outgoingemail_changelist": ["E-mails"],
    "booking_timeoff_change": ["Time off", "Mon, Nov 30, 2026, 9 a.m. – 10 a.m."],
    "auth_user_changelist": ["Staff accounts"],
    "auth_group_add": ["New role"],
    "auditlog_logentry_changelist": ["Who changed what"],
}


@pytest.mark.parametrize("name", TITLES)
def test_pages_are_called_by_what_is_on_them(manager, name):
    app, model, page = name.split("_")
    kinds = {each._meta.label_lower: each for each in admin.site._registry}
    response = manager.get(addresses(kinds[f"{app}.{model}"])[page])
    above = [response.context["title"], response.context.get("subtitle") or ""]
    named = texts(response, "h2")[:1] if page == "history" else above[1:]

    assert [words for words in [str(above[0]), *map(str, named)] if words] == TITLES[name]


def test_several_are_deleted_under_a_plain_title(manager):
    chosen = {"action": "delete_selected", "_selected_action": [ReferralRule.objects.get().pk]}
    asked = manager.post(reverse("admin:booking_referralrule_changelist"), chosen)

    assert texts(asked, "h1") == ["Delete these?"]


def placed(groups):
    return {label for _title, rows in groups for label in rows}


def left_out(groups):
    """Models of the registry that have no place on the first page, and are reached by no other."""
    shown = set(admin.site._registry) - REACHED_FROM_ELSEWHERE
    return {model._meta.label for model in shown} - placed(groups)


def test_every_model_has_its_group_and_its_line_on_the_first_page():
    assert left_out(set_up.GROUPS) == set()
    assert "booking.Therapist" in left_out(set_up.GROUPS[1:])
    known = {model._meta.label for model in admin.site._registry}
    assert placed(set_up.GROUPS) - known == set()


GROUPS = {
    "Front desk": ["Calendar", "Patients", "Clinic"],
    "Therapist": ["Patients"],
    "Editor": ["Website", "Staff"],
    "Manager": ["Calendar", "Patients", "Website", "Staff", "Clinic"],
}
MENUS = dict.fromkeys(GROUPS, "Day Find To do Set-up") | {"Editor": "Set-up"}


@pytest.mark.parametrize("role", GROUPS)
def test_the_first_page_has_what_a_role_may_open_in_groups(sign_in, role):  # noqa: F811
    page = sign_in(role).get(reverse("admin:index"))

    assert [str(group.title) for group in set_up.set_up(page.context["app_list"])] == GROUPS[role]
    assert texts(page, "staff-menu") == [MENUS[role]]


def test_an_address_on_the_site_is_shown_to_whoever_may_change_it_alone(manager, sign_in):  # noqa: F811
    address = addresses(Location)
    shown = [
        "field-slug" in client.get(address["change"]).content.decode()
        for client in (manager, sign_in("Front desk"))
    ]

    assert shown == [True, False]
