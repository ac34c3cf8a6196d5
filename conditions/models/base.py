"""What all content shares: a slug as natural key, a state, and who signed it off."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Draft: staff only. Example: shipped, shown in the demo. Approved: signed off."""

    DRAFT = "draft", _("Draft")
    EXAMPLE = "example", _("Example")
    APPROVED = "approved", _("Approved")


# Whose signature a row carries, by the names of its fields: no words of its own.
SIGNATURE = {"state", "reviewer", "reviewed_by", "reviewed_licence", "reviewed_on"}
SIGNATURE |= {"next_review_due"}


def shown_states() -> list[str]:
    """States a visitor may see: with DEMO on also what ships as an example."""
    return [State.EXAMPLE, State.APPROVED] if settings.DEMO else [State.APPROVED]


def new_slug() -> str:
    """A key for a row that has no address of its own; editors never see or type it."""
    return uuid.uuid4().hex


Kind = TypeVar("Kind", bound="Slugged")


class SluggedQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


class Slugged(models.Model):
    """A row with a slug as natural key, so that fixtures need no numbers.

    A kind of content says here, once, what checks, review and search ask of it.
    """

    # Fields of prose; its other text fields are names, numbers and keys.
    prose: ClassVar[Sequence[str]] = ()
    # The foreign key to the row on whose page it is read.
    part_of: ClassVar[str] = ""
    # Related names of the rows that are edited on its form.
    edited_parts: ClassVar[Sequence[str]] = ()
    # Related names of other pages that its page leads to by title: each is signed by itself.
    links: ClassVar[Sequence[str]] = ()
    # Whether a clinician has to confirm what it says without a source.
    is_clinical: ClassVar[bool] = False
    # From a warning, the lookup of the pages on which those of body areas and of every page stand;
    # and of which cards these are.
    warned_as: ClassVar[str] = ""
    warned_of: ClassVar[Sequence[str]] = ("emergency", "urgent", "routine")

    slug = models.SlugField(max_length=80, unique=True, default=new_slug, editable=False)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def edited_rows(self) -> list["Slugged"]:
        """The rows that are edited on its form; one query for each kind."""
        return [part for name in self.edited_parts for part in getattr(self, name).all()]

    def is_signed_off(self) -> bool:
        """Whether a clinician has approved a page on which this row stands."""
        return False


class Part(NamedTuple):
    """Rows that stand on a page: `name` leads there from the page, `back` from them to it."""

    name: str
    back: str
    model: type[Slugged]
    is_shared: bool  # other pages may show them too


def parts_of(model: type[Slugged]) -> list[Part]:
    """What stands on the page of such a row: rows that go with it, and rows that it shares.

    Read from the models, so that a new kind of part is one at once. `links` are none.
    """
    fields: Any = model._meta
    return [
        *(
            Part(below.get_accessor_name(), below.field.name, below.related_model, False)
            for below in fields.related_objects
            if below.one_to_many
            and issubclass(below.related_model, Slugged)
            and below.related_model.part_of == below.field.name
        ),
        *(
            Part(shared.name, shared.related_query_name(), shared.related_model, True)
            for shared in fields.many_to_many
            if shared.name not in model.links
        ),
    ]


class ReviewedQuerySet(SluggedQuerySet):
    def published(self) -> Self:
        """What visitors may see. The only gate to public content.

        A live clinic shows no page of which a part still waits for a signature, since the page
        would go without it.
        """
        found = self.filter(state__in=shown_states())
        return found if settings.DEMO else found.whole()

    def whole(self) -> Self:
        """Those with a signature on each part that has one of its own, and on each warning that
        stands there.
        """
        found, kind = self, cast("type[Slugged]", self.model)
        for part in parts_of(kind):
            if issubclass(part.model, Reviewed):
                rows: Any = part.model._default_manager.all()
                here = {part.back: OuterRef("pk")}
                found = found.exclude(Exists(rows.waiting().filter(**here)))
                if part.model.warned_as:  # a page itself: readers would get this one without it
                    found = found.exclude(Exists(rows.half_signed().filter(**here)))
        if kind.warned_as:
            lines: Any = apps.get_model("conditions", "UrgencyLine")._default_manager
            standing = lines.standing_with(kind, OuterRef("pk")).without_proposals()
            found = found.exclude(Exists(standing.waiting()))
        return found

    def half_signed(self) -> Self:
        """Approved, and yet not public in a live clinic: a part of it waits for a signature."""
        signed = self.filter(state=State.APPROVED)
        return signed.exclude(pk__in=signed.whole().order_by().values("pk"))

    def waiting(self) -> Self:
        """Those that nobody has signed, and that a page would show."""
        return self.exclude(state=State.APPROVED)

    def shown(self, drafts: bool = False) -> Self:
        """What a page shows of them: what is public, or with drafts what will be once signed."""
        return self.all() if drafts else self.published()

    def overdue(self, today: date) -> Self:
        """Approved, with a next review that was due before today (the clinic's date)."""
        return self.filter(state=State.APPROVED, next_review_due__lt=today)


