"""Patients' stories, with consent and its withdrawal."""

from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Reviewed, ReviewedQuerySet


class TestimonialQuerySet(ReviewedQuerySet):
    def published(self) -> Self:
        """Only while the patient agrees."""
        return super().published().filter(withdrawn_on__isnull=True)

    def waiting(self) -> Self:
        return super().waiting().filter(withdrawn_on__isnull=True)

    def shown(self, drafts: bool = False) -> Self:
        """Without the consent no preview shows it either."""
        return super().shown(drafts).filter(withdrawn_on__isnull=True)


@auditlog.register()
class Testimonial(Reviewed):
    """A patient's own words, shown while the consent stands, with "results differ"."""

    prose = ["text"]
    part_of = "condition"
    known_by = "shown_name"

    condition = models.ForeignKey(
        "conditions.Condition",
        models.CASCADE,
        related_name="testimonials",
        verbose_name=_("condition"),
    )
    text = models.TextField(_("text"))
    shown_name = models.CharField(
        _("name shown"), max_length=80, help_text=_("As the patient agreed: a first name, say")
    )
    consent_given_on = models.DateField(
        _("consent given on"), help_text=_("Date of the signed consent")
    )
    withdrawn_on = models.DateField(
        _("consent withdrawn on"),
        null=True,
        blank=True,
        help_text=_("From then on the story is hidden."),
    )

    objects = TestimonialQuerySet.as_manager()

    class Meta:
        ordering = ["-consent_given_on", "pk"]
        verbose_name = _("patient's story")
        verbose_name_plural = _("patients' stories")
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("consent_given_on")),
                name="conditions_testimonial_withdrawn_after_consent",
                violation_error_message=_("Consent is withdrawn after it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown_name}: {self.text[:40]}"

    def words_alone(self) -> list[str]:
        """Also who says so."""
        return [self.text, self.shown_name]

    @property
    def is_published(self) -> bool:
        return super().is_published and self.withdrawn_on is None
