"""The shipped content, as the files say it: no database is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings

from conditions.models import Slugged
from conditions.models.base import kinds_of

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def links(model: type[Slugged]) -> list[str]:
    """Its many-to-many fields that are told by slugs; others are told by rows of their own."""
    found: Any = model._meta.many_to_many
    return [field.name for field in found if field.remote_field.through._meta.auto_created]


@dataclass(frozen=True)
class Record:
    """One row of a fixture file."""

    name: str  # of the model, lower case
    slug: str
    fields: dict[str, Any]

    @property
    def model(self) -> type[Slugged]:
        return apps.get_model("conditions", self.name)

    @property
    def many(self) -> dict[str, list[str]]:
        """Slugs of each many-to-many field that the file gives."""
        names = links(self.model)
        return {
            name: [slug for (slug,) in value]
            for name, value in self.fields.items()
            if name in names
        }

    @property
    def own(self) -> dict[str, Any]:
        """The other fields."""
        return {name: value for name, value in self.fields.items() if name not in self.many}

    def __str__(self) -> str:
        return f"{self.name} {self.slug}"


def folders() -> list[Path]:
    """Content for every clinic, and what only the demo may show."""
    top = Path(settings.FIXTURE_DIRS[0])
    return [top / "content", top / "demo"] if settings.DEMO else [top / "content"]


def read(*places: Path) -> list[Record]:
    """The content rows of all YAML files in these folders, what is referred to first.

    Rows of other apps are left to their own loaders.
    """
    found = [
        record
        for place in places
        for path in sorted(place.glob("*.yaml"))
        for record in _file(path)
    ]
    order = model_order()
    return sorted(found, key=lambda record: order.index(record.name))


def model_order() -> list[str]:
    """Names of the content's models, each after those that its foreign keys lead to.

    Many-to-many links are set once every row is there.
    """
    names = {model: str(model._meta.model_name) for model in kinds_of(Slugged)}
    refers = {
        names[model]: {
            names[field.related_model]
            for field in model._meta.concrete_fields
            if field.related_model in names and field.related_model is not model
        }
        for model in names
    }
    return list(TopologicalSorter(refers).static_order())


def _file(path: Path) -> Iterator[Record]:
    for row in yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or []:
        app, _, name = row["model"].partition(".")
        if app == "conditions":
            yield Record(name=name, slug=row["fields"]["slug"], fields=row["fields"])
