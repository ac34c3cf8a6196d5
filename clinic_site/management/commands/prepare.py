"""Put in place what `make run` needs: asked of the database and VAR_DIR, each time."""

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from booking.models import Therapist
from clinic_site.staff import demo_logins


class Command(BaseCommand):
    help = "Migrate, collect static files, load content and, in the demo, its clinic and sign-ins."
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        migrate()
        collect_static()
        if "load_content" in get_commands():
            call_command("load_content", verbosity=0)
        if settings.DEMO:
            if "load_demo" in get_commands() and not Therapist.objects.exists():
                call_command("load_demo", verbosity=0)
            demo_logins.ensure()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect when a source has changed since: hashing and compressing takes seconds."""
    mark = settings.STATIC_ROOT / ".collected"
    state = static_state()
    if not mark.exists() or mark.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(state)


def static_state() -> str:
    """A digest of every static source's name, size and time of change."""
    files = [
        Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([])
    ]
    stats = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in sorted(files)]
    return hashlib.sha256("\n".join([django.__version__, *stats]).encode()).hexdigest()
