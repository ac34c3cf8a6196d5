"""Where editors write and clinicians sign off. No HTML needed."""

from conditions.admin.areas import BodyAreaAdmin
from conditions.admin.articles import ArticleAdmin
from conditions.admin.changes import ChangesAdmin
from conditions.admin.conditions import ConditionAdmin
from conditions.admin.exercises import ExerciseAdmin, SafetyLineAdmin
from conditions.admin.pages import PageAdmin
from conditions.admin.people import AuthorAdmin, ReviewerAdmin
from conditions.admin.pictures import HomePictureAdmin
from conditions.admin.shared import (
    CitationAdmin,
    PreventionTipAdmin,
    TestimonialAdmin,
    TreatmentAdmin,
    UrgencyLineAdmin,
)
from conditions.admin.verdicts import PainKindAdmin

__all__ = [
    "ArticleAdmin",
    "AuthorAdmin",
    "BodyAreaAdmin",
    "ChangesAdmin",
    "CitationAdmin",
    "ConditionAdmin",
    "ExerciseAdmin",
    "HomePictureAdmin",
    "PageAdmin",
    "PainKindAdmin",
    "PreventionTipAdmin",
    "ReviewerAdmin",
    "SafetyLineAdmin",
    "TestimonialAdmin",
    "TreatmentAdmin",
    "UrgencyLineAdmin",
]
