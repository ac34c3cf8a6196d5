"""Signing content off."""

from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser, User

from conditions.models import Content, Reviewed, Reviewer, State, UrgencyLine

REVIEW_LASTS = timedelta(days=365)


class NoEmergencyLine(Exception):
    """A page cannot be approved while no emergency line is public."""


def reviewer_of(user: User | AnonymousUser) -> Reviewer | None:
    """The Reviewer row of a signed-in, active user, or None: only reviewers may approve."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return None
    return Reviewer.objects.filter(user=user).first()


def approve(*, content: Reviewed, reviewer: Reviewer, on: date) -> None:
    """Sign content off: copy name and licence, date it, and set the next review a year on.

    `on` is the clinic's date. Raises NoEmergencyLine for a page while none is public.
    """
    if isinstance(content, Content) and not _has_emergency_line():
        raise NoEmergencyLine
    content.state = State.APPROVED
    content.reviewer = reviewer
    content.reviewed_by = str(reviewer)
    content.reviewed_licence = reviewer.licence
    content.reviewed_on = on
    content.next_review_due = on + REVIEW_LASTS
    content.save()


def take_back(*, content: Reviewed) -> None:
    """Make approved or example content a draft again: it leaves the public site."""
    content.state = State.DRAFT
    content.save()


def _has_emergency_line() -> bool:
    return (
        UrgencyLine.objects.published()
        .filter(level=UrgencyLine.Level.EMERGENCY, condition=None)
        .exists()
    )
