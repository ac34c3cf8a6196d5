"""Articles and their sections."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conditions.admin.content import TEXT_HELP, ContentAdmin
from conditions.admin.pictures import HasPictures, inline
from conditions.admin.plain_text import StackedInline
from conditions.admin.review import REVIEW
from conditions.models import Article, ArticlePicture, ArticleSection
from conditions.pages import parts

SHORT = ("what_it_is", "does_it_help", "for_whom", "how_long", "what_to_do", "needs")
SHARED = (
    "causes",
    "exercises",
    "tips",
    "related",
)


class ArticleSectionInline(StackedInline):
    model = ArticleSection
    fields = [("order", "followed_by", "area"), "heading", "text"]


@admin.register(Article)
class ArticleAdmin(HasPictures, ContentAdmin):
    preview_template = "conditions/article.html"
    preview_context = staticmethod(parts.of_article)
    inlines = [ArticleSectionInline, inline(ArticlePicture)]
    fieldsets = [
        (
            None,
            {"description": TEXT_HELP, "fields": ["title", "slug", "label", "summary", "order"]},
        ),
        (_("Which part of the body"), {"fields": ["areas"]}),
        (_("In short"), {"fields": SHORT}),
        (_("What stands in it"), {"fields": SHARED}),
        (_("Written by"), {"fields": ["author", "what_changed"]}),
        REVIEW,
    ]
