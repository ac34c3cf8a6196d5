"""The shipped content in the test database: loaded by the loader once a run, copied after that.

The loader asks thousands of questions: each test would pay for them anew.
"""

import copy

from auditlog.models import LogEntry
from django.apps import apps
from django.db import models
from django.db.models import Max

from conditions.shipped import fixtures, loader
from tests import kept
from tests.kept import Rows

_kept: dict[bool, tuple[loader.Report, Rows]] = {}  # by whether the demo's own part came too


def load() -> loader.Report:
    """Bring in all that `load_content` would, and give its report; DEMO says what that is."""
    places = fixtures.folders()
    if any(model._base_manager.exists() for model in tables()):
        return loader.load(fixtures.read(*places))
    demo = len(places) > 1
    if demo in _kept:
        report, rows = _kept[demo]
        kept.write(rows)
    else:
        last = LogEntry.objects.aggregate(last=Max("pk"))["last"] or 0
        report = loader.load(fixtures.read(*places))
        _kept[demo] = report, written(last)
    return copy.deepcopy(report)


def tables() -> list[type[models.Model]]:
    """Of the content and its links."""
    return list(apps.get_app_config("conditions").get_models(include_auto_created=True))


def written(last: int) -> Rows:
    """Every row of the content, and the history since its entry `last`, which the loader made."""
    made = LogEntry.objects.filter(pk__gt=last, action=LogEntry.Action.CREATE)
    history = list(made.filter(content_type__app_label="conditions"))
    for entry in history:
        entry.pk = None  # nobody refers to it, and the test may have made some already
    return kept.read(tables()) | {LogEntry: history}
