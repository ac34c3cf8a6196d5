"""What the admin says of reviews: which are overdue, and what awaits a clinician."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from conditions.models import Content, NewerText, Reviewed, Slugged
from conditions.review import confirming, newer, overdue
from conditions.review.advice import advice as advice_on
from conditions.review.parts import half_signed_pages

register = template.Library()


@register.inclusion_tag("admin/conditions/overdue.html")
def overdue_panel() -> dict[str, Any]:
    """Each overdue review with the page of the admin where it is mended. One query."""
    return {
        "rows": [
            (row, reverse(f"admin:conditions_{row.kind}_change", args=[row.pk]))
            for row in overdue.overdue_reviews(timezone.localdate())
        ]
    }


@register.inclusion_tag("admin/conditions/half_signed_panel.html")
def half_signed_panel() -> dict[str, Any]:
    """Each page that is approved and yet not public, with its form; nothing without any."""
    return {
        "rows": [
            (row, reverse(f"admin:conditions_{row.kind}_change", args=[row.pk]))
            for row in half_signed_pages()
        ]
    }


@register.inclusion_tag("admin/conditions/newer_panel.html")
def newer_panel() -> dict[str, Any]:
    """How many signed texts have a newer version; nothing without any. One query."""
    return {"told": newer.told(NewerText.objects.count())}


@register.inclusion_tag("admin/conditions/page_links.html")
def page_links(pages: Iterable[Reviewed]) -> dict[str, Any]:
    """Each of these pages with its preview; of a row without a page, with where it is read."""
    return {
        "links": [
            (page, reverse(f"admin:conditions_{page._meta.model_name}_{view}", args=[page.pk]))
            for page in pages
            for view in ["preview" if isinstance(page, Content) else "approve"]
        ]
    }


@register.simple_tag
def to_confirm(row: Slugged) -> list[str]:
    """The sentences of a row that a clinician has to confirm, since they name no source."""
    return confirming.to_confirm(row)


@register.simple_tag
def noted(row: Slugged) -> list[str]:
    """What the notes on the shipped texts leave to a clinician, of a row and its parts."""
    return confirming.noted(row)


@register.simple_tag
def advice(row: Slugged) -> list[str]:
    """What is hard to read in a row, lacks a source, or leads nowhere."""
    return advice_on(row)
