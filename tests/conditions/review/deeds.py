"""What staff and upgrades do with pages and their parts: each deed with the signed-in client and a
row, if there is one.
"""

import re
from datetime import date

from auditlog.models import LogEntry
from django.urls import reverse

from conditions.models import (
    Article,
    Cause,
    Condition,
    Exercise,
    LoadedRow,
    NewerText,
    PreventionTip,
    UrgencyLine,
)
from conditions.models import (
    Testimonial as Story,
)
from conditions.models.base import Content
from conditions.shipped import digests, loader
from conditions.shipped.fixtures import Record
from tests.conditions.builders import make_area
from tests.conditions.people import sign_in_list
from tests.conditions.shipped.upgrading import PAGE, address
from tests.staff import Browser
from tests.typed import fields_of

STORY = {"shown_name": "J.", "consent_given_on": date(2026, 1, 2)}
WORD = {  # the field of a kind in which its rows have their word
    Condition: "about",
    Article: "summary",
    Exercise: "title",
    UrgencyLine: "text",
    Story: "text",
}
TEXT = WORD | {PreventionTip: "title", Cause: "title"}  # also of those without a signature
LATER = ("xqsaid", "xqshipped")  # words that come and go with a text


def words_in(html):
    return set(re.findall(r"\bxq[a-z]+\d*", html))


class Reader(Browser):
    """Keeps each word that it was shown, and each that it typed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.read = set()

    def get(self, *args, **kwargs):
        response = super().get(*args, **kwargs)
        self.read |= words_in(response.content.decode())
        return response

    def post(self, path, data=None, *args, **kwargs):
        self.read |= words_in(str(data))
        return super().post(path, data, *args, **kwargs)


def reworded(row, sort):
    """The same word, and one that was never there."""
    new = f"{sort}{row._meta.model_name}{LogEntry.objects.count()}"
    return f"{getattr(row, TEXT[type(row)]).split()[0]} {new}"


def path(row, name):
    return reverse(f"admin:conditions_{row._meta.model_name}_{name}", args=[row.pk])


def sign(client, row):
    client.post(path(row, "approve"))


def retype(client, row):
    """Other words around the same one, in the form of the row."""
    form = fields_of(client.get(path(row, "change")), f"{row._meta.model_name}_form")
    if name := TEXT.get(type(row)):
        client.post(path(row, "change"), form | {name: [reworded(row, "xqsaid")]})


def retype_cause(client, row):
    """In the form of its condition."""
    form = fields_of(client.get(path(row, "change")), "condition_form")
    if cause := row.causes.first():
        client.post(path(row, "change"), form | {"causes-0-title": [reworded(cause, "xqsaid")]})


def spell(client, row):
    form = fields_of(client.get(path(row, "change")), f"{row._meta.model_name}_form")
    client.post(path(row, "change"), form | {"keeps_signature": ["on"]})


def unlink(client, row):
    """Take the exercise off a page, and call that spelling."""
    form = fields_of(client.get(path(row, "change")), f"{row._meta.model_name}_form")
    client.post(path(row, "change"), form | {"exercises": [], "keeps_signature": ["on"]})


def drop_cause(client, row):
    form = fields_of(client.get(path(row, "change")), "condition_form")
    client.post(path(row, "change"), form | {"causes-0-DELETE": ["on"]})


def take_back(client, row):
    listed = reverse(f"admin:conditions_{row._meta.model_name}_changelist")
    chosen = {"action": "take_back_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(listed, chosen)


def delete(client, row):
    client.post(path(row, "delete"), {"post": "yes"})


def add_line(client, row):
    typed = {"level": "urgent", "text": f"xqnew{UrgencyLine.objects.count()}", "order": 1}
    client.post(reverse("admin:conditions_urgencyline_add"), typed | {"condition": row.pk})


def propose_line(client, row):
    """A warning of every page, or of an area of the row."""
    number = UrgencyLine.objects.count()
    typed = {"level": "emergency", "text": f"xqall{number}", "order": 1}
    areas = [area.pk for area in row.areas.all()] if number % 2 else []
    client.post(reverse("admin:conditions_urgencyline_add"), typed | {"areas": areas})


def move_line(client, row):
    """From every page to an area, or back, and call that spelling."""
    form = fields_of(client.get(path(row, "change")), "urgencyline_form")
    areas = [] if row.areas.exists() else [make_area().pk]
    client.post(path(row, "change"), form | {"areas": areas, "keeps_signature": ["on"]})


def add_story(client, row):
    told = f"xqtold{Story.objects.count()}"
    typed = STORY | {"condition": Condition.objects.get().pk, "text": told}
    client.post(reverse("admin:conditions_testimonial_add"), typed)


# What upgrades do, and what becomes of their texts.


def told_of(row, **anew):
    """The row as a file of a version would tell it."""
    fields = {"slug": row.slug} | digests.words(row)
    if isinstance(row, Content):
        fields["updated_at"] = "2026-01-02T00:00:00Z"
    return Record(row._meta.model_name, row.slug, fields | anew)


def remember(row):
    """As if the row had come with the files as it is."""
    LoadedRow.objects.create(
        model=row._meta.model_name,
        slug=row.slug,
        file_digest=digests.of_file(told_of(row)),
        values=digests.of_values(digests.words(row)),
    )


def upgrade(client, row):
    """A version whose files say something else of the row, and still what waits already."""
    changed = told_of(row, **{TEXT[type(row)]: reworded(row, "xqshipped")})
    waiting = NewerText.objects.exclude(model=changed.name, slug=row.slug)
    loader.load([changed, *(Record(each.model, each.slug, each.fields) for each in waiting)])


def decide(client, row, what):
    """On the row, where it waits, if who asks may see it."""
    found = (client.get(PAGE).context or {}).get("newer", [])
    for each in (each for rows in found for each in rows if each.row == row):
        offer = client.get(address(each)).context["offer"]
        version = offer.version if what == "take" else each.version
        client.post(address(each), {"version": version, what: "1"})


def take(client, row):
    decide(client, row, "take")


def keep(client, row):
    decide(client, row, "keep")


DEEDS = [sign, sign, sign, retype, spell, take_back, sign_in_list, delete, add_line, add_story]
DEEDS += [unlink, drop_cause, propose_line, move_line]
DEEDS += [retype_cause, upgrade, upgrade, upgrade, take, take, keep]
KINDS = [Condition, Article, Exercise, UrgencyLine, Story, PreventionTip, Cause]


def may(deed, kind):
    """Whether the admin has such a page at all."""
    if deed in (upgrade, take, keep):
        return True
    if kind in (PreventionTip, Cause):  # a cause has no form of its own
        return kind is PreventionTip and deed in (delete, retype)
    if deed is unlink:
        return kind in (Condition, Article)
    if deed in (add_line, add_story, drop_cause, propose_line, retype_cause):
        return kind is Condition
    if deed is move_line:
        return kind is UrgencyLine
    return deed is not sign_in_list or kind in (UrgencyLine, Story)
