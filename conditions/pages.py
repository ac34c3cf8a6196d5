"""The text of the clinic's own pages, for views in any app."""

from conditions.models import Page


def published_page(slug: str) -> Page | None:
    """The page with its author and sections, or None if it may not be shown. Two queries."""
    return Page.objects.published().with_parts().filter(slug=slug).first()
