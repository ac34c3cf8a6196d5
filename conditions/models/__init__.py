"""Everything an editor writes and a patient reads. One module per noun."""

from conditions.models.areas import BodyArea
from conditions.models.articles import Article, ArticleSection
from conditions.models.base import Content, Reviewed, Slugged, State
from conditions.models.citations import Citation
from conditions.models.conditions import Cause, Condition
from conditions.models.exercises import Exercise, ExerciseStep, SafetyLine
from conditions.models.loading import LoadedRow, NewerText
from conditions.models.pages import Page, PageSection
from conditions.models.pain import PainKind
from conditions.models.people import Author, Reviewer
from conditions.models.pictures import (
    AreaPicture,
    ArticlePicture,
    ConditionPicture,
    ExercisePicture,
    HomePicture,
    PagePicture,
)
from conditions.models.signatures import Signature
from conditions.models.testimonials import Testimonial
from conditions.models.tips import PreventionTip
from conditions.models.treatments import Evidence, Treatment
from conditions.models.urgency import UrgencyLine
from conditions.models.uses import ConditionExercise
from conditions.models.verdicts import ConditionTreatment
from conditions.models.versions import ContentVersion

__all__ = [
    "AreaPicture",
    "Article",
    "ArticlePicture",
    "ArticleSection",
    "Author",
    "BodyArea",
    "Cause",
    "Citation",
    "Condition",
    "ConditionExercise",
    "ConditionPicture",
    "ConditionTreatment",
    "Content",
    "ContentVersion",
    "Evidence",
    "Exercise",
    "ExercisePicture",
    "ExerciseStep",
    "HomePicture",
    "LoadedRow",
    "NewerText",
    "Page",
    "PagePicture",
    "PageSection",
    "PainKind",
    "PreventionTip",
    "Reviewed",
    "Reviewer",
    "SafetyLine",
    "Signature",
    "Slugged",
    "State",
    "Testimonial",
    "Treatment",
    "UrgencyLine",
]
