"""Small pieces the content tests share."""

from datetime import date

from django.contrib.auth.models import User

from conditions.models import Condition, Reviewer, UrgencyLine

TODAY = date(2026, 11, 22)


def make_reviewer(**fields):
    user = fields.pop("user", None) or User.objects.create_user("rita", is_staff=True)
    known = {"user": user, "name": "Rita Roe", "credentials": "PT, DPT", "licence": "NY 012345"}
    return Reviewer.objects.create(**known | fields)


def make_condition(**fields):
    known = {"slug": "pain", "title": "Pain", "name_in_text": "pain", "summary": "It hurts."}
    return Condition.objects.create(**known | {"about": "Much."} | fields)


def make_emergency_line(**fields):
    known = {"level": "emergency", "text": "a leg is getting weaker", "state": "example"}
    return UrgencyLine.objects.create(**known | fields)
