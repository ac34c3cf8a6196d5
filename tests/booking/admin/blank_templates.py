"""Pages that say nothing, for walks that ask who gets in and what is written."""

from django.template import Origin
from django.template.loaders.base import Loader


class Blank(Loader):
    """Empty templates: what pages say is for other tests, and takes four times as long."""

    def get_template_sources(self, name):
        yield Origin(name, name, self)

    def get_contents(self, origin):
        return ""


def say_nothing(settings):
    """Every template is empty from here on."""
    [kept] = settings.TEMPLATES
    blank = {"loaders": [f"{__name__}.Blank"]}
    settings.TEMPLATES = [kept | {"APP_DIRS": False, "OPTIONS": kept["OPTIONS"] | blank}]
