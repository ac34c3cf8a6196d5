"""Rows without a page of their own, such as warnings, are read side by side and signed at once."""

import hashlib
import json
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from conditions.admin import signing
from conditions.admin.review import ReviewedAdmin
from conditions.admin.signing import Reading, is_reviewer
from conditions.review import approval

DIGITS = 18  # of a key: no database holds more


class SignedSideBySide(ReviewedAdmin):
    """A list signs nothing, since it shows no whole text: it leads to where these are read."""

    actions = ["read_selected", "take_back_selected"]

    @admin.action(description=_("Read and sign"), permissions=["approve"])
    def read_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        keys = ",".join(map(str, queryset.values_list("pk", flat=True)))
        path = reverse(f"admin:conditions_{self.opts.model_name}_approve_several")
        return HttpResponseRedirect(f"{path}?{urlencode({'rows': keys})}")

    def get_urls(self) -> list[URLPattern]:
        name = f"conditions_{self.opts.model_name}_approve_several"
        view = self.admin_site.admin_view(self.approve_several_view)
        return [path("approve/", view, name=name), *super().get_urls()]

    def approve_several_view(self, request: HttpRequest) -> HttpResponse:
        """The whole text of each row; a POST signs what was read, all of it or nothing."""
        if not is_reviewer(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._show_readings(request, self._read(request))
        with transaction.atomic(using=router.db_for_write(self.model)):
            for row in self._chosen(request):
                approval.hold(row)
            readings = self._read(request)
            if request.POST.get("version") != version(readings):
                return self._show_readings(request, readings, HTTPStatus.CONFLICT)
            for reading in readings:
                self._approve(request, reading)
        return HttpResponseRedirect(reverse(f"admin:conditions_{self.opts.model_name}_changelist"))

    def _chosen(self, request: HttpRequest) -> QuerySet:
        asked = request.GET.get("rows", "").split(",")
        keys = [key for key in asked if key.isdecimal() and len(key) <= DIGITS]
        return self.get_queryset(request).filter(pk__in=keys).order_by("pk")

    def _read(self, request: HttpRequest) -> list[Reading]:
        readings = [signing.read(request, row) for row in self._chosen(request)]
        if not readings:
            raise Http404
        return readings

    def _show_readings(
        self, request: HttpRequest, readings: list[Reading], status: HTTPStatus = HTTPStatus.OK
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Read and sign"),
            "opts": self.opts,
            "readings": readings,
            "version": version(readings),
        }
        if status == HTTPStatus.CONFLICT:
            read = request.POST.get("read", "")
            context["since"] = [line for each in readings for line in each.new_since(read)]
        name = "admin/conditions/sign_several.html"
        return TemplateResponse(request, name, context, status=status)


def version(readings: Sequence[Reading]) -> str:
    """Tells these readings from those of other rows, or of another text."""
    told = json.dumps([reading.version for reading in readings])
    return hashlib.sha256(told.encode()).hexdigest()
