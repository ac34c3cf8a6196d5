from django.apps import AppConfig
from django.core.checks import Tags, register

from clinic_site.deploy_checks import check_own_clinic


class ClinicSiteConfig(AppConfig):
    name = "clinic_site"

    def ready(self) -> None:
        register(check_own_clinic, Tags.security, deploy=True)
