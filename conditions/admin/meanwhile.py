"""What changed between the showing of a form and its saving, field by field."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.db import models
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext as _

DIGITS = 12  # of a digest: enough to tell one saving from the next
Digests = dict[str, str]


class Meanwhile(NamedTuple):
    """One field that somebody else changed: what it says now, and what this form says."""

    label: str
    now: str
    typed: str


class Shown(NamedTuple):
    """A form with the forms of the rows below it."""

    form: forms.ModelForm
    formsets: list[Any]

    def has_changed(self) -> bool:
        return self.form.has_changed() or any(each.has_changed() for each in self.formsets)


def digests(shown: Shown) -> Digests:
    """What a form shows: a digest for each of its fields, and for each row below it."""
    form = shown.form
    found = {name: digest([_plain(form, name)]) for name in _typed_in(form)}
    for formset in shown.formsets:
        for below in formset.initial_forms:
            found[key(formset, below.instance.pk)] = row_digest(below)
    return found


def row_digest(form: Any) -> str:
    """What the form of one row shows."""
    return digest([_plain(form, name) for name in _typed_in(form)])


def parse(text: str) -> Digests:
    """The digests that a form carried; none of rubbish, so that everything counts as changed."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def differing(seen: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    return {each for each in {*seen, *now} if seen.get(each) != now.get(each)}


def report(
    now: Shown, typed: Shown, changed: Iterable[str], removed: Mapping[str, str]
) -> list[Meanwhile]:
    """What changed meanwhile, field by field, in the order of the form. `removed` says in words
    what was typed into rows that are gone.
    """
    names = set(changed)
    found = [field_told(now.form, typed.form, name) for name in now.form.fields if name in names]
    for before, formset in zip(now.formsets, typed.formsets, strict=True):
        rows = {form.instance.pk: form for form in formset.initial_forms}
        for below in before.initial_forms:
            if key(before, below.instance.pk) in names:
                found += _row(below, rows.get(below.instance.pk))
        title = str(formset.model._meta.verbose_name)
        gone = names - set(digests(now))
        missing = [each for each in sorted(gone) if is_of(before, each)]
        found += [Meanwhile(title, _("removed"), removed.get(each, "")) for each in missing]
    return found


def _row(now: Any, typed: Any) -> list[Meanwhile]:
    """A row below the form: added meanwhile, or those of its fields that differ."""
    title = str(now.instance)
    if typed is None:
        return [Meanwhile(title, _("added"), "")]
    return [
        Meanwhile(f"{title}: {told.label}", told.now, told.typed)
        for told in (field_told(now, typed, name) for name in typed.changed_data)
    ]


def field_told(now: Any, typed: Any, name: str) -> Meanwhile:
    """One field of a form as the row has it now, beside what was typed."""
    field = now.fields[name]
    stands = now.get_initial_for_field(field, name)
    return Meanwhile(str(now[name].label), _words(field, stands), _words(field, typed[name].data))


def as_typed(form: Any) -> list[tuple[str, str]]:
    """Each field of a filled form that says something: its label, and what was typed."""
    told = [
        (str(form[name].label), _words(field, form[name].data))
        for name, field in form.fields.items()
        if not form[name].is_hidden
    ]
    return [(label, words) for label, words in told if words]


def _words(field: forms.Field, value: Any) -> str:
    """A value as the form would show it: the names of choices, yes or no, or the text itself."""
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return _("yes") if value not in (False, None, "", "False") else _("no")
    chosen = value if isinstance(value, list | tuple) else [value]
    if isinstance(field, forms.ChoiceField):
        labels = dict(_choices(field.choices))
        chosen = [labels.get(str(field.prepare_value(each)), each) for each in chosen]
    told = [str(each) for each in chosen if each not in (None, "")]
    return ", ".join(told)


def _choices(choices: Any) -> Iterator[tuple[str, str]]:
    """Values with their names; once bound to a form, choices are pairs, or groups of pairs."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choices(label)
        else:
            yield str(value), str(label)


def _typed_in(form: Any) -> list[str]:
    """Fields of the row that can be typed in; a form that shows others of it names them."""
    own = {field.name for field in [*form._meta.model._meta.fields, *_many(form)]}
    own |= set(getattr(form, "of_row", ()))
    own -= {form._meta.model._meta.pk.name}
    return [
        name
        for name, field in form.fields.items()
        if name in own and not field.disabled and not isinstance(field, InlineForeignKeyField)
    ]


def _many(form: Any) -> list[Any]:
    return list(form._meta.model._meta.many_to_many)


def _plain(form: Any, name: str) -> Any:
    """A field's value as plain text, whatever the order in which a list was read."""
    value = form.get_initial_for_field(form.fields[name], name)
    if isinstance(value, list | tuple | models.QuerySet):
        return sorted(str(getattr(each, "pk", each)) for each in value)
    return str(value)


def digest(values: list[Any]) -> str:
    """Tells one list of plain values from the next."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:DIGITS]


def key(formset: Any, pk: Any) -> str:
    """Of a row below a form, among its digests."""
    return f"{formset.prefix}-{pk}"


def is_of(formset: Any, its_key: str) -> bool:
    """Whether that is the key of a row of this formset."""
    return its_key.startswith(f"{formset.prefix}-")
