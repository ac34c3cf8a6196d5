"""The layout that the design fixes, held against the code. Every rule is tried on a planted fault.

A rule is a function of a module's path and source that names the faults it finds.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePath

import pytest

TOP = Path(__file__).parent.parent
APPS = ("booking", "conditions", "clinic_site")
TOP_LEVEL = {
    *("manage.py", "clinic_site", "conditions", "booking", "templates", "static", "fixtures"),
    *("requirements.txt", "tests", "README.md", "CHANGELOG.md", "LICENSE", "Makefile"),
    *("CONTRIBUTING.md", "SECURITY.md"),
    *("pyproject.toml", ".env.example", ".ci", ".gitignore", "docs", "locale", "deploy"),
}
# The rooms of each app, a floor a line. Imports run one way, from a later floor to an earlier one,
# and never between rooms of one floor. A new room takes its place here.
FLOORS = {
    "booking": [
        {
            "brand",
            "constraints",
            "contacts",
            "credentials",
            "faults",
            "secrets",
            "time_limits",
            "wording",
        }
        | {"staff_groups"},
        {"models"},
        {"transactions", "calendars"},
        {"visits", "photographs", "logo"},
        {"enquiries", "earlier", "records"},
        {"messages", "forms"},
        {"views", "desk"},
        {"admin", "templatetags", "management", "urls", "apps"},
    ],
    "conditions": [
        {"images"},
        {"models"},
        {"pages", "shipped", "pictures"},
        {"review"},
        {"views", "sitemaps"},
        {"admin", "templatetags", "management", "urls", "apps"},
    ],
    "clinic_site": [
        {"encrypted", "environment", "setting_rules", "logs", "formats"},
        {"look", "staff"},
        {"errors"},
        {"backups", "middleware", "search", "views", "crawlers"},
        {"settings", "templatetags", "management", "urls", "context_processors"},
        {"launcher", "gunicorn_config", "wsgi"},
    ],
}
MOST_FLOORS, MOST_MODULES = 8, 14
# Rooms of booking that know conditions by name alone.
NO_CONTENT = set.union(*FLOORS["booking"][:5])
# What of conditions is no content: every room may use it.
FOR_ALL = {"images"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "signals", "tools", "lib"}
PACKAGES_THAT_EXPORT = {"models", "admin"}
LONGEST_FUNCTION, LONGEST_MODULE = 50, 300


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of what a module imports, as far down as a module can be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def floor(app: str, room: str) -> int:
    """Height of a room of an app."""
    heights = [height for height, rooms in enumerate(FLOORS[app]) if room in rooms]
    return heights[0] if heights else len(FLOORS[app])


def imports_run_one_way(path: PurePath, source: str) -> list[str]:
    if path.parts[0] not in APPS:
        return []
    names = [name.split(".") for name in imported(ast.parse(source))]
    return [
        f"imports {'.'.join(name[:2])}"
        for name in names
        if upward(path.parts[0], PurePath(path.parts[1]).stem, name)
    ]


def upward(app: str, here: str, name: list[str]) -> bool:
    """Whether the room `here` of `app` must not import `name`."""
    match app, name:
        case (("booking" | "conditions"), ["clinic_site", *_]):
            return True
        case "conditions", ["booking", *_]:
            return True
        case "booking", ["conditions", room, *_]:
            return here in NO_CONTENT and room not in FOR_ALL
        case _, [same, room, *_] if same == app:
            return room != here and floor(app, room) >= floor(app, here)
    return False


def availability_is_pure(path: PurePath, source: str) -> list[str]:
    if path != PurePath("booking/calendars/availability.py"):
        return []
    roots = {name.split(".")[0] for name in imported(ast.parse(source))}
    return [f"imports {root}" for root in sorted(roots - sys.stdlib_module_names)]


def room_is_on_a_floor(path: PurePath, source: str) -> list[str]:
    app, room = path.parts[0], PurePath(path.parts[1]).stem
    known = {"__init__"}.union(*FLOORS.get(app, []))
    return ["is on no floor"] if app in FLOORS and room not in known else []


def names_say_what_is_inside(path: PurePath, source: str) -> list[str]:
    parts = {PurePath(part).stem for part in path.parts}
    return [f"is called {name}" for name in sorted(parts & VAGUE_NAMES)]


def no_inline_imports(path: PurePath, source: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTION)]
    return [
        f"imports inside {function.name}"
        for function in functions
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]


def no_save_overrides(path: PurePath, source: str) -> list[str]:
    """Of models: an invariant is a constraint, an event a service."""
    if "models" not in {PurePath(part).stem for part in path.parts}:
        return []
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return [
        f"overrides {each.name}.{node.name}"
        for each in classes
        for node in each.body
        if isinstance(node, FUNCTION) and node.name in ("save", "delete")
    ]


def functions_are_short(path: PurePath, source: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTION)]
    return [
        f"{function.name} has over {LONGEST_FUNCTION} lines"
        for function in functions
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]


def modules_are_short(path: PurePath, source: str) -> list[str]:
    long = len(source.splitlines()) > LONGEST_MODULE and path.parts[0] in APPS
    return [f"has over {LONGEST_MODULE} lines"] if long else []


def only_models_and_admin_export(path: PurePath, source: str) -> list[str]:
    exports = path.name != "__init__.py" or path.parent.name in PACKAGES_THAT_EXPORT
    return [] if exports or not ast.parse(source).body else ["exports what others define"]


def no_test_is_imported(path: PurePath, source: str) -> list[str]:
    """What two test modules need stands in neither: importing one would bring its tests along."""
    names = imported(ast.parse(source)) if path.parts[0] == "tests" else []
    modules = {part for name in names if name.startswith("tests.") for part in name.split(".")[1:]}
    return [f"imports {module}" for module in sorted(modules) if module.startswith("test_")]


FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[PurePath, str], list[str]]
RULES: list[Rule] = [
    imports_run_one_way,
    availability_is_pure,
    room_is_on_a_floor,
    names_say_what_is_inside,
    no_inline_imports,
    no_save_overrides,
    functions_are_short,
    modules_are_short,
    only_models_and_admin_export,
    no_test_is_imported,
]
LONG = "def f():\n" + "    pass\n" * LONGEST_FUNCTION
PLANTED = [
    (imports_run_one_way, "conditions/views.py", "from booking.models import Slot"),
    (imports_run_one_way, "conditions/models/base.py", "from conditions.pages import text"),
    (imports_run_one_way, "conditions/pages/text.py", "from conditions.shipped import loader"),
    (imports_run_one_way, "clinic_site/look/social_card.py", "from clinic_site import urls"),
    (imports_run_one_way, "booking/earlier/offers.py", "from booking.messages import outbox"),
    (imports_run_one_way, "booking/desk/day.py", "from booking.views.times import week"),
    (imports_run_one_way, "booking/views/times.py", "from clinic_site import settings"),
    (imports_run_one_way, "booking/models/visit.py", "from conditions.models import Condition"),
    (imports_run_one_way, "booking/models/visit.py", "from booking import visits"),
    (imports_run_one_way, "booking/calendars/busy.py", "import booking.visits.changes"),
    (imports_run_one_way, "booking/visits/changes.py", "from booking.views.times import book"),
    (imports_run_one_way, "booking/calendars/hours.py", "from booking.visits.limits import count"),
    (
        availability_is_pure,
        "booking/calendars/availability.py",
        "from django.utils import timezone",
    ),
    (room_is_on_a_floor, "booking/things.py", ""),
    (names_say_what_is_inside, "conditions/utils.py", ""),
    (names_say_what_is_inside, "booking/common/dates.py", ""),
    (no_inline_imports, "booking/visits/changes.py", "def f():\n    import json"),
    (no_save_overrides, "booking/models/visit.py", "class A:\n    def save(self): pass"),
    (no_save_overrides, "conditions/models.py", "class A:\n    def delete(self): pass"),
    (functions_are_short, "tests/test_x.py", LONG),
    (modules_are_short, "booking/visits/changes.py", "\n" * (LONGEST_MODULE + 1)),
    (only_models_and_admin_export, "booking/views/__init__.py", "from booking.views.a import b"),
    (no_test_is_imported, "tests/a/test_b.py", "from tests.a.test_c import sent"),
    (no_test_is_imported, "tests/a/test_b.py", "from tests.a import test_c as c"),
]


def tracked() -> list[str]:
    """Files that are in the repository."""
    command = ["git", "ls-files"]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (TOP / name).exists()]


def modules() -> list[str]:
    python = [name for name in tracked() if name.endswith(".py")]
    return [name for name in python if name.startswith((*APPS, "tests")) and "migra" not in name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule):
    names = [name for name in modules() if len(PurePath(name).parts) > 1]

    assert {
        name: faults for name in names if (faults := rule(PurePath(name), (TOP / name).read_text()))
    } == {}


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED)
def test_rule_finds_a_planted_fault(rule, path, source):
    assert len(rule(PurePath(path), source)) == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_a_planted_fault(rule):
    assert rule in {planted[0] for planted in PLANTED}


def test_top_level_is_as_the_design_fixes_it():
    assert {PurePath(name).parts[0] for name in tracked()} - TOP_LEVEL == set()


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def import_graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """Which of these modules, by name, each of them imports."""

    def module_of(dotted: str) -> str:
        return dotted if dotted in sources else dotted.rpartition(".")[0]

    return {
        name: {module_of(dotted) for dotted in imported(ast.parse(source))} & set(sources) - {name}
        for name, source in sources.items()
    }


def circle(sources: dict[str, str]) -> list[str]:
    """Modules that import each other in a ring; none where there is no such ring."""
    try:
        TopologicalSorter(import_graph(sources)).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_modules_import_each_other_in_a_ring():
    names = [name for name in modules() if name.startswith(APPS)]

    assert circle({module_name(name): (TOP / name).read_text() for name in names}) == []


def test_a_planted_ring_is_found():
    ring = {"booking.a": "from booking import b", "booking.b": "from booking.a import x"}

    assert set(circle(ring)) == {"booking.a", "booking.b"}


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_small_enough_to_find_a_room_at_a_glance(app):
    flat = [name for name in tracked() if re.fullmatch(rf"{app}/[^/]+\.py", name)]

    assert len(flat) <= MOST_MODULES
    assert len(FLOORS[app]) <= MOST_FLOORS
