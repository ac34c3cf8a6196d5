"""What was typed into a row that somebody has removed since the form was shown."""

from collections.abc import Mapping
from typing import Any

from django.forms.formsets import DEFAULT_MAX_NUM
from django.http import QueryDict

from conditions.admin.meanwhile import as_typed, key, row_digest


def typed_anew(
    data: QueryDict, formset: Any, seen: Mapping[str, str]
) -> tuple[QueryDict, dict[str, str]]:
    """What was posted, without the rows that are gone; and in words, by the key of such a row,
    what had been typed into it.

    A removed row into which nothing was typed is left out. One that was changed becomes a new row,
    so that the form comes back with it. Django looks for each row by its place, and would fail
    where fewer are left.
    """
    prefix = formset.prefix
    first = data.get(f"{prefix}-INITIAL_FORMS", "")
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    if not (first.isdecimal() and total.isdecimal()) or int(total) > DEFAULT_MAX_NUM:
        return data, {}
    there = {str(form.instance.pk) for form in formset.initial_forms}
    keys = {n: data.get(f"{prefix}-{n}-id", "") for n in range(min(int(first), int(total)))}
    stay = [n for n, pk in keys.items() if pk in there]
    found = {n: _typed(data, formset, n, seen) for n, pk in keys.items() if pk not in there}
    typed = {n: words for n, words in found.items() if words}
    order = [*stay, *typed, *range(len(keys), int(total))]
    left = _in_order(data, prefix, order)
    for place in range(len(stay), len(stay) + len(typed)):
        left[f"{prefix}-{place}-id"] = ""
    left[f"{prefix}-INITIAL_FORMS"] = str(len(stay))
    left[f"{prefix}-TOTAL_FORMS"] = str(len(order))
    return left, {key(formset, keys[n]): words for n, words in typed.items()}


def _typed(data: QueryDict, formset: Any, number: int, seen: Mapping[str, str]) -> str:
    """A posted row in words; empty if it was to be deleted, or is as the form had shown it."""
    prefix = formset.add_prefix(number)
    if f"{prefix}-DELETE" in data:
        return ""
    row = formset.model(**{formset.fk.name: formset.instance})
    form = _form(formset, data, prefix=prefix, instance=row)
    shown = seen.get(key(formset, data.get(f"{prefix}-id", "")))
    if form.is_valid() and row_digest(_form(formset, instance=form.instance)) == shown:
        return ""
    return ", ".join(words for _label, words in as_typed(form)) or "–"


def _form(formset: Any, *data: Any, **about: Any) -> Any:
    """The form of one row; to whom the row belongs is not typed."""
    form = formset.form(*data, **about)
    form.fields.pop(formset.fk.name, None)
    return form


def _in_order(data: QueryDict, prefix: str, order: list[int]) -> QueryDict:
    """The rows of a formset in another order, without those that it does not name."""
    places = {str(old): str(new) for new, old in enumerate(order)}
    left = QueryDict(mutable=True)
    for name, values in data.lists():
        number, _dash, field = name.removeprefix(f"{prefix}-").partition("-")
        if not name.startswith(f"{prefix}-") or not number.isdecimal():
            left.setlist(name, values)
        elif number in places:
            left.setlist(f"{prefix}-{places[number]}-{field}", values)
    return left