class Reviewed(Slugged):
    """Content with a state and a review: name and licence are copied when it is signed off."""

    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.DRAFT, editable=False
    )
    reviewer = models.ForeignKey(
        "conditions.Reviewer",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=200, blank=True, editable=False)
    reviewed_licence = models.CharField(_("licence"), max_length=100, blank=True, editable=False)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True, editable=False)
    next_review_due = models.DateField(_("next review due"), null=True, blank=True, editable=False)

    # The field by which staff know a row.
    known_by: ClassVar[str] = "title"
    # What a row becomes when its text changes under a signature.
    unsigned_state = State.DRAFT

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "example", "approved"]),
                name="conditions_%(class)s_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(
                    reviewer__isnull=False,
                    reviewed_on__isnull=False,
                    next_review_due__isnull=False,
                )
                & ~Q(reviewed_by="")
                & ~Q(reviewed_licence=""),
                name="conditions_%(class)s_approved_has_reviewer",
                violation_error_message=_("Approved content names its reviewer and dates."),
            ),
            models.CheckConstraint(
                condition=Q(next_review_due__isnull=True) | Q(next_review_due__gt=F("reviewed_on")),
                name="conditions_%(class)s_review_due_after_review",
                violation_error_message=_("The next review is due after the last one."),
            ),
        ]

    @property
    def is_published(self) -> bool:
        """Whether its state lets visitors see it; of a page `published()` asks its parts too."""
        return self.state in shown_states()

    @property
    def is_overdue(self) -> bool:
        """Whether its review is overdue today: `overdue()` for a row already at hand."""
        due = self.next_review_due
        return self.is_signed_off() and due is not None and due < timezone.localdate()

    def is_signed_off(self) -> bool:
        return self.state == State.APPROVED

    def words_alone(self) -> list[str]:
        """All that a reader gets of it, a line each, where it is signed without a page."""
        return [str(getattr(self, name)) for name in self.prose]


class Content(Reviewed):
    """A page of its own, with an address, an author and a review."""

    # The folder of its address; "" for a page at the top.
    folder: ClassVar[str] = ""
    # Among equal answers of search, the kind with the lowest rank comes first.
    search_rank: ClassVar[int]
    # What search calls it, and the rows whose headings it asks for.
    search_label: ClassVar[str | Promise]
    search_parts: ClassVar[Sequence[str]] = ("sections",)

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("Last part of the page's address. Do not change it once the page is public."),
    )
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(
        _("main message"),
        help_text=_("Two short sentences. They stand under the title and in search results."),
    )
    author = models.ForeignKey(
        "conditions.Author",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    what_changed = models.CharField(
        _("what changed"),
        max_length=200,
        blank=True,
        help_text=_("One line for readers: what is new on this page, and why."),
    )
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)

    class Meta(Reviewed.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.address(self.slug)

    @classmethod
    def address(cls, slug: str) -> str:
        """The path of the page with that slug."""
        return f"/{cls.folder}/{slug}/" if cls.folder else f"/{slug}/"

    def search_headings(self) -> list[str]:
        """What stands on the page as headings, once `search_parts` are read."""
        return []


def kinds_of(base: type[Kind]) -> list[type[Kind]]:
    """The models of content that are a kind of `base`, such as `Content`."""
    return [
        model for model in apps.get_app_config("conditions").get_models() if issubclass(model, base)
    ]


def is_any_signed() -> bool:
    """Whether a clinician has approved any page of the kinds that show every page's warnings."""
    kinds = [kind for kind in kinds_of(Content) if kind.warned_as]
    return any(kind._default_manager.filter(state=State.APPROVED).exists() for kind in kinds)
