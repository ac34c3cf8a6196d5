"""Public content pages: the same for every visitor, no session, no cookie."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from conditions import pictures
from conditions.models import Article, Condition, Exercise
from conditions.models.pages import published_page
from conditions.pages import exercise_list, parts, uses
from conditions.pages import program as programs

View = Callable[..., HttpResponse]


def public(view: View, *, reads_query: bool = False) -> View:
    """GET and HEAD only; the same for every visitor: caches keep it, and ask whether it changed.

    The page cache keeps no page without it, and takes a query for nothing unless the view says that
    it reads one.
    """
    answer: Any = require_safe(cache_control(public=True, no_cache=True)(view))
    answer.reads_query = reads_query
    return answer


@public
def conditions(request: HttpRequest) -> HttpResponse:
    found = Condition.objects.published().prefetch_related("pictures")
    return render(
        request, "conditions/conditions.html", parts.listing("conditions", conditions=found)
    )


@public
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Condition.objects.published().with_parts(), slug=slug)
    return render(request, "conditions/condition.html", parts.of_condition(found))


@public
def articles(request: HttpRequest) -> HttpResponse:
    found = Article.objects.published().prefetch_related("pictures", "sections")
    return render(request, "conditions/articles.html", parts.of_articles(found))


@public
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.published().with_parts(), slug=slug)
    return render(request, "conditions/article.html", parts.of_article(found))


@partial(public, reads_query=True)
def exercises(request: HttpRequest) -> HttpResponse:
    """All exercises, or those of the condition in the address as this uses them.

    An address of a condition that is not there shows all, and says so.
    """
    listed = Exercise.objects.published().select_related("area")
    found = list(listed.prefetch_related("pictures", "area__pictures"))
    users = Condition.objects.published().that_use(found)
    asked = request.GET.get("for", "")
    used = uses.for_condition(asked)
    return render(
        request, "conditions/exercises.html", exercise_list.context(found, users, used, asked)
    )


@public
def exercise(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.published().with_page_parts(), slug=slug)
    return render(request, "conditions/exercise.html", parts.of_exercise(found))


@partial(public, reads_query=True)
def program(request: HttpRequest) -> HttpResponse:
    """The sheet of the exercises in the address, as the condition that it is for uses them.

    Of a condition alone: of all its exercises. Without any, or with more than fit, the form.
    """
    listed = Exercise.objects.published().select_related("area")
    exercises = list(listed.prefetch_related("pictures"))
    used = uses.for_condition(request.GET.get("for", ""))
    asked = request.GET.getlist("exercise")
    of_condition = [use.exercise.slug for use in used]
    chosen, unknown = programs.chosen(exercises, asked or of_condition[: programs.MOST_EXERCISES])
    ticks = {"exercise": [row.slug for row in chosen]}
    fits = 0 < len(of_condition) <= programs.MOST_EXERCISES
    is_sent = bool(asked or fits) and "change" not in request.GET
    form = programs.ProgramForm(exercises, ticks if is_sent else None, initial=ticks)
    if not form.is_valid():
        context = parts.of_program_form(form, exercises, unknown, used)
        return render(request, "conditions/program_form.html", context)
    condition = used[0].condition.slug if used else ""
    if not unknown and request.GET.urlencode() != programs.query(chosen, condition):
        return redirect(programs.path(chosen, condition))
    prefetch_related_objects(chosen, "steps", "safety_lines")
    return render(request, "conditions/program.html", parts.of_program(chosen, unknown, used))


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = published_page(slug)
    if found is None:
        raise Http404
    return render(request, "conditions/page.html", parts.of_page(found))


@require_safe
def picture(request: HttpRequest, file: str) -> HttpResponse:
    """One width of a picture of our own making; its name is its content, so it may be kept for
    ever. Of a page that visitors may not see, staff alone see it.
    """
    name, _dash, width = file.partition("-")
    is_public = pictures.is_public(name)
    if not is_public and not request.user.is_staff:
        raise Http404
    try:
        content = pictures.FILES.read(name, int(width))
    except FileNotFoundError as error:
        raise Http404 from error
    kept = "public, max-age=31536000, immutable" if is_public else "private, no-cache"
    return HttpResponse(content, content_type="image/webp", headers={"Cache-Control": kept})
